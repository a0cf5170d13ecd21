package io.millrace.nn.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.nn.activation.Activation;
import io.millrace.nn.kernels.Floats;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.optimizer.Optimizer;
import io.millrace.nn.optimizer.Sgd;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What must not change when something is arranged otherwise. */
class InvariancesTest {
    @Provide
    Arbitrary<Architecture> graphs() {
        return Architectures.graphs();
    }

    private static TrainingRun run(Architecture architecture, Optimizer optimizer, int rows) {
        return new TrainingRun(architecture, optimizer, KernelsProvider.kernels(), rows, 9);
    }

    /** Units of a hidden layer have no order: to permute them permutes their parameters, and nothing else. */
    @Property(tries = 60)
    void shouldNotDependOnTheOrderOfHiddenUnits(
            @ForAll @IntRange(min = 1, max = 40) int hidden,
            @ForAll @IntRange(min = 1, max = 20) int rows,
            @ForAll boolean normalized,
            @ForAll long seed) {
        Architecture plain = TrainingRun.architecture(Loss.SOFTMAX_CROSS_ENTROPY, Activation.TANH, 6, hidden, 3);
        Architecture architecture = normalized ? TrainingRun.normalized(plain) : plain;
        List<Integer> order = new ArrayList<>(IntStream.range(0, hidden).boxed().toList());
        Collections.shuffle(order, new Random(seed));
        for (String optimizer : List.of("sgd", "nesterov", "adagrad", "adam")) {
            TrainingRun run = run(architecture, Optimizer.of(optimizer), rows);
            TrainingRun permuted = run(architecture, Optimizer.of(optimizer), rows);
            permuted.network.fromCanonical(
                    permute(run.trainer.parameters(), run.network, order), permuted.trainer.parameters());
            run.steps(4);
            permuted.steps(4);
            for (int i = 0; i < run.losses.length; i++) { // the order of a sum is another
                assertThat(permuted.losses[i]).isCloseTo(run.losses[i], within(2e-4f + 2e-4f * run.losses[i]));
            }
            float[] expected = permute(run.trainer.parameters(), run.network, order);
            float[] actual = new float[expected.length];
            permuted.network.toCanonical(permuted.trainer.parameters(), actual);
            for (int i = 0; i < expected.length; i++) {
                assertThat(actual[i]).as("%s, parameter %d", optimizer, i).isCloseTo(expected[i], within(5e-3f));
            }
        }
    }

    /** Canonical parameters of a network with one hidden layer, its units in another order. */
    private static float[] permute(float[] padded, Network network, List<Integer> order) {
        float[] from = new float[network.parameterCount()];
        network.toCanonical(padded, from);
        int hidden = order.size();
        int columns =
                network.layout().block(1, "weight").canonicalOffset() / hidden; // rows of W1, and b or gamma and beta
        float[] to = from.clone();
        for (int j = 0; j < hidden; j++) {
            for (int row = 0; row < columns; row++) {
                to[row * hidden + j] = from[row * hidden + order.get(j)];
            }
            System.arraycopy(from, columns * hidden + order.get(j) * 3, to, columns * hidden + j * 3, 3);
        }
        return to;
    }

    /** A gradient is a mean over rows: one step on n rows is the mean of n steps on one row each, without batch normalisation. */
    @Property(tries = 60)
    void shouldStepByTheMeanOfItsRows(@ForAll @IntRange(min = 2, max = 24) int rows, @ForAll boolean sigmoid) {
        Loss loss = sigmoid ? Loss.SIGMOID_CROSS_ENTROPY : Loss.HALF_MEAN_SQUARED_ERROR;
        Architecture architecture = TrainingRun.architecture(loss, Activation.SIGMOID, 7, 20, 4);
        TrainingRun whole = run(architecture, new Sgd(), rows);
        float[] before = whole.trainer.parameters().clone();
        double[] mean = new double[before.length];
        for (int i = 0; i < rows; i++) {
            TrainingRun one = run(architecture, new Sgd(), 1);
            System.arraycopy(before, 0, one.trainer.parameters(), 0, before.length);
            System.arraycopy(whole.inputs, i * 7, one.inputs, 0, 7);
            System.arraycopy(whole.targets, i * 4, one.targets, 0, 4);
            one.weights[0] = whole.weights[i];
            one.step();
            for (int p = 0; p < mean.length; p++) {
                mean[p] += one.trainer.parameters()[p] / (double) rows;
            }
        }
        whole.step();
        for (int p = 0; p < mean.length; p++) {
            assertThat((double) whole.trainer.parameters()[p]).isCloseTo(mean[p], within(1e-6));
        }
    }

