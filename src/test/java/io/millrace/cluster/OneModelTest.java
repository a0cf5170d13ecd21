package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.avro.Example;
import io.millrace.avro.ValidationLoss;
import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.records.FloatVector;
import io.millrace.topology.Application;
import io.millrace.topology.MillraceStreams;
import io.millrace.topology.record.DeadLetterInfo;
import io.millrace.topology.startup.ClusterCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One model learns from several partitions. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class OneModelTest {
    private static Cluster cluster;
    private static AvroSerdes serdes;
    private static OneModelRuns runs;

    @BeforeAll
    static void startCluster(Cluster shared) {
        cluster = shared;
        serdes = cluster.serdes();
        runs = new OneModelRuns(cluster);
    }

    @Test
    void shouldLearnTheHistoryOfFourPartitionsWithTheBitsOfOnePartition() {
        MillraceConfig config = runs.config("one-model", 4);
        runs.send(config, 0, 3000);
        runs.learn(config, 3000);
        runs.assertInOrderOfTime(config, 3000);
        runs.assertLearnedOnce(config, 3000);

        MillraceConfig single = runs.config("one-partition", 1);
        runs.send(single, 0, 3000);
        try (KafkaStreams training = MillraceStreams.training(single, serdes)) {
            ClusterCheck.forTraining(single).prepare(serdes);
            training.start();
            cluster.awaitCommitted(single, 3000);
            MillraceStreams.stop(training, Duration.ofSeconds(20));
        }
        assertThat(sha256(config)).isEqualTo(sha256(single));
        assertThat(OneModelRuns.partitions(single, single.topics().learningLog()))
                .as("one partition needs no log")
                .isZero();
    }

    private static String sha256(MillraceConfig config) {
        return cluster.newest(config, serdes).get(0).head().getSha256();
    }

    @Test
    void shouldGoOnWhereItStoppedAndPickUpPartitionsThatAreAddedWhileItRuns() throws Exception {
        MillraceConfig config = runs.config("grown-model", 2, "main.consumer.metadata.max.age.ms", "500");
        runs.send(config, 0, 500);
        runs.learn(config, 500);
        Application application = runs.started(config);
        runs.send(config, 500, 800);
        runs.awaitLearned(config, 800);
        runs.addPartitions(config, 4);
        runs.send(config, 800, 1600);
        runs.awaitLearned(config, 1600);
        assertThat(application.state()).isEqualTo(KafkaStreams.State.RUNNING);
        runs.stop(application);
        runs.assertLearnedOnce(config, 1600);
    }

    @Test
    void shouldContinueTheModelOfOnePartitionWhenPartitionsAreAdded() throws Exception {
        MillraceConfig config = runs.config("continued-model", 1);
        runs.send(config, 0, 500);
        Application direct = runs.started(config);
        cluster.awaitCommitted(config, 500);
        runs.stop(direct);
        runs.addPartitions(config, 3);
        runs.send(config, 500, 1400);
        runs.learn(config, 900);
        List<Integer> numbers = new ArrayList<>(IntStream.range(0, 500).boxed().toList());
        numbers.addAll(runs.numbers(config));
        assertThat(numbers)
                .containsExactlyElementsOf(IntStream.range(0, 1400).boxed().toList());
        UninterruptedRun.assertSame(cluster, config, serdes, List.of(numbers), Set.of());
        assertThat(runs.verify(config).sentences().get(0)).contains("continued-model.learning-log");
    }

    @Test
    void shouldNameTheSourceOfABadRecord() {
        MillraceConfig config = runs.config("bad-source", 3);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config.client(), new ByteArraySerializer(), new ByteArraySerializer())) {
            runs.send(config, 0, 9);
            ProducerRecord<byte[], byte[]> bad =
                    new ProducerRecord<>(config.topics().examples(), 2, 1_000_009L, new byte[] {7}, new byte[] {1, 2});
            bad.headers().add("trace", new byte[] {5});
            producer.send(bad);
            producer.flush();
        }
        Application application = runs.started(config);
        Cluster.await("a dead letter", () -> !letters(config).isEmpty());
        runs.stop(application);
        ConsumerRecord<byte[], byte[]> letter = letters(config).get(0);
        DeadLetterInfo info = DeadLetterInfo.of(letter.headers());
        assertThat(info.topic()).isEqualTo("bad-source.examples");
        assertThat(info.partition()).isEqualTo(2);
        assertThat(info.offset()).isEqualTo(3);
        assertThat(letter.key()).containsExactly(7);
        assertThat(letter.value()).containsExactly(1, 2);
        assertThat(letter.headers().lastHeader("trace").value()).containsExactly(5);
        assertThat(letter.headers().lastHeader("millrace.source")).isNull();
        assertThat(new String(letter.headers().lastHeader("millrace.timestamp").value()))
                .isEqualTo("1000009");
    }

    @Test
    void shouldNameTheSourcesOfARefusedMiniBatch() {
        MillraceConfig config = runs.config(
                "refused-source", 3, "batch.size", "5", "guard.outlier.factor", "0", "standardize.features", "false");
        byte[] wild = serdes.valueSerde(Example.class)
                .serializer()
                .serialize(
                        config.topics().examples(),
                        new Example(new FloatVector(new float[] {1e30f, 1e30f}), "yes", 1f));
        runs.send(config, 0, 4);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config.client(), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(config.topics().examples(), 2, 1_000_004L, null, wild));
        }
        runs.send(config, 5, 10);
        Application application = runs.started(config);
        Cluster.await("five dead letters", () -> letters(config).size() == 5);
        runs.stop(application);
        assertThat(letters(config))
                .extracting(letter -> DeadLetterInfo.of(letter.headers()))
                .extracting(info -> info.topic() + "-" + info.partition() + "@" + info.offset())
                .containsExactlyInAnyOrder(
                        "refused-source.examples-0@0",
                        "refused-source.examples-1@0",
                        "refused-source.examples-2@0",
                        "refused-source.examples-0@1",
                        "refused-source.examples-2@1");
    }

    private static List<ConsumerRecord<byte[], byte[]>> letters(MillraceConfig config) {
        return cluster.read(config, config.topics().deadLetters(), new ByteArrayDeserializer());
    }

    @Test
    void shouldLeaveOutAbortedTransactionsAndNotWaitForAnOpenOne() {
        MillraceConfig config = runs.config("aborted-source", 2);
        Map<String, Object> settings = new HashMap<>(config.client());
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "aborted-source-foreign");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(config.topics().examples(), 0, 1L, null, new byte[] {1}));
            producer.flush();
            producer.abortTransaction();
            runs.send(config, 0, 400);
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(config.topics().examples(), 1, 1L, null, new byte[] {1}));
            producer.flush();
            Application application = runs.started(config);
            runs.awaitLearned(config, 400);
            producer.abortTransaction();
            runs.send(config, 400, 600);
            runs.awaitLearned(config, 600);
            runs.stop(application);
        }
        runs.assertLearnedOnce(config, 600);
    }

    @Test
    void shouldContinueBehindRecordsThatRetentionDeletedBeforeTheyWereCopied() throws Exception {
        MillraceConfig config = runs.config("source-gap", 2);
        runs.send(config, 0, 400);
        runs.learn(config, 400);
        runs.send(config, 400, 800);
        runs.deleteBefore(config, 0, 300);
        runs.learn(config, 700);
        assertThat(cluster.reports(config).stream()
                        .mapToLong(ValidationLoss::getMissingOffsets)
                        .sum())
                .as("the reports tell the gap")
                .isEqualTo(100);
        assertThat(runs.sources(config).equal()).isTrue();
        assertThat(runs.sources(config).sentences().get(0)).contains("200 cannot be compared", "partition 0");
    }

    @Test
    void shouldCopyNothingTwiceWhenTheGroupsOffsetsWereMovedOrForgotten() throws Exception {
        MillraceConfig config = runs.config("moved-source", 2);
        runs.send(config, 0, 400);
        runs.learn(config, 400);
        runs.moveIntake(config, 0, 20);
        runs.moveIntake(config, 1, 210);
        runs.send(config, 400, 600);
        runs.learn(config, 600);
        runs.forgetIntake(config);
        runs.send(config, 600, 700);
        runs.learn(config, 700);
        runs.assertLearnedOnce(config, 700);
    }

    @Test
    void shouldStopWithAnErrorWhenTheExamplesAreDeletedWhileItRuns() throws Exception {
        MillraceConfig config = runs.config("deleted-source", 2, "main.consumer.metadata.max.age.ms", "500");
        runs.send(config, 0, 100);
        Application application = runs.started(config);
        runs.awaitLearned(config, 100);
        try (Admin admin = Admin.create(config.client())) {
            admin.deleteTopics(Set.of(config.topics().examples())).all().get();
        }
        Cluster.await("the error", () -> application.state() == KafkaStreams.State.ERROR);
        runs.stop(application);
    }

    @Test
    void shouldLearnANewTopicOfTheSameNameFromItsBeginning() throws Exception {
        MillraceConfig config = runs.config("anew-source", 2);
        runs.send(config, 0, 400);
        runs.learn(config, 400);
        runs.recreateExamples(config);
        runs.send(config, 400, 1000);
        runs.learn(config, 1000);
        assertThat(runs.numbers(config))
                .containsExactlyElementsOf(IntStream.range(0, 1000).boxed().toList());
        assertThat(runs.sources(config).equal()).isTrue();
        assertThat(runs.sources(config).sentences().get(0)).contains("400 are of a topic that was deleted");
    }
}
