package io.millrace.topology;

import io.millrace.avro.Example;
import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ValidationLoss;
import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.record.DeadLetter;
import io.millrace.topology.training.LearnerStore;
import io.millrace.topology.training.MiniBatches;
import io.millrace.topology.training.StoreKey;
import io.millrace.topology.training.StoredLearner;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.IntegerDeserializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/** The training topology under a wall clock that jumps, and restarts from what it has written. */
final class ClockedTraining implements AutoCloseable {
    private static final List<String> OUTPUTS = List.of("validation-losses", "model-snapshots", "dead-letters");

    private final MillraceConfig config;
    private final Random clock;
    private final AvroSerdes serdes;
    private final Map<String, List<TestRecord<byte[], byte[]>>> written = new TreeMap<>();
    private final TreeMap<Integer, byte[]> changelog = new TreeMap<>();
    private TopologyTestDriver driver;
    private TestInputTopic<byte[], byte[]> examples;
    private List<String> state;

    ClockedTraining(MillraceConfig config, Random clock) {
        this.config = config;
        this.clock = clock;
        serdes = new AvroSerdes(config.registry());
        OUTPUTS.forEach(topic -> written.put(topic, new ArrayList<>()));
        start();
    }

    private void start() {
        driver = new TopologyTestDriver(
                TrainingTopology.build(config, serdes),
                StreamsProperties.training(config),
                Instant.ofEpochMilli(clock.nextLong(4_000_000_000_000L)));
        examples = driver.createInputTopic("examples", new ByteArraySerializer(), new ByteArraySerializer());
    }

    void send(DisorderedStream.Sent record) {
        if (clock.nextInt(4) == 0) {
            driver.advanceWallClockTime(Duration.ofMillis(clock.nextLong(1L << clock.nextInt(1, 40))));
        }
        byte[] value = record.example() == null
                ? record.garbage()
                : serdes.valueSerde(Example.class).serializer().serialize("examples", record.example());
        examples.pipeInput(record.key(), value, record.time());
    }

    /** What the driver has written to the changelog of the learner is all that the next one knows, with the open mini-batch. */
    void restart() {
        List<byte[]> waiting = MiniBatches.chunks(driver.getWindowStore(MiniBatches.NAME), StoreKey.ONLY);
        stop();
        start();
        List<byte[]> chunks = new ArrayList<>(changelog.tailMap(0).values());
        if (!chunks.isEmpty()) {
            chunks.addAll(waiting);
            StoredLearner.restore(store().get(StoreKey.ONLY).learner(), chunks);
        }
        byte[] published = changelog.get(-1);
        if (published != null) {
            List<Long> versions = new ArrayList<>();
            for (ByteBuffer left = ByteBuffer.wrap(published); left.hasRemaining(); ) {
                versions.add(left.getLong());
            }
            store().get(StoreKey.ONLY).published(versions);
        }
    }

    private LearnerStore store() {
        return (LearnerStore) driver.getStateStore(LearnerStore.NAME);
    }

    private void stop() {
        for (String topic : OUTPUTS) {
            written.get(topic)
                    .addAll(driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                            .readRecordsToList());
        }
        driver.createOutputTopic(
                        config.applicationId().changelog("learner"),
                        new IntegerDeserializer(),
                        new ByteArrayDeserializer())
                .readKeyValuesToList()
                .forEach(entry -> changelog.put(entry.key, entry.value));
        state = DirectLearner.state(store().get(StoreKey.ONLY).learner());
        driver.close();
    }

    @Override
    public void close() {
        stop();
    }

    /** All that was written to the topics for others, bytes and headers, one line a record; its time alone is the clock's. */
    List<String> written() {
        return written.entrySet().stream()
                .flatMap(topic -> topic.getValue().stream().map(record -> topic.getKey() + line(record)))
                .toList();
    }

    private static String line(TestRecord<byte[], byte[]> record) {
        StringBuilder line = new StringBuilder(" " + hex(record.key()) + ": " + hex(record.value()));
        record.headers()
                .forEach(header ->
                        line.append(' ').append(header.key()).append('=').append(hex(header.value())));
        return line.toString();
    }

    private static String hex(byte[] bytes) {
        return bytes == null ? "null" : HexFormat.of().formatHex(bytes);
    }

    /** The learner as it was at the end. */
    List<String> state() {
        return state;
    }

    /** Offsets. */
    List<Long> deadLetters() {
        return written.get("dead-letters").stream()
                .map(letter -> Long.valueOf(new String(
                        letter.headers().lastHeader(DeadLetter.OFFSET).value(), StandardCharsets.UTF_8)))
                .toList();
    }

    List<ValidationLoss> reports() {
        Deserializer<ValidationLoss> values =
                serdes.valueSerde(ValidationLoss.class).deserializer();
        return written.get("validation-losses").stream()
                .map(report -> values.deserialize("validation-losses", report.value()))
                .toList();
    }

    /** By version published: digest of the parameters. */
    Map<Long, String> versions() {
        Deserializer<ModelSnapshot> values =
                serdes.valueSerde(ModelSnapshot.class).deserializer();
        Map<Long, String> versions = new TreeMap<>();
        for (TestRecord<byte[], byte[]> chunk : written.get("model-snapshots")) {
            ModelSnapshot snapshot = values.deserialize("model-snapshots", chunk.value());
            if (versions.put(snapshot.getVersion(), snapshot.getSha256()) != null) {
                throw new AssertionError("version " + snapshot.getVersion() + " is there twice");
            }
        }
        return versions;
    }
}
