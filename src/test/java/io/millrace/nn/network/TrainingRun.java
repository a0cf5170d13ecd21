package io.millrace.nn.network;

import io.millrace.nn.activation.Activation;
import io.millrace.nn.initializer.XavierUniform;
import io.millrace.nn.kernels.Kernels;
import io.millrace.nn.layer.BatchNorm;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.loss.SigmoidCrossEntropy;
import io.millrace.nn.loss.SoftmaxCrossEntropy;
import io.millrace.nn.optimizer.Clipping;
import io.millrace.nn.optimizer.Optimizer;
import io.millrace.nn.penalty.Penalty;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A network in training on made-up rows, for tests: everything follows from the arguments. */
public final class TrainingRun {
    final Network network;
    public final Trainer trainer;
    final int rows;
    public final float[] inputs;
    public final float[] targets;
    public final float[] weights;
    public final float[] losses;
    public final float[] scores;
    private final Random random;

    public TrainingRun(Architecture architecture, Optimizer optimizer, Kernels kernels, int rows, long seed) {
        this(architecture, optimizer, List.of(), Clipping.NONE, kernels, rows, seed);
    }

    public TrainingRun(
            Architecture architecture,
            Optimizer optimizer,
            List<Penalty> penalties,
            Clipping clipping,
            Kernels kernels,
            int rows,
            long seed) {
        this.network = new Network(architecture, kernels);
        this.trainer = new Trainer(network, optimizer, penalties, clipping, rows, seed);
        this.rows = rows;
        this.random = new Random(seed);
        this.inputs = new float[rows * architecture.inputs()];
        this.targets = new float[rows * architecture.targetWidth()];
        this.weights = new float[rows];
        this.losses = new float[rows];
        this.scores = new float[rows * architecture.outputs()];
        network.initialize(trainer.parameters(), new XavierUniform(), seed);
        draw();
    }

    public static Architecture architecture(Loss loss, Activation activation, int... widths) {
        Layer[] layers = new Layer[widths.length - 1];
        for (int l = 1; l < widths.length; l++) {
            layers[l - 1] = new Layer(widths[l], l + 1 < widths.length ? activation : Activation.IDENTITY);
        }
        return new Architecture(widths[0], Arrays.asList(layers), loss);
    }

    /** The same with batch normalisation in every layer but the last. */
    static Architecture normalized(Architecture plain) {
        List<Layer> layers = new ArrayList<>(plain.layers());
        for (int l = 0; l + 1 < layers.size(); l++) {
            layers.set(l, layers.get(l).withBatchNorm(BatchNorm.ALGORITHM.with(Map.of())));
        }
        return new Architecture(plain.inputs(), layers, plain.loss());
    }

    /** The same with dropout of the network's inputs and between its layers. */
    static Architecture dropping(Architecture whole) {
        List<Layer> layers = new ArrayList<>();
        for (Layer layer : whole.layers()) {
            layers.add(layer.withInputDropout(layers.isEmpty() ? 0.2 : 0.5));
        }
        return new Architecture(whole.inputs(), layers, whole.loss());
    }

    /** The next mini-batch, with weights that are not all one. */
    void draw() {
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = (float) random.nextGaussian();
        }
        for (int i = 0; i < targets.length; i++) {
            targets[i] = target(network.architecture());
        }
        for (int i = 0; i < rows; i++) {
            weights[i] = i % 4 == 3 ? 2.5f : 1f;
        }
    }

    private float target(Architecture architecture) {
        return switch (architecture.loss().name()) {
            case SoftmaxCrossEntropy.NAME -> random.nextInt(architecture.outputs());
            case SigmoidCrossEntropy.NAME -> random.nextInt(2);
            default -> (float) random.nextGaussian();
        };
    }

    public void step() {
        trainer.step(inputs, targets, weights, rows, 0.01f, losses, scores, true);
    }

    void steps(int count) {
        for (int i = 0; i < count; i++) {
            step();
            draw();
        }
    }
}
