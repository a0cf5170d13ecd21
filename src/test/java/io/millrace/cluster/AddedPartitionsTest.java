package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.MillraceStreams;
import io.millrace.topology.audit.Verification;
import io.millrace.topology.cluster.ClusterNotReadyException;
import io.millrace.topology.startup.ClusterCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Partitions are added to the topics that are read, while the applications run and while they do not. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class AddedPartitionsTest {
    private static final String[] QUICK = {
        "learn.scope",
        "partition",
        "main.consumer.metadata.max.age.ms",
        "500",
        "snapshot.history",
        "10000",
        "validation.report.examples",
        "64"
    };

    @TempDir
    static Path directory;

    private static Cluster cluster;
    private static AvroSerdes serdes;

    @BeforeAll
    static void startCluster(Cluster shared) {
        cluster = shared;
        serdes = cluster.serdes();
    }

    private static MillraceConfig config(String application, String stateDirectory) {
        Map<String, String> settings = cluster.settings(application, QUICK);
        settings.put("state.dir", directory.resolve(stateDirectory).toString());
        return MillraceConfig.of(settings);
    }

    private static void add(MillraceConfig config, String topic, int partitions) throws Exception {
        try (Admin admin = Admin.create(config.client())) {
            admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions)))
                    .all()
                    .get();
            Cluster.await("partitions", () -> partitions(admin, topic) == partitions);
        }
    }

    private static int partitions(Admin admin, String topic) {
        try {
            return admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get()
                    .get(topic)
                    .partitions()
                    .size();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Sends so many more examples, one partition after the other in turn. */
    private static void send(MillraceConfig config, List<List<Integer>> sent, int from, int to) {
        cluster.sendExamples(config, serdes, from, to);
        for (int i = from; i < to; i++) {
            sent.get(i % sent.size()).add(i);
        }
    }

    private static void stop(KafkaStreams application) {
        MillraceStreams.stop(application, Duration.ofSeconds(20));
    }

    @Test
    void shouldLearnFromPartitionsThatAreAddedWhileItRunsAndWhileItDoesNot() throws Exception {
        MillraceConfig config = config("grown", "one");
        ClusterCheck.forTraining(config).prepare(serdes);
        List<List<Integer>> sent = new ArrayList<>(List.of(new ArrayList<>()));
        try (KafkaStreams one = MillraceStreams.training(config, serdes);
                KafkaStreams other = MillraceStreams.training(config("grown", "other"), serdes)) {
            one.start();
            other.start();
            send(config, sent, 0, 500);
            cluster.awaitCommitted(config, 500);
            add(config, config.topics().examples(), 2);
            sent.add(new ArrayList<>());
            send(config, sent, 500, 1500);
            cluster.awaitCommitted(config, 1500);
            assertThat(List.of(one.state(), other.state())).containsOnly(KafkaStreams.State.RUNNING);
            stop(other);
            stop(one);
        }
        UninterruptedRun.assertSame(cluster, config, serdes, sent, Set.of());

        add(config, config.topics().examples(), 4);
        sent.addAll(List.of(new ArrayList<>(), new ArrayList<>()));
        send(config, sent, 1500, 2500);
        ClusterCheck.forTraining(config).prepare(serdes);
        try (Admin admin = Admin.create(config.client())) {
            assertThat(partitions(admin, "grown-train-learner-changelog")).isEqualTo(4);
            assertThat(partitions(admin, "grown-train-mini-batches-changelog")).isEqualTo(4);
        }
        try (KafkaStreams again = MillraceStreams.training(config, serdes)) {
            again.start();
            cluster.awaitCommitted(config, 2500);
            stop(again);
        }
        UninterruptedRun.assertSame(cluster, config, serdes, sent, Set.of());
        try (Verification verification = new Verification(config, serdes)) {
            for (int partition = 0; partition < 4; partition++) {
                assertThat(verification.verify(partition, null).equal())
                        .as("partition %s", partition)
                        .isTrue();
            }
        }
    }

    @Test
    void shouldSayThatTheExamplesWereMadeAnewWithFewerPartitions() throws Exception {
        MillraceConfig config = config("shrunk", "shrunk");
        try (Admin admin = Admin.create(config.client())) {
            ClusterCheck.forTraining(config).prepare(serdes);
            add(config, config.topics().examples(), 2);
            try (KafkaStreams training = MillraceStreams.training(config, serdes)) {
                training.start();
                cluster.sendExamples(config, serdes, 0, 100);
                cluster.awaitCommitted(config, 100);
                stop(training);
            }
            admin.deleteTopics(List.of(config.topics().examples())).all().get();
        }
        assertThatThrownBy(() -> ClusterCheck.forTraining(config).prepare(serdes))
                .isInstanceOf(ClusterNotReadyException.class)
                .hasMessageContaining("shrunk.examples has 1 partitions, but 2 have been learned")
                .hasMessageContaining("until it has 2");
    }

    @Test
    void shouldAnswerRequestsInPartitionsThatAreAddedWhileItRuns() throws Exception {
        MillraceConfig config = config("asked", "asked");
        ClusterCheck.forServing(config).prepare(serdes);
        try (KafkaStreams serving = MillraceStreams.serving(config, serdes)) {
            serving.start();
            add(config, config.topics().features(), 2);
            try (KafkaProducer<byte[], byte[]> producer =
                    new KafkaProducer<>(config.client(), new ByteArraySerializer(), new ByteArraySerializer())) {
                for (int partition = 0; partition < 2; partition++) {
                    producer.send(new ProducerRecord<>(config.topics().features(), partition, null, new byte[] {1}))
                            .get();
                }
            }
            Cluster.await(
                    "two answers",
                    () -> cluster.read(config, config.topics().predictions(), new ByteArrayDeserializer())
                                    .size()
                            == 2);
            stop(serving);
        }
    }
}
