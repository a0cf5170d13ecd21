package io.millrace.learner.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.learner.evaluation.Report;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes of saved state: what was written is read, anything else is refused with a sentence. */
class StateFormatTest {
    private static final LearnerSpec SPEC =
            Specs.regression(2).batch(8).rules(1).maxAdvance(0).build();
    private static final LearnerSpec WATCHED = Specs.regression(2)
            .batch(8)
            .rules(1)
            .maxAdvance(0)
            .holdout(0.3)
            .earlyStopping(2, 0)
            .build();
    private static final int PER_CHUNK = StateWriter.CHUNK_BYTES - StateWriter.HEADER_BYTES;

    @ParameterizedTest
    @ValueSource(ints = {-9, -8, -7, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 7, 8, 9})
    void shouldReadBackWhatEndsAroundTheBorderOfAChunk(int offset) {
        int floats = (PER_CHUNK + 4 * offset) / Float.BYTES;
        float[] values = new float[floats];
        for (int i = 0; i < floats; i++) {
            values[i] = i;
        }
        String text = "abcdefg".substring(0, Math.floorMod(offset, 8) % 8);
        StateWriter out = new StateWriter();
        out.putText(text);
        out.putFloats(values, floats);
        out.putLong(Long.MIN_VALUE);
        out.putDoubles(new double[] {Double.NaN, -0.0});
        out.putInt(7);
        out.putText("\u00e4\u20ac");

        List<byte[]> chunks = out.chunks();
        StateReader in = new StateReader(chunks);
        assertThat(in.getText()).isEqualTo(text);
        float[] read = new float[floats];
        in.getFloats(read, floats);
        assertThat(read).isEqualTo(values);
        assertThat(in.getLong()).isEqualTo(Long.MIN_VALUE);
        double[] doubles = new double[2];
        in.getDoubles(doubles);
        assertThat(doubles).containsExactly(Double.NaN, -0.0);
        assertThat(in.getInt()).isEqualTo(7);
        assertThat(in.getText()).isEqualTo("\u00e4\u20ac");
        assertThat(chunks).allSatisfy(chunk -> assertThat(chunk.length).isLessThanOrEqualTo(StateWriter.CHUNK_BYTES));
        assertThat(StateReader.chunkCount(chunks.get(0))).isEqualTo(chunks.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {4080, 4084, 4085, 65520, StateWriter.CHUNK_BYTES, 3 * StateWriter.CHUNK_BYTES})
    void shouldReadBackTextOfAnyLength(int length) {
        StateWriter out = new StateWriter();
        out.putText("x".repeat(length));
        out.putLong(1);

        StateReader in = new StateReader(out.chunks());
        assertThat(in.getText()).hasSize(length);
        assertThat(in.getLong()).isEqualTo(1);
    }

    /** A change here strands every saved state out there. */
    @Test
    void shouldKeepTheBytesOfThisState() {
        assertThat(Arrays.hashCode(withoutDetails(SPEC))).isEqualTo(-1519787912);
    }

    /** Likewise. */
    @Test
    void shouldKeepTheBytesOfAStateWithHoldoutAndEarlyStopping() {
        assertThat(Arrays.hashCode(withoutDetails(WATCHED))).isEqualTo(698000723);
    }

    @Test
    void shouldKeepTheBytesOfAStateWithDoubtsAboutStreamTime() {
        LearnerSpec spec = Specs.regression(2).batch(8).rules(1).maxAdvance(5).build();
        assertThat(Arrays.hashCode(withoutDetails(spec))).isEqualTo(-92048035);
    }

    @Test
    void shouldReadAStateFromBeforeTheDetailsOfReports() {
        List<Report> reports = new ArrayList<>();
        NetworkLearner learner = new NetworkLearner(SPEC, reports::add);
        StateReader in = new StateReader(List.of(withoutDetails(SPEC)));
        learner.restore(in);
        learner.restoreBatch(in);
        long evaluated = learner.score().examples();
        Example.feed(learner, SPEC, Example.stream(SPEC, 60, 1), 30, 60);

        Report first = reports.get(0);
        assertThat(first.outcomes().pairs()).as("counted since").hasSizeLessThan((int) first.reportExamples());
        assertThat(reports.get(1).outcomes().pairs())
                .hasSize((int) reports.get(1).reportExamples());
        assertThat(evaluated).isPositive();
    }

    /** A state as it was saved before reports had details, which were then added behind everything else. */
    private static byte[] withoutDetails(LearnerSpec spec) {
        List<Report> reports = new ArrayList<>();
        NetworkLearner learner = new NetworkLearner(spec, reports::add);
        Example.feed(learner, spec, Example.stream(spec, 30, 1), 0, 30);
        int pairs = (int) (learner.version() - reports.get(reports.size() - 1).examples());
        int outcomes = 2 * Integer.BYTES + 2 * (Integer.BYTES + 2 * pairs * Double.BYTES);
        int inputs = Integer.BYTES + Specs.INPUTS * Double.BYTES;
        int fields = 2 * Long.BYTES + Integer.BYTES + 2 * inputs + Specs.INPUTS * Long.BYTES + 2 * Long.BYTES;
        return without(
                " +details", outcomes + fields, LearnerStateTest.saved(learner).get(0), waiting(learner));
    }

    /** Bytes of the open mini-batch. */
    private static int waiting(NetworkLearner learner) {
        StateWriter batch = new StateWriter();
        learner.saveBatch(batch);
        return batch.chunks().get(0).length - StateWriter.HEADER_BYTES - 8;
    }

    /** The state without the word for a section and the section itself, the last one before the open mini-batch. */
    private static byte[] without(String section, int bytes, byte[] chunk, int behind) {
        byte[] word = section.getBytes(StandardCharsets.UTF_8);
        int lengthAt = StateWriter.HEADER_BYTES + 8;
        int length = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN).getInt(lengthAt);
        int wordAt = lengthAt + Integer.BYTES + length - word.length;
        ByteBuffer old = ByteBuffer.allocate(chunk.length - word.length - bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(chunk, 0, wordAt)
                .put(chunk, wordAt + word.length, chunk.length - wordAt - word.length - bytes - behind)
                .put(chunk, chunk.length - behind, behind);
        old.putInt(lengthAt, length - word.length).putInt(0, crc(old.array()));
        return old.array();
    }

    @Test
    void shouldReadAStateFromBeforeThePositionOfTheBestWeights() {
        NetworkLearner writer = new NetworkLearner(WATCHED, report -> {});
        Example.feed(writer, WATCHED, Example.stream(WATCHED, 30, 1), 0, 30);
        byte[] old = without(" +best-position", Long.BYTES, withoutDetails(WATCHED), waiting(writer));
        assertThat(Arrays.hashCode(old)).as("what was written then").isEqualTo(-1603696664);

        NetworkLearner learner = new NetworkLearner(WATCHED, report -> {});
        learner.restore(new StateReader(List.of(old)));
        assertThat(learner.servedNextPosition()).as("not known").isEqualTo(-1);
    }

    @Test
    void shouldKeepASmallStateSmall() {
        assertThat(saved().get(0).length).isLessThan(2000);
    }

    @Property(tries = 300)
    void shouldRefuseDamage(
            @ForAll @IntRange(min = 0, max = 10_000) int at, @ForAll @IntRange(min = 1, max = 255) int xor) {
        List<byte[]> chunks = saved();
        byte[] chunk = chunks.get(0);
        chunk[at % chunk.length] ^= (byte) xor;

        assertThatThrownBy(() -> restore(chunks))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageMatching(".*\\w.*");
    }

    @Property(tries = 200)
    void shouldRefuseTruncation(@ForAll @IntRange(min = 0, max = 10_000) int length) {
        byte[] chunk = saved().get(0);

        assertThatThrownBy(() -> restore(List.of(Arrays.copyOf(chunk, length % chunk.length))))
                .isInstanceOf(IllegalStateException.class);
    }

    @Property(tries = 300)
    void shouldRefuseAnyBytes(@ForAll byte[] bytes) {
        assertThatThrownBy(() -> restore(List.of(bytes))).isInstanceOf(IllegalStateException.class);
    }

    @Property(tries = 500)
    void shouldNeitherCrashNorAllocateHugelyOnWrongBytesWithARightChecksum(
            @ForAll boolean watched, @ForAll @IntRange(min = 0, max = 10_000) int at, @ForAll int value) {
        LearnerSpec spec = watched ? WATCHED : SPEC;
        byte[] chunk = saved(spec).get(0);
        ByteBuffer buffer = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(12 + at % (chunk.length - 15), value);
        buffer.putInt(0, crc(chunk));

        try {
            restore(spec, List.of(chunk));
        } catch (IllegalStateException e) {
            assertThat(e).hasMessageMatching("(?s).*\\w.*");
        }
    }

    @Test
    void shouldRefuseANewerFormat() {
        byte[] chunk = saved().get(0);
        ByteBuffer buffer = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(16, StateWriter.VERSION + 1);
        buffer.putInt(0, crc(chunk));

        assertThatThrownBy(() -> restore(List.of(chunk)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("format 2")
                .hasMessageContaining("newer");
    }

    @Test
    void shouldRefuseForeignState() {
        byte[] chunk = saved().get(0);
        ByteBuffer buffer = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(12, 0x4c4c4550);
        buffer.putInt(0, crc(chunk));

        assertThatThrownBy(() -> restore(List.of(chunk)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no saved state of a Millrace learner");
    }

    @Test
    void shouldRefuseMissingSwappedAndSurplusChunks() {
        StateWriter out = new StateWriter();
        out.putFloats(new float[300_000], 300_000);
        List<byte[]> chunks = out.chunks();
        assertThat(chunks).hasSize(3);

        List<byte[]> missing = new ArrayList<>(chunks);
        missing.set(1, null);
        assertThatThrownBy(() -> read(missing)).hasMessage("chunk 1 of the saved state is missing");
        assertThatThrownBy(() -> read(List.of(chunks.get(0), chunks.get(2), chunks.get(1))))
                .hasMessage("chunk 1 of the saved state is damaged");
        assertThatThrownBy(() -> read(chunks.subList(0, 2))).hasMessage("the saved state has 2 chunks, 3 were written");
        assertThatThrownBy(() -> read(List.of(chunks.get(0), chunks.get(1), chunks.get(2), chunks.get(0))))
                .hasMessage("the saved state has 4 chunks, 3 were written");
        assertThatThrownBy(() -> read(List.of())).hasMessageContaining("ends too early");
    }

    private static void read(List<byte[]> chunks) {
        new StateReader(chunks).getFloats(new float[300_000], 300_000);
    }

    private static List<byte[]> saved() {
        return saved(SPEC);
    }

    private static List<byte[]> saved(LearnerSpec spec) {
        NetworkLearner learner = new NetworkLearner(spec, report -> {});
        Example.feed(learner, spec, Example.stream(spec, 30, 1), 0, 30);
        return LearnerStateTest.saved(learner);
    }

    private static void restore(List<byte[]> chunks) {
        restore(SPEC, chunks);
    }

    private static void restore(LearnerSpec spec, List<byte[]> chunks) {
        StateReader in = new StateReader(chunks);
        NetworkLearner learner = new NetworkLearner(spec, report -> {});
        learner.restore(in);
        learner.restoreBatch(in);
    }

    private static int crc(byte[] chunk) {
        CRC32C crc = new CRC32C();
        crc.update(chunk, 4, chunk.length - 4);
        return (int) crc.getValue();
    }
}
