package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.MillraceStreams;
import io.millrace.topology.audit.Verification;
import io.millrace.topology.audit.VerificationResult;
import io.millrace.topology.cluster.ClusterNotReadyException;
import io.millrace.topology.snapshot.SnapshotTopic;
import io.millrace.topology.snapshot.StoredSnapshot;
import io.millrace.topology.startup.ClusterCheck;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What was learned before a start is neither overwritten nor learned again. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class StartupStateCheckTest {
    private static Cluster cluster;
    private static AvroSerdes serdes;
    private static int tests;

    private String name; // of what is this test's own
    private MillraceConfig config;

    @BeforeAll
    static void start(Cluster shared) {
        cluster = shared;
        serdes = cluster.serdes();
    }

    @BeforeEach
    void learn() {
        name = "past" + ++tests;
        config = config(name);
        new ClusterCheck(config).prepare(serdes);
        cluster.sendExamples(config, serdes, 0, 1000);
        learn(config, 1000);
    }

    private MillraceConfig config(String application, String... changes) {
        Map<String, String> settings =
                cluster.settings(application, "topics.prefix", name + ".", "snapshot.history", "10000");
        for (int i = 0; i < changes.length; i += 2) {
            settings.put(changes[i], changes[i + 1]);
        }
        return MillraceConfig.of(settings);
    }

    /** As `millrace run --role train` does. */
    private void learn(MillraceConfig config, int examples) {
        ClusterCheck.forTraining(config).prepare(serdes);
        try (KafkaStreams training = MillraceStreams.training(config, serdes)) {
            training.start();
            cluster.awaitCommitted(config, examples);
            MillraceStreams.stop(training, Duration.ofSeconds(20));
        }
    }

    private List<Long> versions() {
        try (SnapshotTopic topic = new SnapshotTopic(config, serdes)) {
            return topic.versions().stream().map(StoredSnapshot::version).toList();
        }
    }

    /** Learns everything again: the newest version is bit by bit what its offsets give. What is returned names them. */
    private static String proved(MillraceConfig config) {
        try (Verification verification = new Verification(config, serdes)) {
            VerificationResult result = verification.verify(0, null);
            assertThat(result.equal()).as("%s", result.sentences()).isTrue();
            return result.sentences().get(0);
        }
    }

    @Test
    void shouldRefuseAnotherArchitectureAndLeaveWhatWasLearned() {
        MillraceConfig other = config(name, "model.hidden", "8");
        try (KafkaStreams training = MillraceStreams.training(other, serdes)) {
            training.start();
            Cluster.await("a stop", () -> training.state() == KafkaStreams.State.ERROR);
        }
        cluster.sendExamples(config, serdes, 1000, 1500);
        learn(config, 1500);
        UninterruptedRun.assertSame(cluster, config, serdes, 1500, 1);
    }

    @Test
    void shouldBeginAnewOnceWithAnotherArchitectureWhenToldTo() {
        List<Long> former = versions();
        MillraceConfig other = config(name, "model.hidden", "8", "model.reset", "true");
        cluster.sendExamples(config, serdes, 1000, 1500);
        learn(other, 1500);
        assertThat(former).contains(960L);
        assertThat(versions()).isNotEmpty().last().isEqualTo(500L / 64 * 64);
        cluster.sendExamples(config, serdes, 1500, 2000);
        learn(other, 2000); // model.reset=true still, and nothing to forget
        assertThat(versions()).last().isEqualTo(1000L / 64 * 64);
        assertThat(proved(other)).contains("version 960 = exactly offsets 1,000..1,959");
    }

    @Test
    void shouldRefuseToOverwriteTheModelOfAnotherApplication() {
        MillraceConfig other = config("other-" + name);
        assertThatThrownBy(() -> ClusterCheck.forTraining(other).prepare(serdes))
                .isInstanceOf(ClusterNotReadyException.class)
                .hasMessageContaining("holds versions of the model model that another application has learned")
                .hasMessageContaining("model.reset=true");
        ClusterCheck.forTraining(config("other-" + name, "model.name", "another"))
                .prepare(serdes);
        assertThat(proved(config)).contains("version 960 = exactly offsets 0..959");
    }

    @Test
    void shouldReplaceTheModelOfAnotherApplicationWhenToldTo() {
        MillraceConfig other = config("other-" + name, "model.reset", "true", "model.hidden", "4");
        learn(other, 1000);
        assertThat(new SnapshotTopic(config, serdes).versions())
                .isNotEmpty()
                .allSatisfy(stored -> assertThat(
                                stored.head().getSpec().getLayers().get(0).getUnits())
                        .isEqualTo(4));
        assertThat(proved(other)).contains("version 960 = exactly offsets 0..959");
        cluster.sendExamples(config, serdes, 1000, 1100);
        learn(other, 1100); // it is its own now
        assertThat(proved(other)).contains("version 1088 = exactly offsets 0..1,087");
    }

    @Test
    void shouldLearnAnotherTopicFromItsBeginning() {
        MillraceConfig other = config(name, "topics.examples", "other-examples");
        ClusterCheck.forTraining(other).prepare(serdes);
        cluster.sendExamples(other, serdes, 0, 1500);
        try (KafkaStreams training = MillraceStreams.training(other, serdes)) {
            training.start();
            Cluster.await("the examples of both topics", () -> versions().contains(2500L / 64 * 64));
            MillraceStreams.stop(training, Duration.ofSeconds(20));
        }
        assertThat(proved(other))
                .contains("version 2496 = exactly offsets 0..999 of " + name + ".examples")
                .contains("then 0..1,495 of " + name + ".other-examples");
    }

    @Test
    void shouldLearnATopicThatWasMadeAnewFromItsBeginning() throws Exception {
        try (Admin admin = Admin.create(config.client())) {
            admin.deleteTopics(List.of(config.topics().examples())).all().get();
        }
        new ClusterCheck(config).prepare(serdes);
        cluster.sendExamples(config, serdes, 5000, 6500); // more than there were, and others
        learn(config, 1500);
        assertThat(versions()).last().isEqualTo(2500L / 64 * 64);
        assertThat(proved(config))
                .startsWith("version 2496 = the state that version 960 carries, and exactly offsets 0..1,495 of ");
    }

    @Test
    void shouldNotLearnAModelOfAnotherNameInThePlaceOfItsOwn() {
        MillraceConfig renamed = config(name, "model.name", "renamed", "model.reset", "true");
        try (KafkaStreams training = MillraceStreams.training(renamed, serdes)) {
            training.start();
            Cluster.await("a stop", () -> training.state() == KafkaStreams.State.ERROR);
        }
        assertThat(proved(config)).contains("version 960 = exactly offsets 0..959");
    }

    @Test
    void shouldPassOverWhatStrangersWriteIntoTheSnapshots() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config.client(), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(config.topics().modelSnapshots(), "hello".getBytes(), new byte[] {1}))
                    .get();
        }
        ClusterCheck.forTraining(config("other-" + name, "model.name", "another"))
                .prepare(serdes);
        assertThat(proved(config)).contains("version 960 = exactly offsets 0..959");
    }

    @Test
    void shouldLearnNothingTwiceWhenTheBrokersHaveForgottenItsOffsets() throws Exception {
        try (Admin admin = Admin.create(config.client())) {
            admin.deleteConsumerGroups(List.of(name + "-train")).all().get();
        }
        cluster.sendExamples(config, serdes, 1000, 1500);
        learn(config, 1500);
        UninterruptedRun.assertSame(cluster, config, serdes, 1500, 1);
    }

    @Test
    void shouldNotGoOnWithoutTheExamplesOfTheOpenMiniBatch() throws Exception {
        try (Admin admin = Admin.create(config.client())) {
            admin.deleteTopics(List.of(name + "-train-mini-batches-changelog"))
                    .all()
                    .get();
        }
        cluster.sendExamples(config, serdes, 1000, 1500);
        ClusterCheck.forTraining(config).prepare(serdes);
        try (KafkaStreams training = MillraceStreams.training(config, serdes)) {
            training.start();
            Cluster.await("a stop", () -> training.state() == KafkaStreams.State.ERROR);
        }
        assertThat(proved(config)).contains("version 960 = exactly offsets 0..959");
    }
}
