package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.avro.Example;
import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.OffsetRange;
import io.millrace.avro.ValidationLoss;
import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.audit.VerificationResult;
import io.millrace.topology.startup.ClusterCheck;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Topics are deleted, made anew, thinned out or changed: what is read is known, and verify follows what was done on purpose. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class InputHistoryTest {
    private static Cluster cluster;
    private static AvroSerdes serdes;
    private static InputRuns runs;

    @BeforeAll
    static void start(Cluster shared) {
        cluster = shared;
        serdes = cluster.serdes();
        runs = new InputRuns(cluster);
    }

    @Test
    void shouldTakeMarksOfTransactionsForNothingLeftOut() throws Exception {
        MillraceConfig config = runs.config("marks");
        new ClusterCheck(config).prepare(serdes);
        for (int round = 0; round < 3; round++) {
            transactions(config, round * 100, round * 100 + 100);
            runs.learn(config, (round + 1) * 124L - 1);
        }
        assertThat(runs.causes(config)).containsExactly("start");
        UninterruptedRun.assertSame(cluster, config, serdes, 300, 1);
        assertThat(runs.verified(config)).contains("256 learned, 0 dead-lettered, 0 held out, ", " without a record");
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
        MillraceConfig config = runs.learned("retention", 1000, "snapshot.state.max.bytes", "1048576");
        cluster.sendExamples(config, serdes, 1000, 2000);
        runs.deleteBefore(config, 1800);
        runs.learn(config, 2000);

        ModelSnapshot newest = runs.newest(config);
        assertThat(newest.getVersion()).isEqualTo(1200 / 64 * 64);
        assertThat(newest.getMissing()).containsExactly(new OffsetRange(0, 1000L, 1800L));
        assertThat(cluster.reports(config).stream()
                        .mapToLong(ValidationLoss::getMissingOffsets)
                        .sum())
                .isEqualTo(800);
        assertThat(runs.verified(config)).contains("= the state that version 960 carries, and exactly offsets 1,800..");
    }

    @Test
    void shouldVerifyWhatWasLearnedFromATopicThatWasMadeAnew() throws Exception {
        MillraceConfig config = runs.learned("anew", 1000, "snapshot.state.max.bytes", "1048576");
        makeAnew(config);
        assertThat(runs.causes(config)).containsExactly("start", "topic");
        assertThat(runs.newest(config).getVersion()).isEqualTo(2500 / 64 * 64);
        assertThat(runs.verified(config))
                .contains(
                        "= the state that version 960 carries, and exactly offsets 0..1,495 of anew.examples (topic id ");
    }

    @Test
    void shouldSayWhichTopicCannotBeReadAgain() throws Exception {
        MillraceConfig config = runs.learned("stateless", 1000, "snapshot.state.max.bytes", "0");
        makeAnew(config);
        assertThat(runs.verify(config).sentences())
                .singleElement()
                .asString()
                .contains("it is made of offsets 0..999 of stateless.examples-0 with the topic id ")
                .contains(": that topic was deleted, and the topic that now has its name has the id ");
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
        runs.learn(config, examples);
    }

    @Test
    void shouldGoOnWhereATopicWasLeftOffWhenItComesBack() throws Exception {
        MillraceConfig config = runs.learned("first", 1000);
        MillraceConfig other = runs.config("first", "topics.examples", "other");
        new ClusterCheck(other).prepare(serdes);
        cluster.sendExamples(other, serdes, 3000, 3500);
        runs.learn(other, 500);
        cluster.sendExamples(config, serdes, 1000, 1200);
        runs.move(config, 0);
        runs.learn(config, 1200);
        assertThat(runs.newest(config).getVersion()).isEqualTo(1700 / 64 * 64);
        assertThat(runs.causes(config)).containsExactly("start", "topic", "topic");
        assertThat(runs.verified(config))
                .contains("exactly offsets 0..999 of first.examples (topic id ")
                .contains(", then 0..499 of first.other (topic id ")
                .contains(", then 1,000..");
    }

    @Test
    void shouldLeaveOutInAReplayWhatTheRegistryDidNotTell() throws Exception {
        MillraceConfig config = runs.learned("unknown", 500);
        int registered = LaterExample.register(serdes, "before");
        byte[] early = LaterExample.bytes(registered + 1, "after");
        LaterExample.send(config, early);
        LaterExample.send(config, early);
        cluster.sendExamples(config, serdes, 500, 700);
        runs.learn(config, 702);
        assertThat(LaterExample.register(serdes, "after")).isEqualTo(registered + 1);

        assertThat(runs.newest(config).getOmitted().getRanges()).containsExactly(new OffsetRange(0, 500L, 502L));
        assertThat(runs.verified(config)).contains("640 learned, 0 dead-lettered, 0 held out, 2 left out");
    }

    @ParameterizedTest
    @CsvSource({"1500", "500"})
    void shouldLearnATopicMadeAnewAfterAnUpgradeFromItsBeginning(int examples) throws Exception {
        MillraceConfig config = runs.learned("upgraded" + examples, 1000, "snapshot.state.max.bytes", "1048576");
        OlderCheckpoint.write(cluster, config, 0);
        makeAnew(config, examples);
        assertThat(runs.newest(config).getVersion()).isEqualTo((1000 + examples) / 64 * 64);
        assertThat(runs.causes(config)).containsExactly("start", "topic");
        assertThat(runs.verified(config)).contains("= the state that version ");
    }

    @Test
    void shouldVerifyATopicThatCameBackWithAGap() throws Exception {
        MillraceConfig config = runs.learned("gap", 1000, "snapshot.state.max.bytes", "1048576");
        MillraceConfig other = runs.config("gap", "topics.examples", "other");
        new ClusterCheck(other).prepare(serdes);
        cluster.sendExamples(other, serdes, 3000, 3500);
        runs.learn(other, 500);
        cluster.sendExamples(config, serdes, 1000, 1500);
        runs.deleteBefore(config, 1200);
        runs.learn(config, 1500);
        assertThat(runs.newest(config).getMissing()).containsExactly(new OffsetRange(2, 1000L, 1200L));
        assertThat(runs.verified(config)).contains("200 deleted before they were read");
    }

    @Test
    void shouldNotTakeADifferenceForProofWhereTheTopicIsCompacted() throws Exception {
        MillraceConfig config = runs.learned("compacted-input", 500);
        try (Admin admin = Admin.create(config.client())) {
            admin.createTopics(List.of(new NewTopic("compacted-input.copy", 1, (short) 1)
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
                producer.send(new ProducerRecord<>("compacted-input.copy", new byte[] {(byte) i}, Cluster.example(i)));
            }
        }
        VerificationResult result = runs.verify(runs.config("compacted-input", "topics.examples", "copy"));
        assertThat(result.equal()).isFalse();
        assertThat(result.sentences()).last().asString().contains("compacted-input.copy has cleanup.policy=compact");
    }
}
