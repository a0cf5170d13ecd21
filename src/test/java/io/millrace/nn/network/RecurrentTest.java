package io.millrace.nn.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.nn.activation.Activation;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.layer.Block;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.layer.Node;
import io.millrace.nn.layer.Ports;
import io.millrace.nn.layer.Shape;
import io.millrace.nn.layer.recurrent.Cell;
import io.millrace.nn.layer.recurrent.Elman;
import io.millrace.nn.layer.recurrent.Gru;
import io.millrace.nn.layer.recurrent.Lstm;
import io.millrace.nn.layer.recurrent.Recurrent;
import io.millrace.nn.layer.recurrent.States;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.optimizer.Sgd;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What recurrent layers are by definition. That their gradients are slopes, {@link GradientCheckTest} says. */
class RecurrentTest {
    private static final double H = 1e-5;

    @Provide
    Arbitrary<Cell> cells() {
        return Arbitraries.of(new Elman(false), new Elman(true), new Lstm(), new Gru());
    }

    private static TrainingRun run(Recurrent kind, int rows, long seed) {
        Architecture architecture = new Architecture(
                kind.in().size(),
                List.of(new Layer(kind, Activation.IDENTITY), new Layer(2, Activation.IDENTITY)),
                Loss.HALF_MEAN_SQUARED_ERROR);
        TrainingRun run = new TrainingRun(architecture, new Sgd(), KernelsProvider.kernels(), rows, seed);
        Random random = new Random(seed);
        float[] canonical = new float[run.network.parameterCount()];
        for (int i = 0; i < canonical.length; i++) {
            canonical[i] = 0.6f * (float) random.nextGaussian();
        }
        run.network.fromCanonical(canonical, run.trainer.parameters());
        return run;
    }

    /** A layer's states, which are the output of a network without another layer. */
    private static float[] states(Recurrent kind, int rows, long seed) {
        Layer only = new Layer(kind, Activation.IDENTITY);
        Architecture architecture = new Architecture(kind.in().size(), List.of(only), Loss.HALF_MEAN_SQUARED_ERROR);
        TrainingRun run = new TrainingRun(architecture, new Sgd(), KernelsProvider.kernels(), rows, seed);
        Workspace workspace = run.network.workspace(rows);
        Random random = new Random(seed); // the targets of both kinds take different numbers of draws
        for (int i = 0; i < run.inputs.length; i++) {
            run.inputs[i] = (float) random.nextGaussian();
        }
        run.network.forward(run.trainer.parameters(), run.inputs, rows, workspace);
        float[] states = new float[rows * kind.units()];
        for (int i = 0; i < rows; i++) {
            System.arraycopy(workspace.logits(), i * workspace.logitsStride(), states, i * kind.units(), kind.units());
        }
        return states;
    }

    @Property(tries = 80)
    void theLastStateShouldBeTheLastOfAll(
            @ForAll("cells") Cell cell,
            @ForAll @IntRange(min = 2, max = 9) int steps,
            @ForAll @IntRange(min = 1, max = 20) int size,
            @ForAll @IntRange(min = 1, max = 5) int rows,
            @ForAll long seed) {
        Shape in = new Shape(steps, 1, 3);
        float[] last = states(new Recurrent(in, cell, size, steps, States.LAST), rows, seed);
        float[] all = states(new Recurrent(in, cell, size, steps, States.ALL), rows, seed);
        for (int i = 0; i < rows; i++) {
            assertThat(Arrays.copyOfRange(last, i * size, (i + 1) * size))
                    .containsExactly(Arrays.copyOfRange(all, ((i + 1) * steps - 1) * size, (i + 1) * steps * size));
        }
    }

    /** A block of truncated backpropagation through time takes the state before it for a constant: the slope of such a network is its gradient. */
    @Property(tries = 80, seed = "1") // of many units with a rectifier, one may bend
    void aBlockShouldTakeTheStateBeforeItForAConstant(
            @ForAll("cells") Cell cell,
            @ForAll @IntRange(min = 2, max = 9) int steps,
            @ForAll @IntRange(min = 1, max = 5) int truncate,
            @ForAll @IntRange(min = 1, max = 4) int size,
            @ForAll boolean all,
            @ForAll @IntRange(min = 1, max = 3) int rows,
            @ForAll long seed) {
        Recurrent kind = new Recurrent(new Shape(steps, 1, 2), cell, size, truncate, all ? States.ALL : States.LAST);
        TrainingRun run = run(kind, rows, seed);
        float[] canonical = new float[run.network.parameterCount()];
        run.network.toCanonical(run.trainer.parameters(), canonical);
        double[] point = new double[canonical.length];
        Arrays.setAll(point, i -> canonical[i]);
        double[] constant = point.clone();

        run.trainer.computeGradient(run.inputs, run.targets, run.weights, rows, run.losses, run.scores);
        float[] gradient = new float[canonical.length];
        run.network.toCanonical(run.trainer.gradient(), gradient);

        for (int i = 0; i < point.length; i++) {
            point[i] += H;
            double above = objective(run, kind, point, constant);
            point[i] -= 2 * H;
            double below = objective(run, kind, point, constant);
            point[i] = constant[i];
            double slope = (above - below) / (2 * H);
            assertThat((double) gradient[i]).isCloseTo(slope, within(1e-4 + 1e-3 * Math.abs(slope)));
        }
    }

