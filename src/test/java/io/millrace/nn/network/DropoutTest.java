package io.millrace.nn.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.millrace.nn.activation.Activation;
import io.millrace.nn.kernels.Floats;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.layer.Node;
import io.millrace.nn.layer.Pass;
import io.millrace.nn.layer.Ports;
import io.millrace.nn.layer.Rows;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.optimizer.Clipping;
import io.millrace.nn.optimizer.Optimizer;
import io.millrace.nn.optimizer.Sgd;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DropoutTest {
    private static final Architecture PLAIN =
            TrainingRun.architecture(Loss.SOFTMAX_CROSS_ENTROPY, Activation.TANH, 5, 20, 9, 3);
    private static final Architecture DROPPING = TrainingRun.dropping(PLAIN);

    private static TrainingRun run(Architecture architecture, Optimizer optimizer, int rows) {
        return new TrainingRun(architecture, optimizer, KernelsProvider.kernels(), rows, 11);
    }

    /** What dropout leaves of ones that enter the last of so many layers {@code [rows x stride]}. */
    private static float[] left(int layer, double p, long seed, int width, int rows, long step, boolean fromInput) {
        List<Layer> layers = new ArrayList<>(Collections.nCopies(layer + 1, new Layer(width, Activation.IDENTITY)));
        Layer last = layers.get(layer).withInputDropout(Math.max(p, Double.MIN_VALUE));
        layers.set(layer, fromInput ? last.from("input").plus(String.valueOf(layer)) : last);
        Graph graph = new Architecture(width, layers, Loss.HALF_MEAN_SQUARED_ERROR).graph();
        Node dropout = IntStream.range(0, graph.size())
                .filter(n -> graph.layer(n) == layer && graph.node(n).trainingOnly())
                .mapToObj(graph::node)
                .findFirst()
                .orElseThrow();
        Rows ones = fromInput ? Rows.unpadded(width) : new Rows(rows, width);
        if (fromInput) {
            ones.pointTo(new float[rows * width]);
        }
        Arrays.fill(ones.floats(), 1f);
        Rows left = new Rows(rows, width);
        Pass pass = new Pass(KernelsProvider.kernels());
        pass.forward(new float[0], new float[0], rows);
        pass.draw(seed, step);
        dropout.prepareTraining(pass, rows, null);
        dropout.forward(pass, new Ports(new Rows[] {ones}, left));
        return left.floats();
    }

    /** The same without padding, {@code [rows x width]}. */
    private static float[] mask(int layer, double p, long seed, int width, int rows, long step) {
        float[] left = left(layer, p, seed, width, rows, step, false);
        int stride = left.length / rows;
        float[] unpadded = new float[rows * width];
        for (int i = 0; i < rows; i++) {
            System.arraycopy(left, i * stride, unpadded, i * width, width);
        }
        return unpadded;
    }

    /** Both within five standard deviations. */
    @Property(tries = 100)
    void shouldDropThatPartAndKeepTheExpectation(@ForAll @IntRange(min = 0, max = 95) int percent, @ForAll long seed) {
        double p = percent / 100.0;
        int count = 0;
        double sum = 0;
        int steps = 50;
        for (long step = 0; step < steps; step++) {
            for (float m : mask(1, p, seed, 20, 10, step)) {
                count += m == 0 ? 1 : 0;
                sum += m;
                assertThat(m == 0f || m == (float) (1 / (1 - p))).isTrue();
            }
        }
        int n = steps * 200;
        assertThat(count / (double) n).isCloseTo(p, within(1e-9 + 5 * Math.sqrt(p * (1 - p) / n)));
        assertThat(sum / n).isCloseTo(1, within(1e-6 + 5 * Math.sqrt(p / (1 - p) / n)));
    }

    @Property(tries = 50)
    void shouldDropIndependentlyOverSeedsStepsLayersRowsAndInputs(@ForAll long seed) {
        List<LongFunction<float[]>> neighbours = List.of(
                k -> mask(0, 0.5, seed + k, 100, 40, 7),
                k -> mask(0, 0.5, seed, 100, 40, k),
                k -> mask((int) k, 0.5, seed, 100, 40, 7),
                k -> Arrays.copyOfRange(mask(0, 0.5, seed, 100, 44, 7), (int) k * 100, (int) k * 100 + 4000),
                k -> Arrays.copyOfRange(mask(0, 0.5, seed, 100, 44, 7), (int) k, (int) k + 4000));
        for (LongFunction<float[]> masks : neighbours) {
            float[] base = masks.apply(0);
            for (long k : LongStream.range(1, 4).toArray()) {
                float[] other = masks.apply(k);
                int equal = 0;
                for (int i = 0; i < 4000; i++) {
                    equal += base[i] == other[i] ? 1 : 0;
                }
                assertThat(equal / 4000.0).isCloseTo(0.5, within(6 * 0.5 / Math.sqrt(4000)));
            }
        }
    }

    @Test
    void shouldDropTheSameWhateverThePaddingAndTheSizeOfTheBatch() {
        float[] narrow = left(1, 0.5, 3, 20, 8, 4, true);
        float[] padded = left(1, 0.5, 3, 20, 11, 4, false);
        for (int i = 0; i < 8; i++) {
            assertThat(Arrays.copyOfRange(padded, i * 32, i * 32 + 20))
                    .containsExactly(Arrays.copyOfRange(narrow, i * 32, i * 32 + 20));
            assertThat(Arrays.copyOfRange(padded, i * 32 + 20, (i + 1) * 32)).containsOnly(0f);
        }
    }

    @Test
    void shouldDropTheseOnEveryMachine() {
        assertThat(Arrays.hashCode(left(2, 0.3, -5, 70, 9, 1L << 40, false))).isEqualTo(2033252557);
    }

    @Test
    void shouldPredictOnArrivalWithEveryInput() {
        for (String optimizer : List.of("sgd", "nesterov", "adam")) {
            TrainingRun run = run(DROPPING, Optimizer.of(optimizer), 8);
            run.steps(5);
            TrainingRun whole = run(PLAIN, new Sgd(), 8);
            System.arraycopy(
                    run.trainer.parameters(), 0, whole.trainer.parameters(), 0, whole.network.parameterLength());
            whole.trainer.evaluate(run.inputs, run.targets, 8, whole.losses, whole.scores);
            float[] inputs = run.inputs.clone();
            run.step();
            Floats.assertSameBits("losses", run.losses, whole.losses);
            Floats.assertSameBits("scores", run.scores, whole.scores);
            Floats.assertSameBits("inputs", run.inputs, inputs);
        }
    }

    @Test
    void shouldNotMoveTheWeightsOfADroppedInput() {
        TrainingRun run = run(DROPPING, new Sgd(), 1);
        int dropped = 0;
        for (int step = 0; step < 50; step++) {
            float[] mask = mask(0, 0.2, 11, 5, 1, step);
            run.steps(1);
            for (int k = 0; k < 5; k++) {
                boolean moved = false;
                for (int j = 0; j < 20; j++) {
                    moved |= run.trainer.gradient()[k * 32 + j] != 0;
                }
                assertThat(moved).isEqualTo(mask[k] != 0);
                dropped += moved ? 0 : 1;
            }
        }
        assertThat(dropped).isBetween(25, 75);
    }

    @Test
    void shouldNeedNothingButTheStepCounterToContinue() {
        TrainingRun run = run(DROPPING, Optimizer.of("sgd"), 8);
        run.steps(7);
        Trainer resumed = resumed(run);
        resumed.steps(7);
        Trainer forgetful = resumed(run);
        for (Trainer trainer : List.of(resumed, forgetful)) {
            trainer.step(run.inputs, run.targets, run.weights, 8, 0.01f, new float[8], new float[24], false);
        }
        run.step();
        Floats.assertSameBits("parameters", resumed.parameters(), run.trainer.parameters());
        assertThat(forgetful.parameters()).isNotEqualTo(run.trainer.parameters());
    }

    private static Trainer resumed(TrainingRun run) {
        Trainer resumed = new Trainer(run.network, new Sgd(), List.of(), Clipping.NONE, 8, 11);
        System.arraycopy(run.trainer.parameters(), 0, resumed.parameters(), 0, run.network.parameterLength());
        return resumed;
    }

    @Test
    void shouldLearn() {
        TrainingRun run = run(TrainingRun.dropping(TrainingRun.normalized(PLAIN)), Optimizer.of("adam"), 32);
        double first = 0;
        double last = 0;
        for (int i = 0; i < 1500; i++) {
            for (int r = 0; r < 32; r++) { // the class is where the first input lies
                run.targets[r] = run.inputs[r * 5] < -0.5f ? 0 : run.inputs[r * 5] < 0.5f ? 1 : 2;
            }
            run.step();
            for (float loss : run.losses) {
                first += i < 50 ? loss / (50 * 32) : 0;
                last += i >= 1450 ? loss / (50 * 32) : 0;
            }
            run.draw();
        }
        assertThat(first).isGreaterThan(0.7);
        assertThat(last).isLessThan(0.5);
    }

    @Test
    void shouldBeAPlainLayerWithoutProbability() {
        assertThat(new Layer(3, Activation.RELU).withInputDropout(0)).isEqualTo(new Layer(3, Activation.RELU));
        assertThat(new Layer(3, Activation.RELU).dropsInputs()).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Layer(3, Activation.RELU).withInputDropout(1))
                .withMessage("dropout = 1.0 is out of range: it must be at least 0 and below 1");
    }
}
