package io.millrace.nn.network;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.millrace.nn.activation.Activation;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.kernels.ScalarKernels;
import io.millrace.nn.layer.Layout;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.optimizer.Optimizer;
import io.millrace.nn.optimizer.Sgd;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A trainer takes the memory that docs/design.md says, and no more. */
class MemoryTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @CsvSource({"sgd, 64", "rmsprop, 1", "adam, 1", "adam, 64", "nesterov, 256"})
    void shouldHoldParametersGradientMomentsAndOneWorkspace(String name, int rows) {
        Architecture architecture =
                TrainingRun.architecture(Loss.SOFTMAX_CROSS_ENTROPY, Activation.RELU, 784, 512, 512, 10);
        Network network = new Network(architecture, KernelsProvider.kernels());
        Optimizer optimizer = Optimizer.of(name);
        allocated(() -> new Trainer(network, optimizer, rows)); // classes, once
        long bytes = allocated(() -> new Trainer(network, optimizer, rows));

        long parameters = network.parameterLength();
        long units = 512 + 512 + 16;
        long copies = 2 + optimizer.moments() + (optimizer.looksAhead() ? 1 : 0);
        long scratch = 2L * Layout.pad(rows) * 512 + 512 * 512; // transposed factors
        long packed = 201_000 + 8L * rows; // kernels' own, objects, and sums of the loss
        assertThat(bytes)
                .isBetween(4 * copies * parameters, 4 * (copies * parameters + 2 * rows * units + scratch) + packed);
    }

    @Test
    void shouldHoldTheDerivativesAlongTheGradientOnlyOnceTheCurvatureIsAskedFor() {
        int rows = 64;
        Architecture architecture =
                TrainingRun.architecture(Loss.SOFTMAX_CROSS_ENTROPY, Activation.TANH, 784, 512, 512, 10);
        measureCurvature(new TrainingRun(
                architecture,
                new Sgd(),
                new ScalarKernels(),
                rows,
                1)); // classes, once; vectors would be boxed until they are compiled
        TrainingRun run = new TrainingRun(architecture, new Sgd(), new ScalarKernels(), rows, 1);

        long first = allocated(() -> measureCurvature(run));
        long second = allocated(() -> measureCurvature(run));

        long parameters = run.network.parameterLength();
        long units = 512 + 512 + 16;
        long scratch = 4L * rows * 512;
        assertThat(first)
                .isBetween(4 * (parameters + 3 * rows * units), 4 * (parameters + 3 * rows * units) + scratch + 5_000);
        assertThat(second).isLessThan(5_000);
    }

    private static void measureCurvature(TrainingRun run) {
        run.trainer.curvature(run.inputs, run.targets, run.weights, run.rows, run.losses, run.scores);
    }

    private static long allocated(Runnable construction) {
        long thread = Thread.currentThread().getId();
        long before = THREADS.getThreadAllocatedBytes(thread);
        construction.run();
        return THREADS.getThreadAllocatedBytes(thread) - before;
    }
}
