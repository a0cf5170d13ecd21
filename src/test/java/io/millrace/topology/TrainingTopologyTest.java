package io.millrace.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.avro.Example;
import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSnapshotKey;
import io.millrace.avro.ValidationLoss;
import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import io.millrace.learner.evaluation.HoldoutSampler;
import io.millrace.learner.network.NetworkLearner;
import io.millrace.learner.state.ParameterDigest;
import io.millrace.records.AvroSerdes;
import io.millrace.records.FloatVector;
import io.millrace.topology.record.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TrainingTopologyTest {
    private TopologyTestDriver driver;
    private AvroSerdes serdes;
    private TestInputTopic<byte[], byte[]> examples;
    private TestOutputTopic<String, ValidationLoss> losses;
    private TestOutputTopic<ModelSnapshotKey, ModelSnapshot> snapshots;
    private TestOutputTopic<byte[], byte[]> deadLetters;
    private final Random random = new Random(1);
    private long time = 1_000;

    private void start(String... changes) {
        MillraceConfig config = TestConfigs.with(changes);
        serdes = new AvroSerdes(config.registry());
        driver = new TopologyTestDriver(TrainingTopology.build(config, serdes), StreamsProperties.training(config));
        examples = driver.createInputTopic("examples", new ByteArraySerializer(), new ByteArraySerializer());
        losses = driver.createOutputTopic(
                "validation-losses",
                new StringDeserializer(),
                serdes.valueSerde(ValidationLoss.class).deserializer());
        snapshots = driver.createOutputTopic(
                "model-snapshots",
                serdes.keySerde(ModelSnapshotKey.class).deserializer(),
                serdes.valueSerde(ModelSnapshot.class).deserializer());
        deadLetters =
                driver.createOutputTopic("dead-letters", new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @AfterEach
    void stop() {
        if (driver != null) {
            driver.close();
        }
    }

    private byte[] encoded(Object label, float weight, float... features) {
        return serdes.valueSerde(Example.class)
                .serializer()
                .serialize("examples", new Example(new FloatVector(features), label, weight));
    }

    private void sendExamples(int count) {
        for (int i = 0; i < count; i++) {
            float x = random.nextFloat() * 2 - 1;
            float y = random.nextFloat() * 2 - 1;
            examples.pipeInput(null, encoded(x + y > 0 ? 1 : 0, 1, x, y), time++);
        }
    }

    @Test
    void shouldLearnFromExamplesWithoutKeysAndPublishAVersionForEachStep() {
        start("snapshot.history", "2");
        sendExamples(9);
        List<KeyValue<ModelSnapshotKey, ModelSnapshot>> published = snapshots.readKeyValuesToList();
        assertThat(published).extracting(record -> record.key.getVersion()).containsExactly(4L, 8L);
        ModelSnapshot last = published.get(1).value;
        assertThat(last.getParameterCount()).isEqualTo(2 * 8 + 8 + 8 * 2 + 2);
        assertThat(last.getParameters()).hasSize(42);
        assertThat(last.getEvaluation().getExamples()).isEqualTo(8);
        assertThat(last.getSpec().getClasses()).containsExactly("no", "yes");
    }

    @Test
    void shouldDeleteVersionsOlderThanTheHistory() {
        start("snapshot.history", "2");
        sendExamples(16);
        List<KeyValue<ModelSnapshotKey, ModelSnapshot>> records = snapshots.readKeyValuesToList();
        assertThat(records)
                .filteredOn(record -> record.value == null)
                .extracting(record -> record.key.getVersion())
                .containsExactly(4L, 8L);
        assertThat(records)
                .filteredOn(record -> record.value != null)
                .extracting(record -> record.key.getVersion())
                .containsExactly(4L, 8L, 12L, 16L);
    }

    @Test
    void shouldPublishOnlyAfterEnoughExamples() {
        start("snapshot.min.examples", "10");
        sendExamples(32);
        assertThat(snapshots.readKeyValuesToList())
                .extracting(record -> record.key.getVersion())
                .containsExactly(12L, 24L);
    }

    @Test
    void shouldReportWithTheFirstStepThatCompletesTheReport() {
        start();
        sendExamples(24);
        List<KeyValue<String, ValidationLoss>> reports = losses.readKeyValuesToList();
        assertThat(reports).extracting(report -> report.key).containsOnly("model");
        assertThat(reports).extracting(report -> report.value.getExamples()).containsExactly(12L, 24L);
        ValidationLoss report = reports.get(1).value;
        assertThat(report.getStep()).isEqualTo(6);
        assertThat(report.getReportExamples()).isEqualTo(12);
        assertThat(report.getFirstTimestamp()).isEqualTo(1_012);
        assertThat(report.getLastTimestamp()).isEqualTo(1_023);
        assertThat(report.getMetrics()).containsOnlyKeys("accuracy", "logLoss");
        assertThat(report.getGradientNorm()).isPositive();
    }

    /** Learns what {@link #sendExamples} would send, without those held out. */
    private void learnWithoutKafka(NetworkLearner learner, HoldoutSampler holdout, int count) {
        for (int offset = 0; offset < count; offset++) {
            float[] features = {random.nextFloat() * 2 - 1, random.nextFloat() * 2 - 1};
            if (!holdout.holds(offset)) {
                learner.learn(features, new float[] {features[0] + features[1] > 0 ? 1 : 0}, 1, 1_000 + offset);
            }
        }
    }

    @Test
    void shouldLearnAllButTheExamplesHeldOutAndReportOnThese() {
        start("validation.holdout.fraction", "0.3", "model.seed", "5");
        sendExamples(200);
        List<ValidationLoss> reports = losses.readValuesToList();
        List<ModelSnapshot> published = snapshots.readValuesToList();
        random.setSeed(1);
        NetworkLearner expected =
                new NetworkLearner(TestConfigs.with("model.seed", "5").learner(), report -> {});
        HoldoutSampler holdout = new HoldoutSampler(0.3, 5, 0);
        learnWithoutKafka(expected, holdout, 200);

        ModelSnapshot last = published.stream()
                .filter(chunk -> chunk != null)
                .reduce((a, b) -> b)
                .orElseThrow();
        assertThat(last.getVersion()).isEqualTo(expected.version()).isBetween(100L, 180L);
        assertThat(last.getSha256())
                .isEqualTo(ParameterDigest.sha256(expected.model().parameters()));
        ValidationLoss report = reports.get(reports.size() - 1);
        assertThat(report.getExamples()).isEqualTo(expected.version() / 12 * 12);
        long until = report.getLastTimestamp() - 1_000; // offset of the last example learned
        assertThat(reports.stream()
                        .mapToLong(ValidationLoss::getHoldoutExamples)
                        .sum())
                .isEqualTo(LongStream.range(0, until).filter(holdout::holds).count());
        assertThat(report.getReportExamples()).isEqualTo(12);
        assertThat(report.getHoldoutExamples()).isPositive();
        assertThat(report.getHoldoutLoss()).isPositive();
        assertThat(report.getHoldoutMetrics()).containsOnlyKeys("accuracy", "logLoss");
        assertThat(report.getBestVersion()).isNull();
    }

    @Test
    void shouldHoldOutTheFirstRecordsOfAStream() {
        start("validation.holdout.fraction", "0.99");
        assertThat(LongStream.range(0, 20).allMatch(new HoldoutSampler(0.99, 1, 0)::holds))
                .isTrue();
        sendExamples(20);
        assertThat(snapshots.isEmpty()).isTrue();
        assertThat(losses.isEmpty()).isTrue();
        assertThat(deadLetters.isEmpty()).isTrue();
    }

    @Test
    void shouldPublishTheBestWeightsOnceEach() {
        start("early.stopping.patience", "4", "early.stopping.min.gain", "0.01", "snapshot.history", "1000");
        sendExamples(600);
        List<ValidationLoss> reports = losses.readValuesToList();
        List<Long> versions = snapshots.readValuesToList().stream()
                .map(ModelSnapshot::getVersion)
                .toList();

        assertThat(versions).startsWith(4L, 8L, 12L); // nothing is judged before the first report
        assertThat(versions.subList(2, versions.size()))
                .isEqualTo(reports.stream()
                        .map(ValidationLoss::getBestVersion)
                        .distinct()
                        .toList())
                .doesNotHaveDuplicates()
                .isSorted()
                .hasSizeLessThan(reports.size());
        assertThat(reports).anyMatch(ValidationLoss::getPatienceEnded);
        assertThat(reports)
                .extracting(ValidationLoss::getReportsWithoutGain)
                .contains(0, 1, 2, 3)
                .doesNotContain(4);
        assertThat(reports).allMatch(report -> report.getHoldoutLoss() == null && report.getHoldoutExamples() == 0);
        for (ValidationLoss report : reports) {
            if (report.getReportsWithoutGain() == 0) {
                assertThat(report.getBestLoss()).isEqualTo(report.getLoss());
                assertThat(report.getBestVersion()).isEqualTo(report.getExamples());
            } else {
                assertThat(report.getBestVersion()).isLessThan(report.getExamples());
            }
        }
    }

    @Test
    void shouldPublishTheBestWeightsEvenWhenTheyCameBeforeEnoughExamples() {
        start("early.stopping.patience", "50", "snapshot.min.examples", "100", "snapshot.history", "1000");
        sendExamples(600);
        List<ValidationLoss> reports = losses.readValuesToList();
        List<Long> versions = snapshots.readValuesToList().stream()
                .map(ModelSnapshot::getVersion)
                .toList();

        List<Long> expected = new ArrayList<>();
        long last = 0;
        int early = 0;
        for (long learned = 4; learned <= 600; learned += 4) { // a commit after each record
            long served = learned;
            for (ValidationLoss report : reports) {
                served = report.getExamples() <= learned ? report.getBestVersion() : served;
            }
            if (learned - last >= 100 && served > last) {
                early += served - last < 100 ? 1 : 0;
                expected.add(served);
                last = served;
            }
        }
        assertThat(versions).isEqualTo(expected).doesNotHaveDuplicates();
        assertThat(early).as("best weights from within the 100 examples").isPositive();
    }

    @Test
    void shouldReportTheCurvatureAsOftenAsConfigured() {
        start("validation.curvature.every", "2");
        sendExamples(48);
        List<ValidationLoss> reports = losses.readValuesToList();
        assertThat(reports).hasSize(4);
        for (int i = 0; i < 4; i++) {
            Double curvature = reports.get(i).getCurvature();
            Double step = reports.get(i).getOptimalStep();
            if (i % 2 == 0) {
                assertThat(curvature).isNull();
                assertThat(step).isNull();
            } else if (curvature > 0) {
                assertThat(step * curvature).isCloseTo(1, within(1e-12));
            } else {
                assertThat(step).isNull();
            }
        }
        assertThat(reports).extracting(ValidationLoss::getOptimalStep).anyMatch(step -> step != null);
    }

    @Test
    void shouldReportNoCurvatureUnlessAsked() {
        start();
        sendExamples(48);
        assertThat(losses.readValuesToList())
                .hasSize(4)
                .allMatch(report -> report.getCurvature() == null && report.getOptimalStep() == null);
    }

    @Test
    void shouldLearnToTellTheClassesApart() {
        start();
        sendExamples(2_000);
        List<ValidationLoss> reports = losses.readValuesToList();
        assertThat(reports.get(reports.size() - 1).getFadedMetrics().get("accuracy"))
                .isGreaterThan(0.9);
    }

    @Test
    void shouldCloseAMiniBatchWhenEventTimeLeavesItsWindow() {
        start("batch.window.ms", "100");
        sendExamples(2);
        assertThat(snapshots.isEmpty()).isTrue();
        time += 100;
        sendExamples(1);
        assertThat(snapshots.readKeyValue().key.getVersion()).isEqualTo(2);
    }

    @Test
    void shouldSendEachKindOfBadRecordToTheDeadLettersAndLearnTheRest() {
        start();
        Map<String, byte[]> bad = new java.util.LinkedHashMap<>();
        bad.put("no value", null);
        bad.put("starts with byte 103", "garbage".getBytes(StandardCharsets.UTF_8));
        bad.put("unknown schema id 77", new byte[] {0, 0, 0, 0, 77, 1, 2, 3});
        bad.put("3 features instead of 2", encoded(0, 1, 1, 2, 3));
        bad.put("feature 1 is NaN", encoded(0, 1, 1, Float.NaN));
        bad.put("feature 0 is -Infinity", encoded(0, 1, Float.NEGATIVE_INFINITY, 1));
        bad.put("class index 2", encoded(2, 1, 1, 1));
        bad.put("unknown class \"maybe\"", encoded("maybe", 1, 1, 1));
        bad.put("a real target", encoded(0.5f, 1, 1, 1));
        bad.put("an array of targets", encoded(new FloatVector(new float[] {1, 0}), 1, 1, 1));
        bad.put("the weight is -1.0", encoded(1, -1, 1, 1));
        byte[] key = {9, 8};
        bad.values().forEach(value -> examples.pipeInput(key, value, time++));
        sendExamples(4);

        List<TestRecord<byte[], byte[]>> letters = deadLetters.readRecordsToList();
        assertThat(letters).hasSize(bad.size());
        int offset = 0;
        for (Map.Entry<String, byte[]> expected : bad.entrySet()) {
            TestRecord<byte[], byte[]> letter = letters.get(offset);
            assertThat(letter.key()).isEqualTo(key);
            assertThat(letter.value()).isEqualTo(expected.getValue());
            assertThat(header(letter, "millrace.cause")).contains(expected.getKey());
            assertThat(header(letter, "millrace.topic")).isEqualTo("examples");
            assertThat(header(letter, "millrace.partition")).isEqualTo("0");
            assertThat(header(letter, "millrace.offset")).isEqualTo(String.valueOf(offset));
            offset++;
        }
        assertThat(snapshots.readKeyValue().key.getVersion()).isEqualTo(4);
        assertThat(badInputTotal()).isEqualTo((double) bad.size());
    }

    @Test
    void shouldLearnTheSameWithBadRecordsInBetween() {
        start();
        sendExamples(8);
        String clean = snapshots.readValuesToList().get(1).getSha256();
        stop();
        random.setSeed(1);
        start();
        examples.pipeInput(null, encoded(0, 1, Float.NaN, 1), time);
        sendExamples(3);
        examples.pipeInput(null, new byte[3], time);
        sendExamples(5);
        assertThat(snapshots.readValuesToList().get(1).getSha256()).isEqualTo(clean);
    }

    @Test
    void shouldTakeClassesByNameAndTargetsOfARegression() {
        start();
        for (int i = 0; i < 4; i++) {
            examples.pipeInput(null, encoded(i % 2 == 0 ? "no" : "yes", 1, i, -i), time++);
        }
        assertThat(snapshots.readKeyValue().key.getVersion()).isEqualTo(4);
        stop();
        start("model.task", "regression", "model.classes", "", "model.targets", "2");
        for (int i = 0; i < 10; i++) {
            examples.pipeInput(null, encoded(new FloatVector(new float[] {i, 2 * i}), 1, i, -i), time++);
        }
        assertThat(losses.isEmpty()).isTrue();
        sendRegression(2);
        assertThat(losses.readValue().getMetrics()).containsOnlyKeys("mae", "rmse");
    }

    private void sendRegression(int count) {
        for (int i = 0; i < count; i++) {
            examples.pipeInput(null, encoded(new FloatVector(new float[] {i, 2 * i}), 1, i, -i), time++);
        }
    }

    private static String header(TestRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    @Test
    void shouldCountAnExampleFromTheFutureAndCloseWindowsAllTheSame() {
        start("batch.size", "1000", "batch.window.ms", "10");
        sendExamples(25);
        examples.pipeInput(null, encoded(1, 1, 1, 1), 4_102_444_800_000L);
        sendExamples(100);
        List<KeyValue<ModelSnapshotKey, ModelSnapshot>> published = snapshots.readKeyValuesToList();
        assertThat(published)
                .filteredOn(chunk -> chunk.value != null)
                .extracting(chunk -> chunk.key.getVersion())
                .containsExactly(10L, 20L, 25L, 85L, 95L, 105L, 115L, 125L); // five windows late, and right again
        assertThat(total("odd-event-time-total")).isEqualTo(1);
    }

    @Test
    void shouldWriteAtTheTimeOfWritingAndWithoutTheHeadersOfExamples() {
        start("validation.report.examples", "1");
        byte[] example = encoded(1, 1, 1, 1);
        for (int i = 0; i < 4; i++) {
            RecordHeaders headers = new RecordHeaders();
            headers.add("trace", new byte[1000]);
            examples.pipeInput(new TestRecord<>(null, example, headers, 1_000L + i));
        }
        examples.pipeInput(null, new byte[3], 7_000L);
        Instant before = Instant.now().minusSeconds(60);
        TestRecord<String, ValidationLoss> report = losses.readRecord();
        assertThat(report.headers()).isEmpty();
        assertThat(report.getRecordTime()).isAfter(before);
        TestRecord<ModelSnapshotKey, ModelSnapshot> snapshot = snapshots.readRecord();
        assertThat(snapshot.getRecordTime()).isAfter(before);
        assertThat(snapshot.value().getStreamTime()).isEqualTo(1_003);
        TestRecord<byte[], byte[]> letter = deadLetters.readRecord();
        assertThat(letter.getRecordTime()).isAfter(before);
        assertThat(header(letter, DeadLetter.TIMESTAMP)).isEqualTo("7000");
    }

    private double badInputTotal() {
        return total("bad-input-total");
    }

    private double total(String name) {
        return driver.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals(name))
                .mapToDouble(metric -> (Double) metric.getValue().metricValue())
                .sum();
    }
}
