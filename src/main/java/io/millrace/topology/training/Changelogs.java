package io.millrace.topology.training;

import io.millrace.config.MillraceConfig;
import io.millrace.topology.cluster.ClusterNotReadyException;
import io.millrace.topology.cluster.NewTopics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the number of partitions of the changelogs equal to that of the examples. Kafka Streams creates the changelogs with this number,
 * but never adds partitions. Instead it stops and advises to reset the application, which would lose the model.
 */
public final class Changelogs {
    private static final Logger LOG = LoggerFactory.getLogger(Changelogs.class);

    private final Admin admin;
    private final String examples;
    private final List<String> names;

    public Changelogs(MillraceConfig config, Admin admin) {
        this.admin = admin;
        examples = config.topics().learned();
        names = List.of(
                config.applicationId().changelog(LearnerStore.NAME),
                config.applicationId().changelog(MiniBatches.NAME));
    }

    /**
     * Recognises the fault of a thread that found changelogs with another number of partitions. Kafka Streams has no type for it.
     *
     * @param fault any fault; its causes are searched too
     * @return whether it is this fault
     */
    public static boolean mismatch(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (String.valueOf(cause.getMessage()).contains("-changelog has invalid partitions")) {
                return true;
            }
        }
        return false;
    }

    /**
     * Adds missing partitions, and waits for their leaders. Existing partitions do not change.
     *
     * @throws ClusterNotReadyException when the user may not add partitions, or the examples have fewer than have been learned
     */
    public void follow() throws InterruptedException, ExecutionException, TimeoutException {
        int wanted = admin.describeTopics(List.of(examples))
                .allTopicNames()
                .get()
                .get(examples)
                .partitions()
                .size();
        Map<TopicPartition, OffsetSpec> added = new HashMap<>();
        for (Map.Entry<String, KafkaFuture<TopicDescription>> asked :
                admin.describeTopics(names).topicNameValues().entrySet()) {
            int now = partitions(asked.getValue());
            if (now > wanted) {
                throw new ClusterNotReadyException(
                        "The topic " + examples + " has " + wanted + " partitions, but " + now
                                + " have been learned (" + asked.getKey() + "): it was recreated with fewer. Add"
                                + " partitions until it has " + now
                                + ", or start over with another application.id.",
                        null);
            }
            if (now > 0 && now < wanted) {
                LOG.warn(
                        "The topic {} now has {} partitions: {}, which has {}, gets the same number",
                        examples,
                        wanted,
                        asked.getKey(),
                        now);
                add(asked.getKey(), wanted);
                IntStream.range(now, wanted)
                        .forEach(partition ->
                                added.put(new TopicPartition(asked.getKey(), partition), OffsetSpec.latest()));
            }
        }
        if (!added.isEmpty()) {
            NewTopics.awaitLeaders(admin, added);
        }
    }

    /** @return number of partitions; 0 before the first start */
    private static int partitions(KafkaFuture<TopicDescription> asked) throws InterruptedException, ExecutionException {
        try {
            return asked.get().partitions().size();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return 0;
            }
            throw e;
        }
    }

    private void add(String changelog, int wanted) throws InterruptedException, ExecutionException {
        try {
            admin.createPartitions(Map.of(changelog, NewPartitions.increaseTo(wanted)))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException) {
                throw new ClusterNotReadyException(
                        "The topic " + examples + " has " + wanted + " partitions, and the Kafka user lacks the right"
                                + " Alter on the topic " + changelog + " to give it the same number. Grant it"
                                + " (docs/security.md), correct sasl.jaas.config, or add them: kafka-topics.sh --alter"
                                + " --topic " + changelog + " --partitions " + wanted + ".",
                        e);
            }
            if (!(e.getCause() instanceof InvalidPartitionsException)) { // else another instance added them first
                throw e;
            }
        }
    }
}
