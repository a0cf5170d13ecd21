package io.millrace.nn.network;

import io.millrace.nn.activation.Activation;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.optimizer.Optimizer;
import io.millrace.nn.optimizer.RmsProp;
import io.millrace.nn.optimizer.Sgd;
import java.util.Arrays;
import java.util.List;

/** Training runs whose bits are known. As a program, prints which kernels ran and the bits. */
final class PinnedRun {
    /** Plain network, with batch normalisation, with dropout, as a graph: what every machine must print. */
    static final String BITS = "1680391703 -137641516 25833778 168539993";

    static final List<Optimizer> OPTIMIZERS = List.of(
            new Sgd(),
            Optimizer.of("momentum"),
            Optimizer.of("nesterov"),
            Optimizer.of("nesterov_torch"),
            Optimizer.of("adagrad"),
            new RmsProp(0.9, 1e-6, true),
            Optimizer.of("adam"),
            Optimizer.of("adamw"));

    private PinnedRun() {}

    static String bits() {
        Architecture plain = TrainingRun.architecture(Loss.SOFTMAX_CROSS_ENTROPY, Activation.TANH, 7, 70, 33, 3);
        return hash(plain) + " " + hash(TrainingRun.normalized(plain)) + " " + hash(TrainingRun.dropping(plain)) + " "
                + hash(graph());
    }

    /** A residual block, shared weights, and features that skip the hidden layers. */
    private static Architecture graph() {
        Layer hidden = new Layer(33, Activation.TANH);
        List<Layer> layers = List.of(
                hidden,
                hidden,
                hidden.plus("1").sharing("2").withInputDropout(0.2),
                new Layer(3, Activation.IDENTITY).from("3", "input"));
        return new Architecture(7, layers, Loss.SOFTMAX_CROSS_ENTROPY);
    }

    private static int hash(Architecture architecture) {
        int hash = 0;
        for (Optimizer optimizer : OPTIMIZERS) {
            TrainingRun run = new TrainingRun(architecture, optimizer, KernelsProvider.kernels(), 10, 5);
            run.steps(50);
            float[] canonical = new float[run.network.parameterCount()];
            run.network.toCanonical(run.trainer.parameters(), canonical);
            hash = 31 * hash + Arrays.hashCode(canonical);
        }
        return hash;
    }

    public static void main(String[] arguments) {
        System.out.println(KernelsProvider.description());
        System.out.println(bits());
    }
}
