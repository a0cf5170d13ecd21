package io.millrace.topology.startup;

import io.millrace.config.LearnScope;
import io.millrace.config.MillraceConfig;
import io.millrace.topology.cluster.ClusterNotReadyException;
import io.millrace.topology.cluster.ConsumerGroups;
import io.millrace.topology.history.BrokerExamplesTopic;
import io.millrace.topology.intake.CopyMark;
import io.millrace.topology.training.LearnerStore;
import io.millrace.topology.training.MiniBatches;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether training reads the examples or the learning log. What was learned before has a say: replicas of partitions cannot become
 * one model, nor the other way round. If one model begins to read the log, or replicas are discarded, the new reader begins where the old
 * one stopped: no record is learned twice or left out.
 */
final class LearningScope {
    private static final Logger LOG = LoggerFactory.getLogger(LearningScope.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long RETRY_MS = 200;

    private final MillraceConfig config;
    private final Map<String, Object> client;
    private final Admin admin;
    private final String examples;
    private final String log;
    private final String training;
    private final String intake;
    private final String learners;
    private final String miniBatches;

    /** @param client settings of training's clients */
    LearningScope(MillraceConfig config, Map<String, Object> client, Admin admin) {
        this.config = config;
        this.client = client;
        this.admin = admin;
        examples = config.topics().examples();
        log = config.topics().learningLog();
        training = config.applicationId().training();
        intake = config.applicationId().intake();
        learners = config.applicationId().changelog(LearnerStore.NAME);
        miniBatches = config.applicationId().changelog(MiniBatches.NAME);
    }

    boolean hasSeveralPartitions() throws InterruptedException, ExecutionException {
        return partitions(examples) > 1;
    }

    /**
     * @return the configuration with the decision
     * @throws ClusterNotReadyException when the configured scope does not fit what was learned
     */
    MillraceConfig decide() throws InterruptedException, ExecutionException, TimeoutException {
        int learned = partitions(learners);
        boolean several = hasSeveralPartitions();
        boolean foreign = several && learned <= 1 && holdsOtherRecords(learned);
        boolean logged = learned <= 1
                && !foreign
                && (several ? exists(log) : !committed(training, log).isEmpty());
        boolean replicated = learned > 1 || learned == 0 && !logged && several && hasReadSeveral();
        if (config.learnScope() == LearnScope.PARTITION) {
            if (logged) {
                toReplicas();
            }
            return config;
        }
        if (!several && !logged) {
            return config;
        }
        if (replicated && !config.namesLearnScope()) {
            LOG.warn(
                    "{} has learned a replica of the model for each partition of {}, and continues so (learn.scope=partition). To"
                            + " learn one model from all partitions instead, which begins anew, set learn.scope=stream and"
                            + " model.reset=true",
                    training,
                    examples);
            return config.learningByPartition();
        }
        if (replicated) {
            requireReset(
                    training + " has learned a replica of the model for each partition of " + examples
                            + ", and replicas cannot become one model",
                    "partition");
        }
        if (foreign) {
            throw new ClusterNotReadyException(
                    "The topic " + log + " holds records that another application has copied: " + intake
                            + " would mix its own with them. Set another topics.learning.log.",
                    null);
        }
        new RequiredTopics(config, admin, List.of(log)).create();
        if (replicated) {
            toLog();
        } else if (committed(intake, examples).isEmpty()) {
            goOnInLog(learned);
        }
        return config.learningFromLog();
    }

    /** Whether the log holds records, and nothing shows that this application has copied or learned them. */
    private boolean holdsOtherRecords(int learned) throws InterruptedException, ExecutionException {
        if (!exists(log)
                || !committed(intake, examples).isEmpty()
                || !committed(training, log).isEmpty()
                || learned > 0 && committed(training, examples).isEmpty()) { // the brokers may have forgotten the group
            return false;
        }
        TopicPartition only = new TopicPartition(log, 0);
        return admin.listOffsets(Map.of(only, OffsetSpec.latest()))
                        .partitionResult(only)
                        .get()
                        .offset()
                > 0;
    }

    /** Whether training has committed offsets of more than the first partition. */
    private boolean hasReadSeveral() throws InterruptedException, ExecutionException {
        return committed(training, examples).keySet().stream().anyMatch(partition -> partition.partition() > 0);
    }

    private void requireReset(String what, String other) {
        if (!config.resetsModel()) {
            throw new ClusterNotReadyException(
                    what + ". Set learn.scope=" + other
                            + " to continue with what was learned, or set model.reset=true to"
                            + " discard it and begin anew, or start another application.id.",
                    null);
        }
    }

    /** One model, which has learned the only partition or nothing yet, continues in the log. */
    private void goOnInLog(int learned) throws InterruptedException, ExecutionException, TimeoutException {
        if (learned == 0) {
            return;
        }
        awaitEmpty(training);
        restore();
        Map<TopicPartition, OffsetAndMetadata> from = committed(training, examples);
        if (from.isEmpty()) {
            return;
        }
        LOG.warn("{} has several partitions now: {} continues with the learning log {}", examples, training, log);
        commit(intake, from, mark());
    }

    private void toLog() throws InterruptedException, ExecutionException, TimeoutException {
        awaitEmpty(training);
        LOG.warn("Discarding the replicas of {}, because model.reset=true", training);
        restore();
        commit(intake, committed(training, examples), mark());
        deleteState();
    }

    private void toReplicas() throws InterruptedException, ExecutionException, TimeoutException {
        requireReset(
                training + " has learned one model from all partitions of " + examples
                        + ", and one model cannot become replicas",
                "stream");
        awaitEmpty(training);
        awaitEmpty(intake);
        LOG.warn("Discarding the model of {}, because model.reset=true", training);
        commit(training, committed(intake, examples), offset -> new OffsetAndMetadata(offset.offset()));
        deleteState();
    }

    /** Corrects the offsets of training's group. */
    private void restore() throws InterruptedException, ExecutionException {
        if (exists(learners)) {
            new ResumeOffsets(config, client, admin, training, learners).restore();
        }
    }

    private UnaryOperator<OffsetAndMetadata> mark() throws InterruptedException, ExecutionException {
        CopyMark mark = new CopyMark(BrokerExamplesTopic.id(admin, examples), BrokerExamplesTopic.id(admin, log));
        return offset -> mark.at(offset.offset());
    }

    private Map<TopicPartition, OffsetAndMetadata> committed(String group, String topic)
            throws InterruptedException, ExecutionException {
        Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
        admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get()
                .forEach((partition, offset) -> {
                    if (offset != null && partition.topic().equals(topic)) {
                        committed.put(partition, offset);
                    }
                });
        return committed;
    }

    private void commit(
            String group, Map<TopicPartition, OffsetAndMetadata> offsets, UnaryOperator<OffsetAndMetadata> marked)
            throws InterruptedException, ExecutionException {
        Map<TopicPartition, OffsetAndMetadata> all = new HashMap<>(offsets);
        all.replaceAll((partition, offset) -> marked.apply(offset));
        if (all.isEmpty()) {
            return;
        }
        try {
            admin.alterConsumerGroupOffsets(group, all).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof GroupNotEmptyException || e.getCause() instanceof UnknownMemberIdException)) {
                throw e; // else another instance runs, and has done this
            }
        }
    }

    /** Waits until other instances have stopped: what they learn meanwhile would be learned a second time. */
    private void awaitEmpty(String group) throws InterruptedException, ExecutionException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (ConsumerGroups.hasMembers(admin, group)) {
            if (System.nanoTime() > deadline) {
                throw new ClusterNotReadyException(
                        "Other instances of " + group
                                + " still learn in another way (learn.scope): stop them, and start" + " again.",
                        null);
            }
            Thread.sleep(RETRY_MS);
        }
    }

    /** Deletes the changelogs. That of the learners comes last: as long as it exists, a start after a crash does all this again. */
    private void deleteState() throws InterruptedException, ExecutionException, TimeoutException {
        for (String changelog : List.of(miniBatches, learners)) {
            try {
                admin.deleteTopics(Set.of(changelog)).all().get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof AuthorizationException) {
                    throw new ClusterNotReadyException(
                            "The Kafka user lacks the right Delete on the topic " + changelog
                                    + ", whose state is to be discarded. Grant it (docs/security.md), or delete the topics "
                                    + miniBatches + " and " + learners + " yourself, in this order.",
                            e);
                }
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
            }
            while (exists(changelog)) {
                Thread.sleep(RETRY_MS);
            }
        }
    }

    /** Number of partitions; 0 when the topic does not exist. */
    private int partitions(String topic) throws InterruptedException, ExecutionException {
        try {
            return admin.describeTopics(Set.of(topic))
                    .allTopicNames()
                    .get()
                    .get(topic)
                    .partitions()
                    .size();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return 0;
            }
            throw e;
        }
    }

    /** Whether a topic exists, as far as the user may know. One that never used the log needs no right on it. */
    private boolean exists(String topic) throws InterruptedException, ExecutionException {
        try {
            return partitions(topic) > 0;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException) {
                return false;
            }
            throw e;
        }
    }
}
