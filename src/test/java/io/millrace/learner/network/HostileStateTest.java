package io.millrace.learner.network;

import io.millrace.fuzz.Hostile;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import io.millrace.nn.optimizer.Optimizer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * Bytes of strangers in the place of saved state: restored, or refused with an {@link IllegalStateException} and a sentence. A learner
 * that has taken numbers that make no sense still takes examples or refuses them.
 */
class HostileStateTest {
    private static final int CHUNK_HEADER = 12;
    private static final int CONTENT = CHUNK_HEADER + 8; // behind magic and version
    private static final LearnerSpec PLAIN = Specs.regression(2).batch(8).build();
    private static final LearnerSpec RICH = Specs.classification()
            .optimizer(Optimizer.of("adam"), 0.01)
            .batch(8)
            .batchNorm(true)
            .holdout(0.3)
            .earlyStopping(2, 0)
            .curvatureEvery(2)
            .build();
    private static final List<LearnerSpec> SPECS = List.of(PLAIN, RICH);
    private static final List<byte[]> VALID =
            SPECS.stream().map(HostileStateTest::saved).toList();
    private static final Hostile HOSTILE = new Hostile(IllegalStateException.class::isInstance, 512 << 10, 64);

    private static byte[] saved(LearnerSpec spec) {
        NetworkLearner learner = new NetworkLearner(spec, report -> {});
        Example.feed(learner, spec, Example.stream(spec, 61, 1), 0, 61);
        return LearnerStateTest.saved(learner).get(0);
    }

    @Property(tries = 50, shrinking = ShrinkingMode.OFF)
    void shouldRefuseNoise(@ForAll long seed) {
        HOSTILE.feed(seed, Hostile::noise, bytes -> restore(PLAIN, List.of(bytes)));
    }

    @Property(tries = 50, shrinking = ShrinkingMode.OFF)
    void shouldRefuseDamage(@ForAll long seed) {
        HOSTILE.feed(seed, random -> Hostile.mutated(random, VALID.get(0), 0), bytes -> restore(PLAIN, List.of(bytes)));
    }

    /** What no chance does, since the checksum is right. */
    @Property(tries = 200, shrinking = ShrinkingMode.OFF)
    void shouldSurviveWrongNumbersUnderARightChecksum(@ForAll long seed) {
        LearnerSpec spec = SPECS.get((int) (seed & 1));
        byte[] valid = VALID.get((int) (seed & 1));
        HOSTILE.feed(seed, random -> sealed(Hostile.mutated(random, valid, CHUNK_HEADER)), bytes -> live(spec, bytes));
    }

    /** Numbers alone are changed, so that the state is restored and has to be lived with. */
    @Property(tries = 200, shrinking = ShrinkingMode.OFF)
    void shouldLearnOnWithAbsurdNumbers(@ForAll long seed) {
        LearnerSpec spec = SPECS.get((int) (seed & 1));
        byte[] valid = VALID.get((int) (seed & 1));
        HOSTILE.feed(seed, random -> sealed(absurd(random, valid)), bytes -> live(spec, bytes));
    }

    private static byte[] absurd(SplittableRandom random, byte[] valid) {
        ByteBuffer buffer = ByteBuffer.wrap(valid.clone()).order(ByteOrder.LITTLE_ENDIAN);
        int text = buffer.getInt(CONTENT);
        int at = random.nextInt(CONTENT + 4 + text, valid.length - 7);
        switch (random.nextInt(4)) {
            case 0 -> buffer.putInt(at, (int) Hostile.absurd(random));
            case 1 -> buffer.putLong(at, Hostile.absurd(random));
            case 2 -> buffer.putDouble(at, random.nextBoolean() ? Double.NaN : -1e300);
            default -> buffer.putFloat(at, random.nextBoolean() ? Float.NaN : -1e38f);
        }
        return buffer.array();
    }

    /** With the number of its one chunk and a checksum that is right. */
    private static byte[] sealed(byte[] chunk) {
        if (chunk.length >= CHUNK_HEADER) {
            CRC32C crc = new CRC32C();
            crc.update(chunk, 4, chunk.length - 4);
            ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN).putInt(0, (int) crc.getValue());
        }
        return chunk;
    }

    private static NetworkLearner restore(LearnerSpec spec, List<byte[]> chunks) {
        StateReader in = new StateReader(chunks);
        NetworkLearner learner = new NetworkLearner(spec, report -> {});
        learner.restore(in);
        learner.restoreBatch(in);
        return learner;
    }

    private static void live(LearnerSpec spec, byte[] chunk) {
        NetworkLearner learner = restore(spec, List.of(chunk));
        for (Example example : Example.stream(spec, 17, 2)) {
            try {
                example.learnedBy(learner);
                if (spec.validation().holdsOut()) {
                    learner.evaluate(example.features(), example.target(), 1, example.timestamp());
                }
            } catch (BadInputException e) {
                // refused, as any example may be
            }
        }
        learner.servedModel();
        learner.save(new StateWriter());
        learner.saveBatch(new StateWriter());
    }
}