    /** Parameters, moments, state and steps are all that a run goes on from, whatever the network and the optimizer. */
    @Property(tries = 60)
    void shouldGoOnFromWhatIsSaved(
            @ForAll("graphs") Architecture architecture,
            @ForAll @IntRange(min = 0, max = 7) int which,
            @ForAll @IntRange(min = 1, max = 12) int rows) {
        Optimizer optimizer = PinnedRun.OPTIMIZERS.get(which);
        TrainingRun whole = run(architecture, optimizer, rows);
        TrainingRun stopped = run(architecture, optimizer, rows);
        whole.steps(3);
        stopped.steps(3);
        TrainingRun resumed = run(architecture, optimizer, rows);
        Network network = resumed.network;
        for (int i = 0; i < 3; i++) {
            resumed.draw(); // it has come as far in the stream, and has learned nothing
        }
        Arrays.fill(resumed.trainer.gradient(), Float.NaN);
        restore(network, stopped.trainer.parameters(), resumed.trainer.parameters());
        for (int m = 0; m < optimizer.moments(); m++) {
            restore(network, stopped.trainer.moments()[m], resumed.trainer.moments()[m]);
        }
        float[] state = new float[network.stateCount()];
        network.stateToCanonical(stopped.trainer.state(), state);
        network.stateFromCanonical(state, resumed.trainer.state());
        resumed.trainer.steps(stopped.trainer.steps());
        whole.steps(4);
        resumed.steps(4);
        Floats.assertSameBits("parameters", resumed.trainer.parameters(), whole.trainer.parameters());
        Floats.assertSameBits("state", resumed.trainer.state(), whole.trainer.state());
        Floats.assertSameBits("losses", resumed.losses, whole.losses);
    }

    private static void restore(Network network, float[] from, float[] to) {
        float[] canonical = new float[network.parameterCount()];
        network.toCanonical(from, canonical);
        Arrays.fill(to, Float.NaN);
        network.fromCanonical(canonical, to);
    }

    /** A prediction is a pure read: parameters, state, inputs and later steps are what they would have been. */
    @Property(tries = 60)
    void shouldPredictWithoutATrace(
            @ForAll("graphs") Architecture architecture, @ForAll @IntRange(min = 1, max = 12) int rows) {
        TrainingRun run = run(architecture, Optimizer.of("adam"), rows);
        TrainingRun undisturbed = run(architecture, Optimizer.of("adam"), rows);
        run.steps(2);
        undisturbed.steps(2);
        float[] inputs = run.inputs.clone();
        Workspace workspace = run.network.workspace(rows);
        run.network.forward(run.trainer.parameters(), run.trainer.state(), run.inputs, rows, workspace);
        float[] logits = workspace.logits().clone();
        run.network.forward(run.trainer.parameters(), run.trainer.state(), run.inputs, rows, workspace);
        Floats.assertSameBits("logits", workspace.logits(), logits);
        Floats.assertSameBits("inputs", run.inputs, inputs);
        run.steps(2);
        undisturbed.steps(2);
        Floats.assertSameBits("parameters", run.trainer.parameters(), undisturbed.trainer.parameters());
        Floats.assertSameBits("state", run.trainer.state(), undisturbed.trainer.state());
    }
}
