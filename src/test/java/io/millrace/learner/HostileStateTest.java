package io.millrace.learner;

import io.millrace.feature.Declaration;
import io.millrace.feature.InputLayout;
import io.millrace.feature.InputRow;
import io.millrace.feature.TableInput;
import io.millrace.fuzz.Hostile;
import io.millrace.learner.ensemble.EnsembleLearner;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.network.Example;
import io.millrace.learner.network.NetworkLearner;
import io.millrace.learner.network.Specs;
import io.millrace.learner.spec.LearnerKind;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import io.millrace.nn.optimizer.Optimizer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Bytes of strangers in the place of saved state: restored, or refused with an {@link IllegalStateException} and a sentence. A learner
 * that has taken numbers that make no sense still takes examples or refuses them, and what it saves then is restored.
 */
class HostileStateTest {
    private static final int CONTENT = StateWriter.HEADER_BYTES + 8; // behind magic and version
    private static final int MOST_BYTES = 2_400 * Hostile.FACTOR;
    /** The first two are no numbers as doubles, and each half is absurd as an integer and as a float, too. */
    private static final long[] ABSURD = {
        -1, Long.MAX_VALUE, Double.doubleToLongBits(-1e300), Double.doubleToLongBits(1e300)
    };

    private enum Kind {
        PLAIN(Specs.regression(2).batch(8).build()),
        RICH(Specs.classification()
                .optimizer(Optimizer.of("adam"), 0.01)
                .batch(8)
                .batchNorm(true)
                .holdout(0.3)
                .earlyStopping(2, 0)
                .curvatureEvery(2)
                .build()),
        DECLARED(Specs.multilabel()
                .batch(8)
                .declared(declaration("amount?: number, s: numbers(2x2), tags: set(9,2)"))
                .build()),
        ENSEMBLE(Specs.regression(1).ensemble().batch(8).holdout(0.3).build()),
        DECLARED_ENSEMBLE(Specs.classification()
                .ensemble()
                .batch(8)
                .declared(declaration("amount?: number, plan: oneof(a|b), tags: set(9,2)"))
                .build());

        private final LearnerSpec spec;
        private final List<byte[]> valid;
        private final Hostile hostile;

        Kind(LearnerSpec spec) {
            this.spec = spec;
            Learner learner = learner();
            feed(learner, 61, 1);
            valid = saved(learner);
            // vectors are objects until they are compiled, and those of an ensemble are many
            int constant = spec.kind() == LearnerKind.ENSEMBLE ? 64 << 20 : 512 << 10;
            hostile = new Hostile(IllegalStateException.class::isInstance, constant, 64);
        }

        private static Declaration declaration(String features) {
            return Declaration.parse("avro", features, "label", "", "");
        }

        private Learner learner() {
            return spec.kind() == LearnerKind.ENSEMBLE
                    ? new EnsembleLearner(spec, report -> {})
                    : new NetworkLearner(spec, report -> {});
        }

        private void feed(Learner learner, int count, long seed) {
            Random random = new Random(seed);
            List<Example> stream = Example.stream(spec, count, seed);
            for (int i = 0; i < count; i++) {
                Example example = stream.get(i);
                InputRow row = row(example, random);
                try {
                    learner.learn(row, example.target(), example.weight(), example.timestamp(), i);
                    if (spec.validation().holdsOut()) {
                        learner.evaluate(row, example.target(), 1, example.timestamp());
                    }
                } catch (BadInputException e) {
                    // refused, as any example may be
                }
            }
        }

        private InputRow row(Example example, Random random) {
            InputLayout layout = spec.layout();
            if (layout == null) {
                return InputRow.of(example.features());
            }
            InputRow row = new InputRow(layout);
            for (int j = 0; j < row.numbers().length; j++) {
                row.numbers()[j] = example.features()[j];
            }
            row.clear();
            for (int t = 0; t < layout.tables().size(); t++) {
                TableInput table = layout.tables().get(t);
                row.id(random.nextInt(table.rows()));
                row.endOfTable(t);
            }
            row.record(new byte[Integer.BYTES]); // so that all numbers lie at multiples
            return row;
        }

        private Learner restored(List<byte[]> chunks) {
            StateReader in = new StateReader(chunks);
            Learner learner = learner();
            learner.restore(in);
            learner.restoreBatch(in);
            return learner;
        }

        /** Restores a first chunk and the others as they were, and lets the learner live. */
        private void live(byte[] first) {
            List<byte[]> chunks = new ArrayList<>(valid);
            chunks.set(0, first);
            Learner learner = restored(chunks);
            try {
                feed(learner, 17, 2);
                learner.servedModel();
                restored(saved(learner));
            } catch (IllegalStateException e) { // which only the state itself may be answered with
                throw new AssertionError("a state was taken that ends in " + e, e);
            }
        }
    }

    private static List<byte[]> saved(Learner learner) {
        StateWriter out = new StateWriter();
        learner.save(out);
        learner.saveBatch(out);
        return out.chunks();
    }

    @Property(tries = 50, shrinking = ShrinkingMode.OFF)
    void shouldRefuseNoise(@ForAll long seed) {
        Kind.PLAIN.hostile.feed(seed, Hostile::noise, bytes -> Kind.PLAIN.restored(List.of(bytes)));
    }

    @Property(tries = 50, shrinking = ShrinkingMode.OFF)
    void shouldRefuseDamage(@ForAll long seed) {
        byte[] valid = Kind.PLAIN.valid.get(0);
        Kind.PLAIN.hostile.feed(
                seed, random -> Hostile.mutated(random, valid, 0), bytes -> Kind.PLAIN.restored(List.of(bytes)));
    }

    /** What no chance does, since the checksum is right. */
    @Property(tries = 200, shrinking = ShrinkingMode.OFF)
    void shouldSurviveWrongNumbersUnderARightChecksum(@ForAll long seed) {
        Kind kind = List.of(Kind.PLAIN, Kind.RICH).get((int) (seed & 1));
        byte[] valid = kind.valid.get(0);
        kind.hostile.feed(seed, random -> sealed(Hostile.mutated(random, valid, StateWriter.HEADER_BYTES)), kind::live);
    }

    /**
     * Each number in turn is changed alone, so that the state is restored and has to be lived with. Of an ensemble, most numbers behind the first
     * ones are weights.
     */
    @ParameterizedTest
    @EnumSource
    void shouldLearnOnWithAnAbsurdNumberAnywhere(Kind kind) {
        byte[] valid = kind.valid.get(0);
        int first = CONTENT + Integer.BYTES + copy(valid).getInt(CONTENT); // behind the text of the specification
        int last = Math.min(valid.length - Long.BYTES, first + MOST_BYTES);
        for (int at = first; at <= last; at += Integer.BYTES) {
            for (long absurd : ABSURD) {
                byte[] bytes = sealed(copy(valid).putLong(at, absurd).array());
                kind.hostile.feed("byte " + at, bytes, kind::live);
            }
        }
    }

    private static ByteBuffer copy(byte[] valid) {
        return ByteBuffer.wrap(valid.clone()).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** With a checksum that is right. */
    private static byte[] sealed(byte[] chunk) {
        if (chunk.length >= StateWriter.HEADER_BYTES) {
            CRC32C crc = new CRC32C();
            crc.update(chunk, 4, chunk.length - 4);
            ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN).putInt(0, (int) crc.getValue());
        }
        return chunk;
    }
}
