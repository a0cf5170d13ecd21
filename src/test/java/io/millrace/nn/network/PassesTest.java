package io.millrace.nn.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.nn.activation.Activation;
import io.millrace.nn.kernels.Kernels;
import io.millrace.nn.kernels.ScalarKernels;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.optimizer.Optimizer;
import io.millrace.nn.optimizer.Sgd;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How many matrix products a step takes: nobody pays for a second forward pass that the network does not need. */
class PassesTest {
    private static final Architecture PLAIN =
            TrainingRun.architecture(Loss.SOFTMAX_CROSS_ENTROPY, Activation.RELU, 20, 20, 20, 3);

    @Test
    void shouldGoForwardASecondTimeOnlyWhereTrainingDiffersFromPrediction() {
        int weights = 3;
        int biases = 3;
        int inputs = 2;
        int backward = weights + biases + inputs;
        assertThat(products(PLAIN, new Sgd())).isEqualTo(3 + backward);
        assertThat(products(PLAIN, Optimizer.of("nesterov"))).isEqualTo(3 + 3 + backward);
        assertThat(products(TrainingRun.dropping(PLAIN), new Sgd())).isEqualTo(3 + 3 + backward);
        assertThat(products(TrainingRun.normalized(PLAIN), new Sgd())).isEqualTo(3 + 3 + backward - 2);
        assertThat(products(TrainingRun.normalized(PLAIN), Optimizer.of("nesterov")))
                .isEqualTo(3 + 3 + backward - 2);
    }

    private static int products(Architecture architecture, Optimizer optimizer) {
        AtomicInteger count = new AtomicInteger();
        TrainingRun run = new TrainingRun(architecture, optimizer, counting(new ScalarKernels(), count), 16, 1);
        run.step();
        return count.get();
    }

    private static Kernels counting(Kernels kernels, AtomicInteger count) {
        return (Kernels) Proxy.newProxyInstance(
                Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("newInstance")) {
                        return counting(kernels.newInstance(), count);
                    }
                    if (method.getName().equals("gemm")) {
                        count.incrementAndGet();
                    }
                    return method.invoke(kernels, arguments);
                });
    }
}
