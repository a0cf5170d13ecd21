package io.millrace.nn.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.millrace.Allocations;
import io.millrace.nn.activation.Activation;
import io.millrace.nn.initializer.XavierUniform;
import io.millrace.nn.kernels.Kernels;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.kernels.ScalarKernels;
import io.millrace.nn.layer.Block;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.layer.Table;
import io.millrace.nn.layer.Tokens;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.optimizer.Clipping;
import io.millrace.nn.optimizer.Optimizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Embedding tables against the same network on shares of one-hot vectors, and their lazy updates. */
class EmbeddingTest {
    private static final int NUMBERS = 2;
    private static final List<Table> TABLES = List.of(new Table(5, 3), new Table(40, 2));
    private static final List<Layer> LAYERS = List.of(new Layer(6, Activation.TANH), new Layer(3, Activation.IDENTITY));
    private static final Architecture EMBEDDING = new Architecture(NUMBERS, TABLES, LAYERS, Loss.SOFTMAX_CROSS_ENTROPY);
    private static final int ROWS = 7;

    private final Random random = new Random(3);
    private final float[] inputs = new float[ROWS * NUMBERS];
    private final float[] targets = new float[ROWS];
    private final float[] weights = new float[ROWS];
    private final float[] losses = new float[ROWS];
    private final float[] scores = new float[ROWS * 3];
    private final int[][] ids = new int[ROWS][];
    private final int[][] ends = new int[ROWS][];
    private final Tokens tokens = new Tokens(ROWS, TABLES.size());

    private Trainer trainer(Optimizer optimizer, Clipping clipping, Kernels kernels) {
        Network network = new Network(EMBEDDING, kernels);
        Trainer trainer = new Trainer(network, optimizer, List.of(), clipping, ROWS, 0);
        network.initialize(trainer.parameters(), new XavierUniform(), 5);
        trainer.tokens(tokens);
        return trainer;
    }

    private static void drawTables(Trainer trainer, long seed) {
        Random random = new Random(seed);
        for (Block block : trainer.network().layout().blocks()) {
            for (int i = 0; block.layer() == Block.TABLES && i < block.rows(); i++) {
                for (int j = 0; j < block.width(); j++) {
                    trainer.parameters()[block.index(i, j)] = (float) random.nextGaussian() / 4;
                }
            }
        }
    }

    /** One to three ids a table, some of them twice in a row. */
    private void draw() {
        tokens.clear();
        for (int row = 0; row < ROWS; row++) {
            for (int j = 0; j < NUMBERS; j++) {
                inputs[row * NUMBERS + j] = (float) random.nextGaussian();
            }
            targets[row] = random.nextInt(3);
            weights[row] = 1 + row % 2;
            int first = 1 + random.nextInt(3);
            int second = 1 + random.nextInt(3);
            ids[row] = new int[first + second];
            for (int i = 0; i < first + second; i++) {
                ids[row][i] = random.nextInt(i < first ? 5 : 40);
            }
            ends[row] = new int[] {first, first + second};
            tokens.add(ids[row], ends[row]);
        }
    }

    private void step(Trainer trainer, int rows) {
        assertThat(trainer.step(inputs, targets, weights, rows, 0.01f, losses, scores, true))
                .isEqualTo(StepOutcome.TAKEN);
    }

    /** The same function as a dense network: numbers and shares of ids, times four, through a matrix that holds an identity and the tables. */
    @Test
    void shouldHaveTheLossesAndGradientsOfALinearLayerOnSharesOfOneHotVectors() {
        Trainer embedding = trainer(Optimizer.of("sgd"), Clipping.NONE, KernelsProvider.kernels());
        drawTables(embedding, 9);
        draw();
        embedding.computeGradient(inputs, targets, weights, ROWS, losses, scores);
        float[] lossesOfEmbedding = losses.clone();

        List<Layer> layers = new ArrayList<>(List.of(new Layer(NUMBERS + 3 + 2, Activation.IDENTITY)));
        layers.addAll(LAYERS);
        Architecture dense = new Architecture(NUMBERS + 5 + 40, layers, Loss.SOFTMAX_CROSS_ENTROPY);
        Network network = new Network(dense, KernelsProvider.kernels());
        Trainer reference = new Trainer(network, Optimizer.of("sgd"), ROWS);
        copy(embedding, "weight", 0, reference, 1);
        copy(embedding, "bias", 0, reference, 1);
        copy(embedding, "weight", 1, reference, 2);
        copy(embedding, "bias", 1, reference, 2);
        Block matrix = network.layout().block(0, "weight");
        for (int j = 0; j < NUMBERS; j++) {
            reference.parameters()[matrix.index(j, j)] = 1;
        }
        Block[] tables = embedding.network().layout().blocks().stream()
                .filter(block -> block.layer() == Block.TABLES)
                .toArray(Block[]::new);
        forTables(
                tables,
                matrix,
                (at, to) -> reference.parameters()[to] = embedding.parameters()[at]);
        reference.computeGradient(shares(), targets, weights, ROWS, losses, scores);

        assertThat(lossesOfEmbedding).containsExactly(losses, within(1e-6f));
        forTables(
                tables,
                matrix,
                (at, to) ->
                        assertThat(embedding.gradient()[at]).isCloseTo(reference.gradient()[to], within(1e-6f)));
        Block first = embedding.network().layout().block(0, "weight");
        Block second = network.layout().block(1, "weight");
        for (int i = 0; i < first.end() - first.offset(); i++) {
            assertThat(embedding.gradient()[first.offset() + i])
                    .isCloseTo(reference.gradient()[second.offset() + i], within(1e-6f));
        }
    }

