package io.millrace.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.avro.Example;
import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSnapshotKey;
import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import io.millrace.input.Input;
import io.millrace.input.Inputs;
import io.millrace.records.AvroSerdes;
import io.millrace.records.FloatVector;
import io.millrace.topology.audit.LineageCheck;
import io.millrace.topology.audit.Replay;
import io.millrace.topology.audit.ReplayProgress;
import io.millrace.topology.audit.VersionHistory;
import io.millrace.topology.history.Lineage;
import io.millrace.topology.snapshot.PublishedChunks;
import io.millrace.topology.snapshot.StoredSnapshot;
import io.millrace.topology.training.LearnerStore;
import io.millrace.topology.training.StoreKey;
import io.millrace.topology.training.StoredLearner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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
            StoredLearner store = ((LearnerStore) driver.getStateStore(LearnerStore.NAME)).get(StoreKey.ONLY);
            Files.write(directory.resolve("lineage.bytes"), store.lineage().toBytes());
        }
    }

    static List<Path> fixtures() throws IOException {
        try (Stream<Path> directories = Files.list(ROOT)) {
            return directories.sorted().toList();
        }
    }

    private static List<ModelSnapshot> chunks(Path fixture) throws Exception {
        return PublishedChunks.read(fixture.resolve("versions.avro"));
    }

    private static List<StoredSnapshot> versions(List<ModelSnapshot> chunks) {
        return chunks.stream()
                .filter(chunk -> chunk.getChunk() == 0)
                .map(head -> new StoredSnapshot(List.of(head), 0))
                .toList();
    }

    private static List<byte[]> state(List<ModelSnapshot> chunks, StoredSnapshot of) {
        return chunks.stream()
                .filter(chunk -> chunk.getChunk() < 0 && chunk.getVersion() == of.version())
                .sorted(Comparator.comparing(chunk -> -chunk.getChunk()))
                .map(chunk -> chunk.getState().array())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void shouldFollowTheLine(Path fixture) throws Exception {
        List<ModelSnapshot> chunks = chunks(fixture);
        List<StoredSnapshot> versions = versions(chunks);

        assertThat(versions).extracting(StoredSnapshot::version).containsExactly(4L, 8L, 12L);
        assertThat(versions).allSatisfy(version -> {
            assertThat(state(chunks, version)).isNotEmpty();
            assertThat(version.head().getLineage()).hasSize(64);
        });
        assertThat(LineageCheck.faults(versions, version -> state(chunks, version)))
                .isEmpty();
    }

    /** From the first example on, and from the state of each version. */
    @ParameterizedTest
    @MethodSource("fixtures")
    void shouldLearnTheVersionsAgain(Path fixture) throws Exception {
        List<ModelSnapshot> chunks = chunks(fixture);
        List<StoredSnapshot> versions = versions(chunks);
        StoredSnapshot last = versions.get(versions.size() - 1);
        VersionHistory history = VersionHistory.of(last.head(), config());
        try (AvroSerdes serdes = new AvroSerdes(config().registry())) {
            Input input = Inputs.ofReplay(serdes);
            replay(new Replay(history, 0, input), history, 0, versions, serdes);
            for (StoredSnapshot from : versions.subList(0, versions.size() - 1)) {
                long next = VersionHistory.stateNext(from.head());
                Replay resumed = new Replay(history, 0, input, next, state(chunks, from), 1);
                replay(resumed, history, (int) from.head().getStateOffset(), versions, serdes);
            }
        }
    }

    private static void replay(
            Replay replay, VersionHistory history, int from, List<StoredSnapshot> versions, AvroSerdes serdes) {
        ReplayProgress progress =
                new ReplayProgress(versions, history, replay.learner().nextPosition());
        for (int i = from; i < EXAMPLES; i++) {
            replay.take(0, new ConsumerRecord<>("examples", 0, i, null, example(serdes, i)));
            progress.compare(replay.learner());
        }
        progress.end(EXAMPLES);
        assertThat(progress.findings(from)).isEmpty();
        assertThat(progress.equal(versions.get(versions.size() - 1))).isTrue();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void shouldGoOnFromTheStoredLineageInTheFormatOfToday(Path fixture) throws Exception {
        byte[] stored = Files.readAllBytes(fixture.resolve("lineage.bytes"));
        List<ModelSnapshot> chunks = chunks(fixture);
        List<StoredSnapshot> line = new ArrayList<>(versions(chunks));
        Lineage lineage = Lineage.of(stored);
        assertThat(Lineage.of(lineage.toBytes()).toBytes()).isEqualTo(lineage.toBytes());

        ModelSnapshot.Builder head = ModelSnapshot.newBuilder(
                        line.get(line.size() - 1).head())
                .setVersion(16)
                .setStateOffset(-1)
                .setStateChunks(0)
                .setStateSha256("");
        ModelSnapshot next = lineage.append(head, 17);
        line.add(new StoredSnapshot(List.of(next), 0));

        assertThat(next.getLineageFormat()).isEqualTo(3);
        assertThat(next.getPredecessor())
                .isEqualTo(line.get(line.size() - 2).head().getLineage());
        assertThat(LineageCheck.faults(line, version -> state(chunks, version))).isEmpty();
        next.getEvaluation().put("loss", 0.0);
        assertThat(LineageCheck.faults(line, version -> state(chunks, version)))
                .containsExactly(
                        "version 16 has been altered: its lineage does not follow from what it says of itself");
    }
}