    private static double objective(TrainingRun run, Recurrent kind, double[] parameters, double[] constant) {
        int inputs = kind.in().size();
        int units = kind.units();
        int dense = (int) kind.parameters(inputs);
        double sum = 0;
        for (int i = 0; i < run.rows; i++) {
            double[] x = new double[inputs];
            for (int k = 0; k < inputs; k++) {
                x[k] = run.inputs[i * inputs + k];
            }
            double[] h =
                    new ReferenceRecurrence(kind, parameters, 0).apply(x, new ReferenceRecurrence(kind, constant, 0));
            for (int j = 0; j < 2; j++) {
                double z = parameters[dense + 2 * units + j] - run.targets[2 * i + j];
                for (int k = 0; k < units; k++) {
                    z += h[k] * parameters[dense + 2 * k + j];
                }
                sum += run.weights[i] * z * z / 2;
            }
        }
        return sum / run.rows;
    }

    /** Elman's network, unrolled to a layer for each step with weights of its own: the gradient of a weight is the sum over its copies. */
    @Property(tries = 60)
    void theGradientOfASharedWeightShouldBeTheSumOverTheSteps(
            @ForAll @IntRange(min = 2, max = 7) int steps,
            @ForAll @IntRange(min = 1, max = 3) int features,
            @ForAll @IntRange(min = 1, max = 18) int size,
            @ForAll @IntRange(min = 1, max = 4) int rows,
            @ForAll long seed) {
        Recurrent kind = new Recurrent(new Shape(steps, 1, features), new Elman(false), size, steps, States.LAST);
        TrainingRun shared = run(kind, rows, seed);
        Layer[] layers = new Layer[steps + 1];
        for (int t = 0; t < steps; t++) {
            Layer step = new Layer(size, Activation.TANH);
            layers[t] = t == 0 ? step : step.from("input", String.valueOf(t));
        }
        layers[steps] = new Layer(2, Activation.IDENTITY);
        Architecture unrolled = new Architecture(kind.in().size(), List.of(layers), Loss.HALF_MEAN_SQUARED_ERROR);
        TrainingRun copies = new TrainingRun(unrolled, new Sgd(), KernelsProvider.kernels(), rows, seed);
        System.arraycopy(shared.inputs, 0, copies.inputs, 0, shared.inputs.length);
        System.arraycopy(shared.targets, 0, copies.targets, 0, shared.targets.length);
        float[] to = copies.trainer.parameters();
        Arrays.fill(to, 0); // a step does not see the features of others
        float[] from = shared.trainer.parameters();
        forEachCopy(shared, copies, kind, (own, copy) -> to[copy] = from[own]);
        Block out = copies.network.layout().block(steps, "weight");
        Block same = shared.network.layout().block(1, "weight");
        Block shift = shared.network.layout().block(1, "bias");
        for (int j = 0; j < 2; j++) {
            for (int i = 0; i < size; i++) {
                to[out.index(i, j)] = from[same.index(i, j)];
            }
            to[copies.network.layout().block(steps, "bias").index(0, j)] = from[shift.index(0, j)];
        }

        float[] ofShared = gradient(shared);
        float[] ofCopies = gradient(copies);

        double[] sums = new double[ofShared.length];
        forEachCopy(shared, copies, kind, (own, copy) -> sums[own] += ofCopies[copy]);
        int checked = 0;
        for (String name : List.of("weight", "recurrent", "bias")) {
            Block block = shared.network.layout().block(0, name);
            for (int i = 0; i < block.rows(); i++) {
                for (int j = 0; j < size; j++, checked++) {
                    double sum = sums[block.index(i, j)];
                    assertThat((double) ofShared[block.index(i, j)])
                            .isCloseTo(sum, within(1e-5 + 1e-4 * Math.abs(sum)));
                }
            }
        }
        assertThat(checked).isEqualTo((features + size + 1) * size);
        assertThat(shared.losses).usingComparatorWithPrecision(1e-4f).containsExactly(copies.losses);
    }

