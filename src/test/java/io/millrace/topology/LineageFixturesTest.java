package io.millrace.topology;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.avro.AvroSerdes;
import io.millrace.avro.Example;
import io.millrace.avro.FloatVector;
import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSnapshotKey;
import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.Test;

/**
 * Lines of versions of every format that was ever released are verified for ever, and learners go on from them: {@code
 * src/test/resources/fixtures/lineages}, a directory for each, with the versions that a small learner published and the lineage
 * that its store held. Written as {@link FormatFixturesTest} says.
 */
class LineageFixturesTest {
    private static final Path ROOT = Path.of("src/test/resources/fixtures/lineages");
    private static final int EXAMPLES = 13;

    private static MillraceConfig config() {
        return TestConfigs.with("model.hidden", "3", "snapshot.state.max.bytes", "1048576");
    }

    /** What the learner of every fixture has learned; one record is none. */
    private static byte[] example(AvroSerdes serdes, int i) {
        Example example = new Example(new FloatVector(new float[] {i % 7, i % 5}), i % 2, 1f);
        return i == 5
                ? new byte[] {1}
                : serdes.valueSerde(Example.class).serializer().serialize("examples", example);
    }

    @Test
    void shouldWriteThatOfTodayWhenAsked() throws IOException {
        assumeTrue(Boolean.getBoolean("fixtures.update"), "only with -Dfixtures.update=true");
        int next = 1;
        while (Files.exists(ROOT.resolve(String.valueOf(next)))) {
            next++;
        }
        Path directory = Files.createDirectories(ROOT.resolve(String.valueOf(next)));
        MillraceConfig config = config();
        try (AvroSerdes serdes = new AvroSerdes(config.registry());
                TopologyTestDriver driver = new TopologyTestDriver(
                        TrainingTopology.build(config, serdes), StreamsProperties.training(config));
                DataFileWriter<ModelSnapshot> out =
                        new DataFileWriter<>(new SpecificDatumWriter<>(ModelSnapshot.class))) {
            TestInputTopic<byte[], byte[]> in =
                    driver.createInputTopic("examples", new ByteArraySerializer(), new ByteArraySerializer());
            for (int i = 0; i < EXAMPLES; i++) {
                in.pipeInput(null, example(serdes, i), 1000L + i);
            }
            Deserializer<ModelSnapshotKey> keys =
                    serdes.keySerde(ModelSnapshotKey.class).deserializer();
            out.create(
                    ModelSnapshot.getClassSchema(),
                    directory.resolve("versions.avro").toFile());
            for (ModelSnapshot chunk : driver.createOutputTopic(
                            "model-snapshots",
                            keys,
                            serdes.valueSerde(ModelSnapshot.class).deserializer())
                    .readValuesToList()) {
                out.append(chunk);
            }
            LearnerStore store = (LearnerStore) driver.getStateStore(TrainingTopology.LEARNER);
            Files.write(directory.resolve("lineage.bytes"), store.lineage().toBytes());
        }
    }

    static List<Path> fixtures() throws IOException {
        try (Stream<Path> directories = Files.list(ROOT)) {
            return directories.sorted().toList();
        }
    }
}
