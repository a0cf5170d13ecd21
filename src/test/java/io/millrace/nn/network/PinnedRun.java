package io.millrace.nn.network;

import io.millrace.nn.activation.Activation;
import io.millrace.nn.kernels.KernelsProvider;
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
import io.millrace.nn.optimizer.Optimizer;
import io.millrace.nn.optimizer.RmsProp;
import io.millrace.nn.optimizer.Sgd;
import java.util.Arrays;
import java.util.List;

/** Training runs whose bits are known. As a program, prints which kernels ran and the bits. */
final class PinnedRun {
    /** Plain network, with batch normalisation, with dropout, as a graph, of images, of sequences, with layer normalisation: what every machine must print. */
    static final String BITS = "1680391703 -137641516 25833778 168539993 167049062 2027041662 1712824558";

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
                + hash(graph()) + " " + hash(images()) + " " + hash(sequences()) + " " + hash(normalizedLayers());
    }

    /** Convolution with padding and without, both ways to pool, and windows that overlap. */
    private static Architecture images() {
        Convolution first = new Convolution(new Shape(7, 6, 2), 5, new Size(3, 3), Size.ONE, Padding.SAME, 1);
        Pooling largest = new Pooling(first.output(), new Size(2, 2), Size.ONE, false);
        Convolution second = new Convolution(largest.output(), 18, new Size(2, 3), Size.ONE, Padding.VALID, 1);
        Pooling mean = new Pooling(second.output(), new Size(3, 2), new Size(2, 1), true);
        List<Layer> layers = List.of(
                new Layer(first, Activation.TANH).withBatchNorm(BatchNorm.DEFAULT),
                new Layer(largest, Activation.IDENTITY),
                new Layer(second, Activation.RELU),
                new Layer(mean, Activation.IDENTITY).withInputDropout(0.2),
                new Layer(3, Activation.IDENTITY));
        return new Architecture(84, layers, Loss.SOFTMAX_CROSS_ENTROPY);
    }

    /** All recurrent cells, on a convolution and on each other, one truncated. */
    private static Architecture sequences() {
        Convolution first = new Convolution(new Shape(9, 1, 3), 5, new Size(3, 1), Size.ONE, Padding.CAUSAL, 2);
        Recurrent lstm = new Recurrent(first.output(), new Lstm(), 17, 9, States.ALL);
        Recurrent gru = new Recurrent(lstm.output(), new Gru(), 16, 4, States.ALL);
        Recurrent rnn = new Recurrent(gru.output(), new Elman(false), 6, 9, States.ALL);
        Recurrent last = new Recurrent(rnn.output(), new Elman(true), 7, 9, States.LAST);
        List<Layer> layers = List.of(
                new Layer(first, Activation.RELU),
                new Layer(lstm, Activation.IDENTITY).withInputDropout(0.2),
                new Layer(gru, Activation.IDENTITY),
                new Layer(rnn, Activation.IDENTITY),
                new Layer(last, Activation.IDENTITY),
                new Layer(3, Activation.IDENTITY));
        return new Architecture(27, layers, Loss.SOFTMAX_CROSS_ENTROPY);
    }

    /** Of the channels of each step, with shared parameters, and of all units. */
    private static Architecture normalizedLayers() {
        LayerNorm ofSteps = new LayerNorm(new Shape(4, 1, 5));
        List<Layer> layers = List.of(
                new Layer(ofSteps, Activation.IDENTITY),
                new Layer(20, Activation.RELU),
                new Layer(ofSteps, Activation.TANH).sharing("1"),
                new Layer(33, Activation.IDENTITY),
                new Layer(new LayerNorm(Shape.flat(33)), Activation.RELU),
                new Layer(3, Activation.IDENTITY));
        return new Architecture(20, layers, Loss.SOFTMAX_CROSS_ENTROPY);
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
