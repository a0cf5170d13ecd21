package io.millrace.nn.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Allocations;
import io.millrace.nn.activation.Activation;
import io.millrace.nn.kernels.Kernels;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.kernels.ScalarKernels;
import io.millrace.nn.layer.BatchNorm;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.layer.LayerNorm;
import io.millrace.nn.layer.Shape;
import io.millrace.nn.layer.Size;
import io.millrace.nn.layer.image.Convolution;
import io.millrace.nn.layer.image.Padding;
import io.millrace.nn.layer.image.Pooling;
import io.millrace.nn.layer.recurrent.Elman;
import io.millrace.nn.layer.recurrent.Gru;
import io.millrace.nn.layer.recurrent.Lstm;
import io.millrace.nn.layer.recurrent.Recurrent;
import io.millrace.nn.layer.recurrent.States;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.optimizer.Clipping;
import io.millrace.nn.optimizer.Optimizer;
import io.millrace.nn.optimizer.Sgd;
import io.millrace.nn.penalty.L2;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hot paths allocate nothing once they are compiled: a stream of millions must not feed the garbage collector. */
@Tag("allocation")
class AllocationTest {
    private static final int CALLS = 500;

    private static long bytes(Runnable call) {
        return Allocations.settledBytes(() -> {
            for (int i = 0; i < CALLS; i++) {
                call.run();
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"sgd", "momentum", "nesterov", "nesterov_torch", "adagrad", "rmsprop", "adam", "adamw"})
    void shouldTrainWithoutAllocating(String optimizer) {
        assertAllocatesNothing(Optimizer.of(optimizer), chain(Activation.RELU));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tanh", "sigmoid"})
    void shouldTrainWithEachActivationWithoutAllocating(String activation) {
        assertAllocatesNothing(Optimizer.of("rmsprop"), chain(Activation.of(activation)));
    }

    private static Architecture chain(Activation activation) {
        return TrainingRun.architecture(Loss.SOFTMAX_CROSS_ENTROPY, activation, 9, 70, 33, 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nesterov", "adam"})
    void shouldTrainWithBatchNormAndDropoutWithoutAllocating(String optimizer) {
        Architecture plain = TrainingRun.architecture(Loss.HALF_MEAN_SQUARED_ERROR, Activation.RELU, 9, 70, 33, 3);
        assertAllocatesNothing(Optimizer.of(optimizer), TrainingRun.dropping(TrainingRun.normalized(plain)));
    }

    @Test
    void shouldTrainGraphsWithoutAllocating() {
        Layer hidden = new Layer(33, Activation.TANH);
        List<Layer> layers = List.of(
                hidden,
                hidden.withInputDropout(0.3),
                hidden.plus("1").sharing("2"),
                new Layer(3, Activation.IDENTITY).from("1", "3", "input"));
        assertAllocatesNothing(Optimizer.of("adam"), new Architecture(9, layers, Loss.SOFTMAX_CROSS_ENTROPY));
    }

    @Test
    void shouldTrainOnImagesWithoutAllocating() {
        Convolution first = new Convolution(new Shape(9, 8, 2), 5, new Size(3, 3), Size.ONE, Padding.SAME, 1);
        Pooling pool = new Pooling(first.output(), new Size(2, 2), new Size(2, 2), false);
        Convolution second = new Convolution(pool.output(), 16, new Size(2, 2), Size.ONE, Padding.VALID, 1);
        Pooling mean = new Pooling(second.output(), new Size(2, 3), Size.ONE, true);
        List<Layer> layers = List.of(
                new Layer(first, Activation.RELU),
                new Layer(pool, Activation.IDENTITY),
                new Layer(second, Activation.TANH).withBatchNorm(BatchNorm.DEFAULT),
                new Layer(new LayerNorm(second.output()), Activation.IDENTITY),
                new Layer(mean, Activation.IDENTITY),
                new Layer(3, Activation.IDENTITY));
        Architecture architecture = new Architecture(144, layers, Loss.SOFTMAX_CROSS_ENTROPY);
        assertAllocatesNothing(Optimizer.of("adam"), architecture);
        TrainingRun run = new TrainingRun(architecture, new Sgd(), KernelsProvider.kernels(), 20, 1);
        float[] v = run.trainer.parameters().clone();
        float[] product = new float[v.length];
        assertThat(bytes(() -> run.trainer.multiplyByHessian(
                        run.inputs, run.targets, run.weights, 20, run.losses, run.scores, v, product)))
                .isZero();
    }

    @Test
    void shouldTrainOnSequencesWithoutAllocating() {
        Recurrent first = new Recurrent(new Shape(7, 1, 3), new Lstm(), 20, 7, States.ALL);
        Recurrent second = new Recurrent(first.output(), new Gru(), 16, 3, States.ALL);
        Recurrent third = new Recurrent(second.output(), new Elman(false), 9, 7, States.ALL);
        Recurrent last = new Recurrent(third.output(), new Elman(true), 5, 7, States.LAST);
        List<Layer> layers = List.of(
                new Layer(first, Activation.IDENTITY),
                new Layer(second, Activation.IDENTITY).withInputDropout(0.2),
                new Layer(third, Activation.IDENTITY).withBatchNorm(BatchNorm.DEFAULT),
                new Layer(last, Activation.IDENTITY),
                new Layer(3, Activation.IDENTITY));
        Architecture architecture = new Architecture(21, layers, Loss.SOFTMAX_CROSS_ENTROPY);
        assertAllocatesNothing(Optimizer.of("adam"), architecture);
        TrainingRun run = new TrainingRun(architecture, new Sgd(), KernelsProvider.kernels(), 20, 1);
        Arrays.fill(run.inputs, 0, 6, Float.NaN); // a row of five steps
        assertThat(bytes(run::step)).isZero();
        float[] v = run.trainer.parameters().clone();
        float[] product = new float[v.length];
        assertThat(bytes(() -> run.trainer.multiplyByHessian(
                        run.inputs, run.targets, run.weights, 20, run.losses, run.scores, v, product)))
                .isZero();
    }

    private static void assertAllocatesNothing(Optimizer optimizer, Architecture architecture) {
        for (Kernels kernels : List.of(KernelsProvider.kernels(), new ScalarKernels())) {
            for (int rows : new int[] {1, 20}) {
                TrainingRun run = new TrainingRun(
                        architecture, optimizer, List.of(new L2(1e-3)), new Clipping(0.1, 0.5), kernels, rows, 1);
                assertThat(bytes(run::step))
                        .as("bytes in 500 steps, %s kernels, %s, %d rows", kernels.name(), architecture, rows)
                        .isZero();
            }
        }
    }

    @Test
    void shouldMultiplyByTheHessianWithoutAllocating() {
        Architecture plain = TrainingRun.architecture(Loss.SOFTMAX_CROSS_ENTROPY, Activation.TANH, 9, 70, 33, 3);
        Architecture architecture = TrainingRun.dropping(TrainingRun.normalized(plain));
        for (int rows : new int[] {1, 20}) {
            TrainingRun run = new TrainingRun(
                    architecture, new Sgd(), List.of(new L2(1e-3)), Clipping.NONE, KernelsProvider.kernels(), rows, 1);
            float[] v = run.trainer.parameters().clone();
            float[] product = new float[v.length];
            assertThat(bytes(() -> run.trainer.multiplyByHessian(
                            run.inputs, run.targets, run.weights, rows, run.losses, run.scores, v, product)))
                    .as("bytes in 500 products of %d rows", rows)
                    .isZero();
        }
    }

    @Test
    void shouldFollowTheGradientOfOneRowWithoutAllocating() {
        Architecture plain = TrainingRun.architecture(Loss.SOFTMAX_CROSS_ENTROPY, Activation.RELU, 9, 70, 33, 3);
        TrainingRun run = new TrainingRun(plain, Optimizer.of("adam"), KernelsProvider.kernels(), 1, 1);
        assertThat(bytes(() -> run.trainer.step(
                        run.inputs, run.targets, run.weights, 1, 0.01f, run.losses, run.scores, false)))
                .isZero();
    }

    @Test
    void shouldPredictWithoutAllocating() {
        for (Loss loss :
                List.of(Loss.SOFTMAX_CROSS_ENTROPY, Loss.SIGMOID_CROSS_ENTROPY, Loss.HALF_MEAN_SQUARED_ERROR)) {
            Architecture plain = TrainingRun.architecture(loss, Activation.RELU, 9, 70, 3);
            TrainingRun run =
                    new TrainingRun(TrainingRun.normalized(plain), new Sgd(), KernelsProvider.kernels(), 1, 1);
            Workspace workspace = run.network.workspace(1);
            float[] scores = new float[3];
            assertThat(bytes(() -> {
                        run.network.forward(run.trainer.parameters(), run.trainer.state(), run.inputs, 1, workspace);
                        loss.scores(workspace.logits(), 0, 3, scores, 0);
                    }))
                    .as("bytes in 500 predictions with %s", loss.name())
                    .isZero();
        }
    }
}
