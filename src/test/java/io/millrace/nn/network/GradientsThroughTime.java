package io.millrace.nn.network;

import io.millrace.nn.activation.Activation;
import io.millrace.nn.initializer.XavierUniform;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.layer.Block;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.layer.Shape;
import io.millrace.nn.layer.recurrent.Cell;
import io.millrace.nn.layer.recurrent.Elman;
import io.millrace.nn.layer.recurrent.Lstm;
import io.millrace.nn.layer.recurrent.Recurrent;
import io.millrace.nn.layer.recurrent.States;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.optimizer.Clipping;
import io.millrace.nn.optimizer.Sgd;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.LongStream;

/**
 * What is left of a gradient after many steps back in time (Bengio, Simard and Frasconi, 1994), and whether a network learns what only the first of
 * {@value #STEPS} steps tells: its first number is 1 or -1, all others are noise. As a program, prints the tables of docs/learning.md.
 */
final class GradientsThroughTime {
    static final int STEPS = 101;
    private static final int UNITS = 16;
    private static final int FEATURES = 2;
    private static final int ROWS = 16;
    private static final float NOISE = 0.1f;
    private static final int BATCHES = 1000;
    private static final int RUNS = 8;
    private static final float RATE = 0.1f;

    /** The norm of a gradient is at most 1. */
    static final Clipping CLIPPING = new Clipping(1);

    private final Network network;
    private final Trainer trainer;
    private final Random random;
    private final float[] inputs = new float[ROWS * STEPS * FEATURES];
    private final float[] targets = new float[ROWS];
    private final float[] weights = new float[ROWS];
    private final float[] losses = new float[ROWS];
    private final float[] scores = new float[ROWS * 2];

    /**
     * @param norm first norm of the matrix between the states, which is orthogonal
     * @param seed of the first weights and the sequences
     */
    GradientsThroughTime(Cell cell, float norm, Clipping clipping, long seed) {
        random = new Random(seed);
        Recurrent recurrent = new Recurrent(new Shape(STEPS, 1, FEATURES), cell, UNITS, STEPS, States.LAST);
        Architecture architecture = new Architecture(
                STEPS * FEATURES,
                List.of(new Layer(recurrent, Activation.IDENTITY), new Layer(2, Activation.IDENTITY)),
                Loss.SOFTMAX_CROSS_ENTROPY);
        network = new Network(architecture, KernelsProvider.kernels());
        trainer = new Trainer(network, new Sgd(), List.of(), clipping, ROWS, seed);
        network.initialize(trainer.parameters(), new XavierUniform(), seed);
        Block between = network.layout().block(0, "recurrent");
        for (int i = between.offset(); i < between.end(); i++) {
            trainer.parameters()[i] *= norm;
        }
        Arrays.fill(weights, 1f);
    }

    /** The norm of the gradient of an output by the inputs of a step, by the distance of the step from the last one, for a sequence of zeros. */
    double[] norms() {
        Saliency saliency = new Saliency(network, KernelsProvider.kernels().newInstance());
        saliency.compute(trainer.parameters(), trainer.state(), new float[STEPS * FEATURES], null, new float[] {1, -1});
        double[] norms = new double[STEPS];
        for (int step = 0; step < STEPS; step++) {
            double sum = 0;
            for (int j = 0; j < FEATURES; j++) {
                double slope = saliency.byInputs()[step * FEATURES + j];
                sum += slope * slope;
            }
            norms[STEPS - 1 - step] = Math.sqrt(sum);
        }
        return norms;
    }

    /** The accuracy of the last hundred of {@value #BATCHES} mini-batches, each predicted before it is learned. */
    double accuracy() {
        int right = 0;
        for (int k = 0; k < BATCHES; k++) {
            draw();
            trainer.step(inputs, targets, weights, ROWS, RATE, losses, scores, true);
            for (int i = 0; i < ROWS && k >= BATCHES - 100; i++) {
                right += (scores[2 * i + 1] > scores[2 * i]) == (targets[i] == 1) ? 1 : 0;
            }
        }
        return right / (100.0 * ROWS);
    }

    private void draw() {
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = NOISE * (float) random.nextGaussian();
        }
        for (int i = 0; i < ROWS; i++) {
            targets[i] = random.nextInt(2);
            inputs[i * STEPS * FEATURES] = 2 * targets[i] - 1;
        }
    }

    public static void main(String[] args) {
        print("rnn, norm 0.9", new Elman(false), 0.9f, Clipping.NONE);
        print("rnn, norm 0.9, clipped", new Elman(false), 0.9f, CLIPPING);
        print("rnn, norm 1.1", new Elman(false), 1.1f, Clipping.NONE);
        print("rnn, norm 1.1, clipped", new Elman(false), 1.1f, CLIPPING);
        print("lstm, norm 1, clipped", new Lstm(), 1, CLIPPING);
    }

    /** The norms of seed 1, and in how many of {@value #RUNS} runs three quarters of the last sequences were right. */
    private static void print(String name, Cell cell, float norm, Clipping clipping) {
        StringBuilder line = new StringBuilder("| " + name + " |");
        double[] norms = new GradientsThroughTime(cell, norm, clipping, 1).norms();
        for (int distance = 0; distance < STEPS; distance += 20) {
            line.append(String.format(Locale.ROOT, " %.2g |", norms[distance]));
        }
        long learned = LongStream.rangeClosed(1, RUNS)
                .filter(seed -> new GradientsThroughTime(cell, norm, clipping, seed).accuracy() > 0.75)
                .count();
        System.out.println(line.append(" " + learned + " of " + RUNS + " |"));
    }
}
