package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.Application;
import io.millrace.topology.audit.SourceCheck;
import io.millrace.topology.audit.Verification;
import io.millrace.topology.audit.VerificationResult;
import io.millrace.topology.record.Source;
import io.millrace.topology.startup.ClusterCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Applications that learn one model from several partitions, as {@code millrace run --role train} does. */
final class OneModelRuns {
    private static final Duration STOP = Duration.ofSeconds(20);

    private final Cluster cluster;
    private final AvroSerdes serdes;

    OneModelRuns(Cluster cluster) {
        this.cluster = cluster;
        serdes = cluster.serdes();
    }

    /** An application with so many partitions of the examples, whose topics exist. */
    MillraceConfig config(String name, int partitions, String... changes) {
        List<String> all = new ArrayList<>(List.of(
                "topics.partitions",
                String.valueOf(partitions),
                "snapshot.history",
                "10000",
                "validation.report.examples",
                "64"));
        all.addAll(List.of(changes));
        MillraceConfig config = MillraceConfig.of(cluster.settings(name, all.toArray(String[]::new)));
        ClusterCheck.forTraining(config).prepareTopics(serdes);
        return config;
    }

    /** What {@code run} decides, with its checks. */
    MillraceConfig scoped(MillraceConfig config) {
        MillraceConfig scoped = ClusterCheck.forTraining(config).scoped();
        ClusterCheck.forTraining(scoped).prepareLearning(serdes);
        return scoped;
    }

    Application started(MillraceConfig config) {
        Application application = Application.training(scoped(config), serdes);
        application.start();
        return application;
    }

    void stop(Application application) {
        assertThat(application.stop(STOP)).isTrue();
    }

    /** Learns until the log holds so many records, and all of them are learned. */
    void learn(MillraceConfig config, int records) {
        Application application = started(config);
        awaitLearned(config, records);
        stop(application);
    }

    void awaitLearned(MillraceConfig config, int records) {
        Cluster.await(records + " records in the log", () -> log(config).size() >= records);
        List<ConsumerRecord<byte[], byte[]>> log = log(config);
        assertThat(log).hasSize(records);
        cluster.awaitCommitted(config.learningFromLog(), log.get(records - 1).offset() + 1);
    }

    List<ConsumerRecord<byte[], byte[]>> log(MillraceConfig config) {
        return cluster.read(config, config.topics().learningLog(), new ByteArrayDeserializer());
    }

    void send(MillraceConfig config, int from, int to) {
        cluster.sendExamples(config, serdes, from, to);
    }

    /** Numbers of the examples in the log, in its order. */
    List<Integer> numbers(MillraceConfig config) {
        return log(config).stream()
                .map(record -> (int) (Source.of(record.headers()).timestamp() - 1_000_000))
                .toList();
    }

    /** Asserts that each example was learned once, in the order of the log, whatever happened. */
    void assertLearnedOnce(MillraceConfig config, int examples) {
        List<Integer> numbers = numbers(config);
        assertThat(numbers.stream().sorted())
                .containsExactlyElementsOf(IntStream.range(0, examples).boxed().toList());
        UninterruptedRun.assertSame(cluster, config, serdes, List.of(numbers), Set.of());
        assertThat(verify(config).sentences()).hasSize(1);
        assertThat(sources(config).equal()).as(sources(config).toString()).isTrue();
    }

    void assertInOrderOfTime(MillraceConfig config, int examples) {
        assertThat(numbers(config))
                .containsExactlyElementsOf(IntStream.range(0, examples).boxed().toList());
    }

    VerificationResult verify(MillraceConfig config) {
        try (AvroSerdes fresh = new AvroSerdes(config.registry());
                Verification verification = new Verification(config, fresh)) {
            VerificationResult result = verification.verify(0, null);
            assertThat(result.equal()).as(result.sentences().toString()).isTrue();
            return result;
        }
    }

    VerificationResult sources(MillraceConfig config) {
        try (SourceCheck check = new SourceCheck(config)) {
            return check.check();
        }
    }

    void addPartitions(MillraceConfig config, int partitions) throws Exception {
        try (Admin admin = Admin.create(config.client())) {
            admin.createPartitions(Map.of(config.topics().examples(), NewPartitions.increaseTo(partitions)))
                    .all()
                    .get();
        }
        Cluster.await("partitions", () -> partitions(config, config.topics().examples()) == partitions);
    }

    static int partitions(MillraceConfig config, String topic) {
        try (Admin admin = Admin.create(config.client())) {
            return admin.describeTopics(Set.of(topic))
                    .allTopicNames()
                    .get()
                    .get(topic)
                    .partitions()
                    .size();
        } catch (InterruptedException | ExecutionException e) {
            return 0;
        }
    }

    void deleteBefore(MillraceConfig config, int partition, long offset) throws Exception {
        try (Admin admin = Admin.create(config.client())) {
            admin.deleteRecords(Map.of(
                            new TopicPartition(config.topics().examples(), partition),
                            RecordsToDelete.beforeOffset(offset)))
                    .all()
                    .get();
        }
    }

    void moveIntake(MillraceConfig config, int partition, long offset) throws Exception {
        try (Admin admin = Admin.create(config.client())) {
            admin.alterConsumerGroupOffsets(
                            config.applicationId().intake(),
                            Map.of(
                                    new TopicPartition(config.topics().examples(), partition),
                                    new OffsetAndMetadata(offset)))
                    .all()
                    .get();
        }
    }

    void forgetIntake(MillraceConfig config) throws Exception {
        try (Admin admin = Admin.create(config.client())) {
            admin.deleteConsumerGroups(Set.of(config.applicationId().intake()))
                    .all()
                    .get();
        }
    }

    void recreateExamples(MillraceConfig config) throws Exception {
        try (Admin admin = Admin.create(config.client())) {
            admin.deleteTopics(Set.of(config.topics().examples())).all().get();
        }
        Cluster.await("the deletion", () -> partitions(config, config.topics().examples()) == 0);
        ClusterCheck.forTraining(config).prepareTopics(serdes);
    }
}
