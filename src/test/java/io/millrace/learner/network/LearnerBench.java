package io.millrace.learner.network;

import io.millrace.learner.spec.LearnerSpec;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.optimizer.Optimizer;
import java.util.Locale;

/** Prints examples a second of one learner on one thread: {@code java -cp ... io.millrace.learner.network.LearnerBench}. */
final class LearnerBench {
    private static final int ROUNDS = 5;
    private static final long ROUND_NS = 400_000_000;

    private LearnerBench() {}

    public static void main(String[] args) {
        System.out.println(KernelsProvider.description());
        System.out.println("network       batch  standardized  plain   (examples/s, rmsprop, best of " + ROUNDS + ")");
        for (int[] shape : new int[][] {{8, 64, 2}, {784, 128, 10}}) {
            for (int batchSize : new int[] {1, 64}) {
                System.out.printf(
                        Locale.ROOT,
                        "%-13s %5d %13.0f %8.0f%n",
                        shape[0] + "-" + shape[1] + "-" + shape[2],
                        batchSize,
                        rate(shape, batchSize, true),
                        rate(shape, batchSize, false));
            }
        }
    }

    private static double rate(int[] shape, int batchSize, boolean standardize) {
        LearnerSpec spec = Specs.classification()
                .shape(shape[0], shape[1], shape[2])
                .optimizer(Optimizer.of("rmsprop"), 0.001f)
                .batch(batchSize)
                .window(Long.MAX_VALUE)
                .reports(1000)
                .standardize(standardize, false)
                .build();
        Example[] stream = Example.stream(spec, 256, 1).toArray(Example[]::new);
        NetworkLearner learner = new NetworkLearner(spec, report -> {});
        double best = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            long examples = 0;
            while (System.nanoTime() - start < ROUND_NS) {
                for (Example example : stream) {
                    example.learnedBy(learner);
                }
                examples += stream.length;
            }
            best = Math.max(best, examples * 1e9 / (System.nanoTime() - start));
        }
        return best;
    }
}
