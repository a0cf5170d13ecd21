package io.millrace.nn;

import io.millrace.nn.kernels.Kernels;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.kernels.ScalarKernels;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Time of a training step (Adam, rectifiers, softmax), plain Java and Vector API in turns on the same machine: median and best of
 * many short blocks, thread CPU time. Not a test; run {@code main}, with the names of networks to restrict it.
 */
public final class TrainStepBench {
    private static final int[][] NETWORKS = {{8, 32, 2}, {54, 128, 64, 7}, {784, 128, 10}, {784, 512, 512, 10}};
    private static final int[] BATCHES = {1, 8, 32, 64, 256, 1024};
    private static final int BLOCKS = 31;
    private static final long BLOCK_NS = 15_000_000;
    private static final long WARM_UP_NS = 700_000_000;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private TrainStepBench() {}

    public static void main(String[] names) {
        System.out.println(KernelsProvider.description());
        System.out.printf("%-18s %5s  %-22s %-22s%n", "network", "batch", "scalar us (best)", "chosen us (best)");
        for (int[] widths : NETWORKS) {
            String name = Arrays.stream(widths).mapToObj(Integer::toString).collect(Collectors.joining("-"));
            if (names.length > 0 && !Arrays.asList(names).contains(name)) {
                continue;
            }
            for (int rows : BATCHES) {
                Run scalar = new Run(widths, rows, new ScalarKernels());
                Run chosen = new Run(widths, rows, KernelsProvider.kernels());
                scalar.warmUp();
                chosen.warmUp();
                for (int block = 0; block < BLOCKS; block++) {
                    scalar.block();
                    chosen.block();
                }
                System.out.printf("%-18s %5d  %-22s %-22s%n", name, rows, scalar, chosen);
            }
        }
    }

    private static final class Run {
        private final Trainer trainer;
        private final int rows;
        private final float[][] inputs;
        private final float[][] targets;
        private final float[] weights;
        private final float[] losses;
        private final float[] scores;
        private final double[] ns = new double[BLOCKS];
        private int stepsPerBlock;
        private int blocks;
        private int next;

        Run(int[] widths, int rows, Kernels kernels) {
            List<Layer> layers = new ArrayList<>();
            for (int l = 1; l < widths.length; l++) {
                layers.add(new Layer(widths[l], l + 1 < widths.length ? Activation.RELU : Activation.IDENTITY));
            }
            Architecture architecture = new Architecture(widths[0], layers, Loss.SOFTMAX_CROSS_ENTROPY);
            Network network = new Network(architecture, kernels);
            this.trainer = new Trainer(network, Optimizer.of(Adam.NAME), rows);
            network.initialize(trainer.parameters(), new HeUniform(), 1);
            this.rows = rows;
            int batches = rows == 1 ? 64 : 4;
            Random random = new Random(7);
            this.inputs = new float[batches][rows * widths[0]];
            this.targets = new float[batches][rows];
            for (int b = 0; b < batches; b++) {
                for (int i = 0; i < inputs[b].length; i++) {
                    inputs[b][i] = (float) random.nextDouble() * 2 - 1;
                }
                for (int i = 0; i < rows; i++) {
                    targets[b][i] = random.nextInt(architecture.outputs());
                }
            }
            this.weights = new float[rows];
            Arrays.fill(weights, 1f);
            this.losses = new float[rows];
            this.scores = new float[rows * architecture.outputs()];
        }

        private void step() {
            int b = next++ % inputs.length;
            trainer.step(inputs[b], targets[b], weights, rows, 1e-3f, losses, scores, false);
        }

        void warmUp() {
            long start = System.nanoTime();
            for (int i = 0; i < 30 || System.nanoTime() - start < WARM_UP_NS; i++) {
                step();
            }
            start = System.nanoTime();
            for (stepsPerBlock = 0; System.nanoTime() - start < BLOCK_NS; stepsPerBlock++) {
                step();
            }
        }

        void block() {
            long start = THREADS.getCurrentThreadCpuTime();
            for (int i = 0; i < stepsPerBlock; i++) {
                step();
            }
            ns[blocks++] = (THREADS.getCurrentThreadCpuTime() - start) / (double) stepsPerBlock;
        }

        @Override
        public String toString() {
            Arrays.sort(ns);
            return String.format(Locale.ROOT, "%.2f (%.2f)", ns[BLOCKS / 2] / 1000, ns[0] / 1000);
        }
    }
}
