package io.millrace.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSnapshotKey;
import io.millrace.avro.ValidationLoss;
import io.millrace.records.FloatVector;
import io.millrace.topology.record.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

class TrainingTopologyTest extends TrainingDriver {
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
