package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.avro.Example;
import io.millrace.avro.InputStretch;
import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.OffsetRange;
import io.millrace.avro.ValidationLoss;
import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.MillraceStreams;
import io.millrace.topology.audit.Verification;
import io.millrace.topology.audit.VerificationResult;
import io.millrace.topology.cluster.ClusterNotReadyException;
import io.millrace.topology.startup.ClusterCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read is known: nothing is learned twice or left out without a word, and verify follows what was done on purpose. */
class InputHistoryTest {
    @TempDir
    static Path directory;

    private static Cluster cluster;
    private static AvroSerdes serdes;

    @BeforeAll
    static void start() {
        cluster = Cluster.start(directory);
        serdes = new AvroSerdes(Map.of("schema.registry.url", cluster.registry().url()));
    }

    @AfterAll
    static void stop() {
        serdes.close();
        cluster.close();
    }

    private static MillraceConfig config(String name, String... changes) {
        Map<String, String> settings = cluster.settings(
                name, "topics.prefix", name + ".", "snapshot.history", "10000", "validation.report.examples", "100");
        for (int i = 0; i < changes.length; i += 2) {
            settings.put(changes[i], changes[i + 1]);
        }
        return MillraceConfig.of(settings);
    }

    private static MillraceConfig learned(String name, int examples, String... changes) {
        MillraceConfig config = config(name, changes);
        new ClusterCheck(config).prepare(serdes);
        cluster.sendExamples(config, serdes, 0, examples);
        learn(config, examples);
        return config;
    }

    /** As `millrace run --role train` does. */
    private static void learn(MillraceConfig config, long untilOffset) {
        ClusterCheck.forTraining(config).prepare(serdes);
        try (KafkaStreams training = MillraceStreams.training(config, serdes)) {
            training.start();
            TopicPartition examples = new TopicPartition(config.topics().examples(), 0);
            Cluster.await("offset " + untilOffset, () -> committed(config, examples) >= untilOffset);
            MillraceStreams.stop(training, Duration.ofSeconds(20));
        }
    }