    private static float[] gradient(TrainingRun run) {
        run.trainer.computeGradient(run.inputs, run.targets, run.weights, run.rows, run.losses, run.scores);
        return run.trainer.gradient();
    }

    private interface Pair {
        void visit(int own, int copy);
    }

    private static void forEachCopy(TrainingRun shared, TrainingRun copies, Recurrent kind, Pair pair) {
        Block weight = shared.network.layout().block(0, "weight");
        Block recurrent = shared.network.layout().block(0, "recurrent");
        Block bias = shared.network.layout().block(0, "bias");
        int features = kind.in().channels();
        for (int t = 0; t < kind.in().height(); t++) {
            Block ofStep = copies.network.layout().block(t, "weight");
            for (int j = 0; j < kind.size(); j++) {
                for (int k = 0; k < features; k++) {
                    pair.visit(weight.index(k, j), ofStep.index(t * features + k, j));
                }
                for (int k = 0; k < kind.size() && t > 0; k++) {
                    pair.visit(recurrent.index(k, j), ofStep.index(kind.in().size() + k, j));
                }
                pair.visit(
                        bias.index(0, j),
                        copies.network.layout().block(t, "bias").index(0, j));
            }
        }
    }

    /** A step is refused if the bound is too large, so it may not be too small. */
    @Property(tries = 60)
    void noElementOfTheGradientShouldBeAboveItsBound(
            @ForAll("cells") Cell cell,
            @ForAll @IntRange(min = 2, max = 9) int steps,
            @ForAll @IntRange(min = 1, max = 18) int size,
            @ForAll @IntRange(min = 1, max = 5) int rows,
            @ForAll @IntRange(min = -3, max = 3) int magnitude,
            @ForAll long seed) {
        Recurrent kind = new Recurrent(new Shape(steps, 1, 2), cell, size, steps, States.ALL);
        TrainingRun run = run(kind, rows, seed);
        for (int i = 0; i < run.inputs.length; i++) {
            run.inputs[i] *= (float) Math.pow(10, magnitude);
        }
        Workspace workspace = run.network.workspace(rows);
        TrainingPass passes = new TrainingPass(workspace, 0);
        passes.forward(run.trainer.parameters(), run.trainer.state(), run.inputs, rows, 0);
        float[] gradient = new float[run.network.parameterLength()];
        workspace.pass().backward(gradient);
        Ports gradients = passes.gradients().ports(1); // node 0 finds padded steps
        Random random = new Random(seed);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < kind.units(); j++) {
                gradients.y().floats()[i * gradients.y().stride() + j] = (float) random.nextGaussian();
            }
        }
        Node node = workspace.graph().node(1);

        double bound = node.backward(workspace.pass(), passes.values(1), gradients);
        node.parameterGradient(workspace.pass(), passes.values(1), gradients);

        double largest = 0;
        for (float element : gradient) {
            largest = Math.max(largest, Math.abs(element));
        }
        assertThat(largest).isLessThanOrEqualTo(bound * (1 + 1e-5)); // 0 where rectifiers let nothing through
        assertThat(bound).isFinite();
    }

    @Test
    void shouldStartWithOrthogonalMatricesAndAnOpenForgetGate() {
        Recurrent kind = new Recurrent(new Shape(4, 1, 3), new Lstm(), 5, 4, States.LAST);
        Architecture architecture =
                new Architecture(12, List.of(new Layer(kind, Activation.IDENTITY)), Loss.HALF_MEAN_SQUARED_ERROR);
        TrainingRun run = new TrainingRun(architecture, new Sgd(), KernelsProvider.kernels(), 1, 1);
        float[] parameters = run.trainer.parameters();
        Block bias = run.network.layout().block(0, "bias");
        Block recurrent = run.network.layout().block(0, "recurrent");
        assertThat(bias.matrix()).as("penalties apply to biases").isFalse();
        for (int gate = 0; gate < 4; gate++) {
            for (int i = 0; i < 5; i++) {
                assertThat(parameters[bias.index(gate, i)]).isEqualTo(gate == 1 ? 1 : 0);
                double length = 0;
                for (int j = 0; j < 5; j++) {
                    length += Math.pow(parameters[recurrent.index(gate * 5 + i, j)], 2);
                }
                assertThat(length).isCloseTo(1, within(1e-6));
            }
        }
        assertThat(architecture.layers().get(0).kind().parameters(12)).isEqualTo(run.network.parameterCount());
        assertThat(kind.multiplications(12)).isEqualTo(4 * 4 * 5 * (3 + 5));
    }
}
