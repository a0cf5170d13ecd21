package io.millrace.nn.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.nn.activation.Activation;
import io.millrace.nn.initializer.HeNormal;
import io.millrace.nn.kernels.Floats;
import io.millrace.nn.kernels.Kernels;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.kernels.ScalarKernels;
import io.millrace.nn.layer.Block;
import io.millrace.nn.layer.Dense;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.layer.LayerKind;
import io.millrace.nn.layer.SparseDense;
import io.millrace.nn.layer.Tokens;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.optimizer.Optimizer;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A layer with sparse inputs against a dense one on the same inputs, written out. */
class SparseDenseTest {
    private static final int SPARSE = 50;
    private static final int UNITS = 70; // four vectors, and one
    private static final int MAX_ROWS = 9;

    private final Random random = new Random(1);
    private final Tokens tokens = new Tokens(MAX_ROWS, 1);
    private final float[] targets = new float[MAX_ROWS];
    private final float[] weights = new float[MAX_ROWS];
    private final float[] losses = new float[MAX_ROWS];
    private final float[] scores = new float[MAX_ROWS * 3];
    private final TreeSet<Integer> met = new TreeSet<>();
    private float[] numbers;
    private float[] written;

    private static Trainer trainer(int inputs, LayerKind first, Optimizer optimizer, Kernels kernels) {
        Architecture architecture = new Architecture(
                inputs,
                List.of(new Layer(first, Activation.TANH), new Layer(new Dense(3), Activation.IDENTITY)),
                Loss.SOFTMAX_CROSS_ENTROPY);
        Network network = new Network(architecture, kernels);
        Trainer trainer = new Trainer(network, optimizer, MAX_ROWS);
        network.initialize(trainer.parameters(), new HeNormal(), 5);
        return trainer;
    }

    private Trainer sparse(int dense, Optimizer optimizer, Kernels kernels) {
        Trainer trainer = trainer(dense, new SparseDense(UNITS, SPARSE), optimizer, kernels);
        trainer.tokens(tokens);
        return trainer;
    }

