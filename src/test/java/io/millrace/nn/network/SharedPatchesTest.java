package io.millrace.nn.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.nn.activation.Activation;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.layer.Block;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.layer.Shape;
import io.millrace.nn.layer.Size;
import io.millrace.nn.layer.image.Convolution;
import io.millrace.nn.layer.image.Padding;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.optimizer.Sgd;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * A convolution is a fully connected layer whose weights are tied: the gradient of a shared weight is the sum of the gradients that the untied
 * weights have at all places (Rumelhart, Hinton and Williams, 1986).
 */
class SharedPatchesTest {
    @Property(tries = 60)
    void theGradientOfASharedWeightShouldBeTheSumOverThePlaces(
            @ForAll @IntRange(min = 3, max = 6) int height,
            @ForAll @IntRange(min = 3, max = 6) int width,
            @ForAll @IntRange(min = 1, max = 3) int channels,
            @ForAll @IntRange(min = 1, max = 18) int filters,
            @ForAll @IntRange(min = 1, max = 3) int window,
            @ForAll @IntRange(min = 1, max = 4) int rows,
            @ForAll long seed) {
        Shape in = new Shape(height, width, channels);
        Convolution tied = new Convolution(in, filters, new Size(window, window), Size.ONE, Padding.VALID, 1);
        TrainingRun shared = run(in, new Layer(tied, Activation.TANH), rows, seed);
        TrainingRun untied = run(in, new Layer(tied.units(), Activation.TANH), rows, seed);
        untie(shared, untied, tied);

        float[] ofTied = gradient(shared);
        float[] ofUntied = gradient(untied);

        Block weight = shared.network.layout().block(0, "weight");
        Block bias = shared.network.layout().block(0, "bias");
        double[] sums = new double[ofTied.length];
        forEachWeight(shared, untied, tied, (own, other) -> sums[own] += ofUntied[other]);
        for (int i = 0; i < weight.rows(); i++) {
            for (int f = 0; f < filters; f++) {
                int at = weight.index(i, f);
                assertThat((double) ofTied[at]).isCloseTo(sums[at], within(1e-5 + 1e-4 * Math.abs(sums[at])));
            }
        }
        for (int f = 0; f < filters; f++) {
            int at = bias.index(0, f);
            assertThat((double) ofTied[at]).isCloseTo(sums[at], within(1e-5 + 1e-4 * Math.abs(sums[at])));
        }
        assertThat(shared.losses).usingComparatorWithPrecision(1e-4f).containsExactly(untied.losses);
    }

    private static TrainingRun run(Shape in, Layer first, int rows, long seed) {
        List<Layer> layers = List.of(first, new Layer(3, Activation.IDENTITY));
        Architecture architecture = new Architecture(in.size(), layers, Loss.SOFTMAX_CROSS_ENTROPY);
        return new TrainingRun(architecture, new Sgd(), KernelsProvider.kernels(), rows, seed);
    }

    private static float[] gradient(TrainingRun run) {
        run.trainer.computeGradient(run.inputs, run.targets, run.weights, run.rows, run.losses, run.scores);
        return run.trainer.gradient();
    }

    /** Gives the untied network the weights of the other, at each place. */
    private static void untie(TrainingRun shared, TrainingRun untied, Convolution tied) {
        float[] from = shared.trainer.parameters();
        float[] to = untied.trainer.parameters();
        Random random = new Random(3);
        Block bias = shared.network.layout().block(0, "bias");
        for (int f = 0; f < tied.filters(); f++) {
            from[bias.index(0, f)] = 0.1f * (float) random.nextGaussian();
        }
        Block weight = untied.network.layout().block(0, "weight");
        for (int i = 0; i < weight.rows(); i++) {
            for (int j = 0; j < weight.width(); j++) {
                to[weight.index(i, j)] = 0;
            }
        }
        forEachWeight(shared, untied, tied, (own, other) -> to[other] = from[own]);
        Block out = shared.network.layout().block(1, "weight");
        Block same = untied.network.layout().block(1, "weight");
        for (int i = 0; i < out.rows(); i++) {
            for (int j = 0; j < out.width(); j++) {
                to[same.index(i, j)] = from[out.index(i, j)];
            }
        }
    }

    private interface Pair {
        void visit(int own, int other);
    }

    /** Visits each parameter of the convolution together with each of its copies. */
    private static void forEachWeight(TrainingRun shared, TrainingRun untied, Convolution tied, Pair pair) {
        Block weight = shared.network.layout().block(0, "weight");
        Block bias = shared.network.layout().block(0, "bias");
        Block copies = untied.network.layout().block(0, "weight");
        Block biases = untied.network.layout().block(0, "bias");
        Shape in = tied.in();
        Shape out = tied.output();
        int run = tied.kernel().width() * in.channels(); // of a row of the window
        for (int place = 0; place < out.positions(); place++) {
            int oy = place / out.width();
            int ox = place % out.width();
            for (int f = 0; f < out.channels(); f++) {
                int unit = place * out.channels() + f;
                pair.visit(bias.index(0, f), biases.index(0, unit));
                for (int e = 0; e < weight.rows(); e++) {
                    int input = ((oy + e / run) * in.width() + ox) * in.channels() + e % run;
                    pair.visit(weight.index(e, f), copies.index(input, unit));
                }
            }
        }
    }
}