    private float[] shares() {
        int width = NUMBERS + 5 + 40;
        float[] x = new float[ROWS * width];
        for (int row = 0; row < ROWS; row++) {
            System.arraycopy(inputs, row * NUMBERS, x, row * width, NUMBERS);
            for (int i = 0; i < ids[row].length; i++) {
                boolean first = i < ends[row][0];
                int count = first ? ends[row][0] : ends[row][1] - ends[row][0];
                x[row * width + NUMBERS + (first ? 0 : 5) + ids[row][i]] += 4f / count;
            }
        }
        return x;
    }

    @FunctionalInterface
    private interface Places {
        void accept(int inTables, int inMatrix);
    }

    private static void forTables(Block[] tables, Block matrix, Places places) {
        int row = NUMBERS;
        int column = NUMBERS;
        for (Block table : tables) {
            for (int i = 0; i < table.rows(); i++) {
                for (int j = 0; j < table.width(); j++) {
                    places.accept(table.index(i, j), matrix.index(row + i, column + j));
                }
            }
            row += table.rows();
            column += table.width();
        }
    }

    private static void copy(Trainer from, String name, int layer, Trainer to, int toLayer) {
        Block source = from.network().layout().block(layer, name);
        Block target = to.network().layout().block(toLayer, name);
        System.arraycopy(
                from.parameters(), source.offset(), to.parameters(), target.offset(), source.end() - source.offset());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sgd", "momentum", "nesterov", "nesterov_torch", "adagrad", "rmsprop", "adam", "adamw"})
    void shouldMoveOnlyTheRowsThatABatchMeets(String optimizer) {
        Trainer trainer = trainer(Optimizer.of(optimizer), new Clipping(1.0), KernelsProvider.kernels());
        for (int s = 0; s < 20; s++) {
            draw();
            float[] before = trainer.parameters().clone();
            List<float[]> moments = new ArrayList<>();
            for (float[] moment : trainer.moments()) {
                moments.add(moment.clone());
            }
            step(trainer, ROWS);

            for (int t = 0; t < TABLES.size(); t++) {
                Set<Integer> met = met(t);
                int moved = 0;
                Block block = trainer.network().layout().block(Block.TABLES, "table " + (t + 1));
                for (int i = 0; i < block.rows(); i++) {
                    int at = block.offset() + i * block.stride();
                    boolean same = same(before, trainer.parameters(), at);
                    if (met.contains(i)) {
                        moved += same ? 0 : 1;
                        continue;
                    }
                    assertThat(same).isTrue();
                    for (int m = 0; m < moments.size(); m++) {
                        assertThat(same(moments.get(m), trainer.moments()[m], at))
                                .isTrue();
                    }
                    assertThat(trainer.gradient()[at]).isZero();
                }
                assertThat(moved).isEqualTo(met.size());
            }
        }
    }

    private Set<Integer> met(int table) {
        Set<Integer> met = new HashSet<>();
        for (int row = 0; row < ROWS; row++) {
            for (int i = table == 0 ? 0 : ends[row][0]; i < ends[row][table]; i++) {
                met.add(ids[row][i]);
            }
        }
        return met;
    }

    private static boolean same(float[] a, float[] b, int at) {
        return a[at] == b[at] && a[at + 1] == b[at + 1];
    }

    @ParameterizedTest
    @ValueSource(ints = {1, ROWS})
    void shouldHaveTheSameBitsWithAllKernels(int rows) {
        Trainer vector = trainer(Optimizer.of("adam"), new Clipping(0.5), KernelsProvider.kernels());
        Trainer scalar = trainer(Optimizer.of("adam"), new Clipping(0.5), new ScalarKernels());
        for (int s = 0; s < 50; s++) {
            draw();
            step(vector, rows);
            step(scalar, rows);
        }
        assertThat(vector.parameters()).isEqualTo(scalar.parameters());
        assertThat(vector.gradientNorm()).isEqualTo(scalar.gradientNorm()).isPositive();
    }

    @Test
    void shouldMultiplyByTheHessianAsTheGradientChanges() {
        Trainer trainer = trainer(Optimizer.of("sgd"), Clipping.NONE, KernelsProvider.kernels());
        drawTables(trainer, 2);
        draw();
        trainer.computeGradient(inputs, targets, weights, ROWS, losses, scores);
        float[] v = trainer.gradient().clone();
        float[] product = new float[v.length];
        trainer.multiplyByHessian(inputs, targets, weights, ROWS, losses, scores, v, product);

        float h = 3e-3f;
        float[] point = trainer.parameters().clone();
        float[] up = gradientAt(trainer, point, v, h);
        float[] down = gradientAt(trainer, point, v, -h);
        for (int i = 0; i < v.length; i++) {
            assertThat(product[i]).isCloseTo((up[i] - down[i]) / (2 * h), within(2e-3f + 0.02f * Math.abs(product[i])));
        }
    }

    private float[] gradientAt(Trainer trainer, float[] point, float[] v, float h) {
        for (int i = 0; i < v.length; i++) {
            trainer.parameters()[i] = point[i] + h * v[i];
        }
        trainer.computeGradient(inputs, targets, weights, ROWS, losses, scores);
        return trainer.gradient().clone();
    }

    /** The tables have 45 rows, and the last 16 that were met are known. */
    @Test
    void shouldCopyTheParametersAgainWhateverHasChangedSince() {
        Trainer trainer = trainer(Optimizer.of("adam"), Clipping.NONE, KernelsProvider.kernels());
        float[] often = new float[trainer.network().parameterCount()];
        float[] seldom = often.clone();
        float[] expected = often.clone();
        long ofOften = Trainer.NO_COPY;
        long ofSeldom = Trainer.NO_COPY;
        for (int i = 0; i < 60; i++) {
            for (int s = i % 3; s > 0; s--) {
                draw();
                step(trainer, 1 + i % ROWS);
            }
            if (i % 20 == 19) {
                drawTables(trainer, i);
                trainer.parametersReplaced();
            }
            trainer.network().toCanonical(trainer.parameters(), expected);
            ofOften = trainer.copyParameters(often, ofOften);
            assertThat(often).isEqualTo(expected);
            if (i % 5 == 0) {
                ofSeldom = trainer.copyParameters(seldom, ofSeldom);
                assertThat(seldom).isEqualTo(expected);
            }
        }
    }

    @Test
    void shouldCopyOnlyTheRowsThatHaveChanged() {
        Trainer trainer = trainer(Optimizer.of("sgd"), Clipping.NONE, KernelsProvider.kernels());
        float[] copy = new float[trainer.network().parameterCount()];
        long former = trainer.copyParameters(copy, Trainer.NO_COPY);
        Block table = trainer.network().layout().blocks().get(5);
        draw();
        step(trainer, 1);
        Arrays.fill(copy, -7f);
        trainer.copyParameters(copy, former);
        for (int row = 0; row < table.rows(); row++) {
            int id = row;
            boolean met = Arrays.stream(ids[0], ends[0][0], ends[0][1]).anyMatch(other -> other == id);
            assertThat(copy[table.canonicalOffset() + row * table.width()] == -7f)
                    .as("row %s", row)
                    .isEqualTo(!met);
        }
    }

    @Test
    @Tag("allocation")
    void shouldAllocateNothingInASteadyStep() {
        Trainer trainer = trainer(Optimizer.of("adam"), Clipping.NONE, KernelsProvider.kernels());
        draw();
        assertThat(Allocations.settledBytes(() -> {
                    for (int s = 0; s < 200; s++) {
                        trainer.step(inputs, targets, weights, s % 2 == 0 ? ROWS : 1, 0.001f, losses, scores, false);
                    }
                }))
                .isZero();
    }

    @Test
    void shouldNameTheParametersOfTablesAndRefuseNetworksWithoutInputs() {
        Network network = new Network(EMBEDDING, KernelsProvider.kernels());
        assertThat(EMBEDDING.shape()).startsWith("2+5x3+40x2-6:tanh");
        assertThat(network.layout().nameOf(network.parameterCount() - 1)).isEqualTo("table 2 [39][1]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Architecture(0, LAYERS, Loss.SOFTMAX_CROSS_ENTROPY))
                .withMessageContaining("0 inputs");
        Architecture tablesAlone = new Architecture(0, TABLES, LAYERS, Loss.SOFTMAX_CROSS_ENTROPY);
        assertThat(tablesAlone.inputsOf(0)).isEqualTo(5);
    }
}