    /** Rows of numbers and of four sparse inputs with ascending ids. */
    private void draw(int rows, int dense) {
        int width = dense + SPARSE;
        numbers = new float[rows * dense];
        written = new float[rows * width];
        tokens.clear();
        met.clear();
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < dense; j++) {
                numbers[i * dense + j] = (float) random.nextGaussian();
                written[i * width + j] = numbers[i * dense + j];
            }
            TreeSet<Integer> ids = new TreeSet<>();
            while (ids.size() < 4) {
                ids.add(random.nextInt(SPARSE / 2) * 2); // no odd one
            }
            tokens.addRow();
            for (int id : ids) {
                float value = random.nextFloat();
                tokens.addId(id, value);
                written[i * width + dense + id] = value;
            }
            tokens.endTable(0);
            met.addAll(ids);
            targets[i] = random.nextInt(3);
            weights[i] = 1 + i % 2;
        }
    }

    /** With vectors, RMSProp updates the rows that a single row meets at once, without collecting them. */
    @ParameterizedTest
    @ValueSource(ints = {1, MAX_ROWS})
    void shouldCopyTheRowsThatHaveChanged(int rows) {
        Trainer trainer = sparse(2, Optimizer.of("rmsprop"), KernelsProvider.kernels());
        float[] copy = new float[trainer.network().parameterCount()];
        float[] expected = new float[copy.length];
        long former = Trainer.NO_COPY;
        for (int i = 0; i < 5; i++) {
            former = trainer.copyParameters(copy, former);
            draw(rows, 2);
            trainer.step(numbers, targets, weights, rows, 0.1f, losses, scores, false);
        }
        trainer.copyParameters(copy, former);
        trainer.network().toCanonical(trainer.parameters(), expected);
        assertThat(copy).isEqualTo(expected);
    }

    private static Block table(Trainer trainer) {
        return trainer.network().layout().blocks().stream()
                .filter(block -> block.layer() == Block.TABLES)
                .findFirst()
                .orElseThrow();
    }

    /** A dense trainer with the parameters of the sparse one. */
    private static Trainer writtenOut(Trainer sparse, int dense, Optimizer optimizer, Kernels kernels) {
        Trainer all = trainer(dense + SPARSE, new Dense(UNITS), optimizer, kernels);
        Block to = all.network().layout().block(0, "weight");
        copy(sparse, sparse.network().layout().block(0, "weight"), all, to.offset());
        copy(sparse, table(sparse), all, to.offset() + dense * to.stride());
        copy(
                sparse,
                sparse.network().layout().block(1, "weight"),
                all,
                all.network().layout().block(1, "weight").offset());
        return all;
    }

    private static void copy(Trainer from, Block block, Trainer to, int offset) {
        System.arraycopy(from.parameters(), block.offset(), to.parameters(), offset, block.end() - block.offset());
    }

    /** A zero that is added to a chain changes no bit of it. */
    @ParameterizedTest
    @CsvSource({"1, 3", "1, 0", "9, 3", "9, 0"})
    void shouldStepLikeTheDenseLayerOnTheRowsThatAreMet(int rows, int dense) {
        for (Kernels kernels : new Kernels[] {new ScalarKernels(), KernelsProvider.kernels()}) {
            for (Optimizer optimizer :
                    new Optimizer[] {Optimizer.of("rmsprop"), Optimizer.of("adam"), Optimizer.of("sgd")}) {
                draw(rows, dense);
                Trainer sparse = sparse(dense, optimizer, kernels);
                Trainer all = writtenOut(sparse, dense, optimizer, kernels);
                float[] before = sparse.parameters().clone();
                step(sparse, numbers, rows);
                float[] lossesOfSparse = losses.clone();
                float[] scoresOfSparse = scores.clone();
                step(all, written, rows);

                Floats.assertSameBits("losses", lossesOfSparse, losses);
                Floats.assertSameBits("scores", scoresOfSparse, scores);
                Block table = table(sparse);
                Block weight = all.network().layout().block(0, "weight");
                int stride = table.stride();
                float[] expected = before;
                for (int id : met) {
                    int from = weight.offset() + (dense + id) * stride;
                    System.arraycopy(all.parameters(), from, expected, table.offset() + id * stride, stride);
                }
                for (String part : List.of("weight", "bias")) {
                    for (int layer : new int[] {0, 1}) {
                        Block own = sparse.network().layout().block(layer, part);
                        int from = all.network().layout().block(layer, part).offset();
                        System.arraycopy(all.parameters(), from, expected, own.offset(), own.end() - own.offset());
                    }
                }
                Floats.assertSameBits("parameters", sparse.parameters(), expected);
            }
        }
    }

    private void step(Trainer trainer, float[] inputs, int rows) {
        assertThat(trainer.step(inputs, targets, weights, rows, 0.01f, losses, scores, false))
                .isEqualTo(StepOutcome.TAKEN);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7})
    void shouldFollowTheSlopeOfTheLoss(int rows) {
        draw(rows, 2);
        Trainer trainer = sparse(2, Optimizer.of("sgd"), KernelsProvider.kernels());
        assertThat(trainer.computeGradient(numbers, targets, weights, rows, losses, scores))
                .isTrue();
        float[] gradient = trainer.gradient().clone();
        Block table = table(trainer);
        int id = met.first();
        for (int j = 0; j < UNITS; j++) {
            int at = table.offset() + id * table.stride() + j;
            double slope = (loss(trainer, at, 1e-2f, rows) - loss(trainer, at, -1e-2f, rows)) / 2e-2;
            assertThat((double) gradient[at]).isCloseTo(slope, within(2e-3));
        }
    }

    private double loss(Trainer trainer, int at, float change, int rows) {
        float before = trainer.parameters()[at];
        trainer.parameters()[at] += change;
        trainer.evaluate(numbers, targets, rows, losses, scores);
        trainer.parameters()[at] = before;
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            sum += weights[i] * losses[i];
        }
        return sum / rows;
    }

    @Test
    void shouldTrainToTheSameBitsWithAllKernels() {
        Trainer scalar = sparse(3, Optimizer.of("rmsprop"), new ScalarKernels());
        Trainer chosen = sparse(3, Optimizer.of("rmsprop"), KernelsProvider.kernels());
        for (int i = 0; i < 60; i++) {
            int rows = i % 3 == 0 ? 1 : MAX_ROWS;
            draw(rows, 3);
            step(scalar, numbers, rows);
            step(chosen, numbers, rows);
        }
        Floats.assertSameBits("parameters", chosen.parameters(), scalar.parameters());
        Floats.assertSameBits("mean squares", chosen.moments()[0], scalar.moments()[0]);
    }

    /** The parts of a step, as a learner calls them that predicts an example when it arrives. */
    @Test
    void shouldLearnFromThePassOfThePrediction() {
        Trainer whole = sparse(3, Optimizer.of("rmsprop"), KernelsProvider.kernels());
        Trainer parts = sparse(3, Optimizer.of("rmsprop"), KernelsProvider.kernels());
        for (int i = 0; i < 20; i++) {
            draw(1, 3);
            step(whole, numbers, 1);
            float[] expected = scores.clone();
            parts.predict(numbers, 1);
            float logit = parts.logits()[0];
            assertThat(parts.learn(numbers, targets, weights, 1, 0.01f, losses, scores, false))
                    .isEqualTo(StepOutcome.TAKEN);
            Floats.assertSameBits("scores", scores, expected);
            assertThat(parts.logits()[0]).isEqualTo(logit); // still that of the prediction
        }
        Floats.assertSameBits("parameters", parts.parameters(), whole.parameters());
    }
}