    private static long committed(MillraceConfig config, TopicPartition partition) {
        try (Admin admin = Admin.create(config.client())) {
            OffsetAndMetadata offset = admin.listConsumerGroupOffsets(
                            config.applicationId().training())
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .get(partition);
            return offset == null ? -1 : offset.offset();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void move(MillraceConfig config, long offset) throws Exception {
        try (Admin admin = Admin.create(config.client())) {
            admin.alterConsumerGroupOffsets(
                            config.applicationId().training(),
                            Map.of(new TopicPartition(config.topics().examples(), 0), new OffsetAndMetadata(offset)))
                    .all()
                    .get();
        }
    }

    private static String verified(MillraceConfig config) {
        VerificationResult verdict = verdict(config);
        assertThat(verdict.equal()).as(verdict.sentences().toString()).isTrue();
        return verdict.sentences().get(0);
    }

    private static VerificationResult verdict(MillraceConfig config) {
        try (AvroSerdes fresh = new AvroSerdes(config.registry());
                Verification verification = new Verification(config, fresh)) {
            return verification.verify(0, null);
        }
    }

    private static ModelSnapshot newest(MillraceConfig config) {
        return cluster.newest(config, serdes).get(0).head();
    }

    private static List<String> causes(MillraceConfig config) {
        return newest(config).getInputs().stream().map(InputStretch::getCause).toList();
    }

    @Test
    void shouldLearnNothingTwiceWhenTheOffsetWasMovedBack() throws Exception {
        MillraceConfig config = learned("back", 1000);
        move(config, 0);
        cluster.sendExamples(config, serdes, 1000, 1500);
        learn(config, 1500);
        UninterruptedRun.assertSame(cluster, config, serdes, 1500, 1);
        assertThat(verified(config)).contains("exactly offsets 0..1,471 (1,472 learned");
    }

    @Test
    void shouldLeaveNothingOutWhenTheOffsetWasMovedForwardOrBeyondTheEnd() throws Exception {
        MillraceConfig config = learned("forward", 1000);
        cluster.sendExamples(config, serdes, 1000, 1500);
        move(config, 1200);
        learn(config, 1500);
        UninterruptedRun.assertSame(cluster, config, serdes, 1500, 1);
        move(config, 50_000);
        cluster.sendExamples(config, serdes, 1500, 1600);
        learn(config, 1600);
        UninterruptedRun.assertSame(cluster, config, serdes, 1600, 1);
    }

    @Test
    void shouldFollowTheGroupWhenToldToAndSaySo() throws Exception {
        MillraceConfig config = learned("follow", 1000, "learn.from", "committed");
        move(config, 900);
        cluster.sendExamples(config, serdes, 1000, 1500);
        move(config, 100);
        learn(config, 1500);
        assertThat(causes(config)).containsExactly("start", "moved");
        assertThat(newest(config).getVersion()).isEqualTo(2400 / 64 * 64);
        assertThat(verified(config))
                .contains(
                        "exactly offsets 0..999 of follow.examples (topic id ",
                        "), then 100..1,467 of follow.examples (to where");

        cluster.sendExamples(config, serdes, 1500, 2000);
        move(config, 1700);
        learn(config, 2000);
        assertThat(causes(config)).containsExactly("start", "moved", "moved");
        assertThat(verified(config)).contains(", then 1,700..");
    }

    @Test
    void shouldTakeMarksOfTransactionsForNothingLeftOut() throws Exception {
        MillraceConfig config = config("marks");
        new ClusterCheck(config).prepare(serdes);
        for (int round = 0; round < 3; round++) {
            transactions(config, round * 100, round * 100 + 100);
            learn(config, (round + 1) * 124L - 1);
        }
        assertThat(causes(config)).containsExactly("start");
        UninterruptedRun.assertSame(cluster, config, serdes, 300, 1);
        assertThat(verified(config)).contains("256 learned, 0 dead-lettered, 0 held out, ", " without a record");
    }

    /** Two committed and two aborted ones. */
    private static void transactions(MillraceConfig config, int from, int to) {
        Map<String, Object> settings = config.client();
        settings.put("transactional.id", "producing");
        try (KafkaProducer<byte[], Example> producer = new KafkaProducer<>(
                settings,
                new ByteArraySerializer(),
                serdes.valueSerde(Example.class).serializer())) {
            producer.initTransactions();
            for (int i = from; i < to; i += 50) {
                send(producer, config, i, i + 50);
                producer.commitTransaction();
                send(producer, config, i, i + 10);
                producer.abortTransaction();
            }
        }
    }

    private static void send(KafkaProducer<byte[], Example> producer, MillraceConfig config, int from, int to) {
        producer.beginTransaction();
        for (int i = from; i < to; i++) {
            producer.send(
                    new ProducerRecord<>(config.topics().examples(), 0, 1_000_000L + i, null, Cluster.example(i)));
        }
        producer.flush();
    }

    @Test
    void shouldTellWhichOffsetsWereDeletedBeforeTheyWereRead() throws Exception {
        MillraceConfig config = learned("retention", 1000, "snapshot.state.max.bytes", "1048576");
        cluster.sendExamples(config, serdes, 1000, 2000);
        deleteBefore(config, 1800);
        learn(config, 2000);

        ModelSnapshot newest = newest(config);
        assertThat(newest.getVersion()).isEqualTo(1200 / 64 * 64);
        assertThat(newest.getMissing()).containsExactly(new OffsetRange(0, 1000L, 1800L));
        assertThat(cluster
                        .read(
                                config,
                                config.topics().validationLosses(),
                                serdes.valueSerde(ValidationLoss.class).deserializer())
                        .stream()
                        .mapToLong(report -> report.value().getMissingOffsets())
                        .sum())
                .isEqualTo(800);
        assertThat(verified(config)).contains("= the state that version 960 carries, and exactly offsets 1,800..");
    }

    private static void deleteBefore(MillraceConfig config, long offset) throws Exception {
        try (Admin admin = Admin.create(config.client())) {
            admin.deleteRecords(Map.of(
                            new TopicPartition(config.topics().examples(), 0), RecordsToDelete.beforeOffset(offset)))
                    .all()
                    .get();
        }
    }

    @Test
    void shouldVerifyWhatWasLearnedFromATopicThatWasMadeAnew() throws Exception {
        MillraceConfig config = learned("anew", 1000, "snapshot.state.max.bytes", "1048576");
        makeAnew(config);
        assertThat(causes(config)).containsExactly("start", "topic");
        assertThat(newest(config).getVersion()).isEqualTo(2500 / 64 * 64);
        assertThat(verified(config))
                .contains(
                        "= the state that version 960 carries, and exactly offsets 0..1,495 of anew.examples (topic id ");
    }

    @Test
    void shouldSayWhichTopicCannotBeReadAgain() throws Exception {
        MillraceConfig config = learned("stateless", 1000, "snapshot.state.max.bytes", "0");
        makeAnew(config);
        assertThat(verdict(config).sentences())
                .singleElement()
                .asString()
                .contains("it is made of offsets 0..999 of stateless.examples-0 with the topic id ")
                .contains(": that topic was deleted, and the one of its name has the id ");
    }

    private static void makeAnew(MillraceConfig config) throws Exception {
        makeAnew(config, 1500);
    }

    private static void makeAnew(MillraceConfig config, int examples) throws Exception {
        try (Admin admin = Admin.create(config.client())) {
            admin.deleteTopics(List.of(config.topics().examples())).all().get();
        }
        new ClusterCheck(config).prepare(serdes);
        cluster.sendExamples(config, serdes, 5000, 5000 + examples);
        learn(config, examples);
    }

    @Test
    void shouldGoOnWhereATopicWasLeftOffWhenItComesBack() throws Exception {
        MillraceConfig config = learned("first", 1000);
        MillraceConfig other = config("first", "topics.examples", "other");
        new ClusterCheck(other).prepare(serdes);
        cluster.sendExamples(other, serdes, 3000, 3500);
        learn(other, 500);
        cluster.sendExamples(config, serdes, 1000, 1200);
        move(config, 0);
        learn(config, 1200);
        assertThat(newest(config).getVersion()).isEqualTo(1700 / 64 * 64);
        assertThat(causes(config)).containsExactly("start", "topic", "topic");
        assertThat(verified(config))
                .contains("exactly offsets 0..999 of first.examples (topic id ")
                .contains(", then 0..499 of first.other (topic id ")
                .contains(", then 1,000..");
    }

    @Test
    void shouldLeaveOutInAReplayWhatTheRegistryDidNotTell() throws Exception {
        MillraceConfig config = learned("unknown", 500);
        int registered = LaterExample.register(serdes, "before");
        byte[] early = LaterExample.bytes(registered + 1, "after");
        LaterExample.send(config, early);
        LaterExample.send(config, early);
        cluster.sendExamples(config, serdes, 500, 700);
        learn(config, 702);
        assertThat(LaterExample.register(serdes, "after")).isEqualTo(registered + 1);

        assertThat(newest(config).getOmitted().getRanges()).containsExactly(new OffsetRange(0, 500L, 502L));
        assertThat(verified(config)).contains("640 learned, 0 dead-lettered, 0 held out, 2 left out");
    }

    @ParameterizedTest
    @CsvSource({"1500", "500"})
    void shouldLearnATopicMadeAnewAfterAnUpgradeFromItsBeginning(int examples) throws Exception {
        MillraceConfig config = learned("upgraded" + examples, 1000, "snapshot.state.max.bytes", "1048576");
        OlderCheckpoint.write(cluster, config, 0);
        makeAnew(config, examples);
        assertThat(newest(config).getVersion()).isEqualTo((1000 + examples) / 64 * 64);
        assertThat(causes(config)).containsExactly("start", "topic");
        assertThat(verified(config)).contains("= the state that version ");
    }

    @Test
    void shouldGoOnAfterAnUpgradeWhereverTheOffsetWasMoved() throws Exception {
        MillraceConfig config = learned("older", 1000);
        OlderCheckpoint.write(cluster, config, 0);
        move(config, 300);
        cluster.sendExamples(config, serdes, 1000, 1500);
        learn(config, 1500);
        UninterruptedRun.assertSame(cluster, config, serdes, 1500, 1);
        assertThat(verified(config)).contains("exactly offsets 0..1,471 (1,472 learned");
    }

    /** Whatever auto.offset.reset says: what is left is learned, and what is gone is told. */
    @ParameterizedTest
    @CsvSource({"latest", "none"})
    void shouldGoOnWithWhatIsLeftWhereverAConsumerWouldJump(String reset) throws Exception {
        MillraceConfig config = learned(
                "reset-" + reset,
                1000,
                "snapshot.state.max.bytes",
                "1048576",
                "main.consumer.auto.offset.reset",
                "earliest");
        MillraceConfig jumping = config("reset-" + reset, "main.consumer.auto.offset.reset", reset);
        cluster.sendExamples(config, serdes, 1000, 2000);
        deleteBefore(config, 1800);
        learn(jumping, 2000);
        assertThat(newest(config).getVersion()).isEqualTo(1200 / 64 * 64);
        assertThat(newest(config).getMissing()).containsExactly(new OffsetRange(0, 1000L, 1800L));
    }

    @Test
    void shouldVerifyATopicThatCameBackWithAGap() throws Exception {
        MillraceConfig config = learned("gap", 1000, "snapshot.state.max.bytes", "1048576");
        MillraceConfig other = config("gap", "topics.examples", "other");
        new ClusterCheck(other).prepare(serdes);
        cluster.sendExamples(other, serdes, 3000, 3500);
        learn(other, 500);
        cluster.sendExamples(config, serdes, 1000, 1500);
        deleteBefore(config, 1200);
        learn(config, 1500);
        assertThat(newest(config).getMissing()).containsExactly(new OffsetRange(2, 1000L, 1200L));
        assertThat(verified(config)).contains("200 deleted before they were read");
    }

    @Test
    void shouldRefuseAnOffsetThatIsNotThereEvenWhenToldToFollow() throws Exception {
        MillraceConfig config = learned("beyond", 500, "learn.from", "committed");
        move(config, 50_000);
        assertThatThrownBy(() -> ClusterCheck.forTraining(config).prepare(serdes))
                .isInstanceOf(ClusterNotReadyException.class)
                .hasMessageContaining("The offset of beyond-train for beyond.examples-0 is 50000")
                .hasMessageContaining("ends before offset 500");
        move(config, 500);
        cluster.sendExamples(config, serdes, 500, 600);
        learn(config, 600);
        assertThat(causes(config)).containsExactly("start");
    }

    @Test
    void shouldNotTakeADifferenceForProofWhereTheTopicIsCompacted() throws Exception {
        MillraceConfig config = learned("compacted", 500);
        try (Admin admin = Admin.create(config.client())) {
            admin.createTopics(List.of(new NewTopic("compacted.copy", 1, (short) 1)
                            .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT))))
                    .all()
                    .get();
        }
        Map<String, Object> settings = config.client();
        try (KafkaProducer<byte[], Example> producer = new KafkaProducer<>(
                settings,
                new ByteArraySerializer(),
                serdes.valueSerde(Example.class).serializer())) {
            for (int i = 100; i < 600; i++) {
                producer.send(new ProducerRecord<>("compacted.copy", new byte[] {(byte) i}, Cluster.example(i)));
            }
        }
        VerificationResult verdict = verdict(config("compacted", "topics.examples", "copy"));
        assertThat(verdict.equal()).isFalse();
        assertThat(verdict.sentences()).last().asString().contains("compacted.copy has cleanup.policy=compact");
    }
}
