package io.millrace.topology.model;

import io.millrace.config.MillraceConfig;
import io.millrace.feature.InputRow;
import io.millrace.learner.Learner;
import io.millrace.learner.spec.LearnerKind;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.topology.TestConfigs;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Prints the CPU time of an example of an ensemble and of a default network: {@code java -cp ... io.millrace.topology.model.LearnerTimes}. Arguments
 * are other shapes, each as features,classes.
 */
final class LearnerTimes {
    private static final int EXAMPLES = 1024;
    private static final int ROUNDS = 15;
    private static final String[] SHAPES = {"8,2", "54,7", "784,10"};

    private LearnerTimes() {}

    public static void main(String[] args) {
        KernelsProvider.warmUp(System::nanoTime);
        System.out.println(KernelsProvider.description());
        int[][] shapes = Arrays.stream(args.length > 0 ? args : SHAPES)
                .map(shape -> Arrays.stream(shape.split(","))
                        .mapToInt(Integer::parseInt)
                        .toArray())
                .toArray(int[][]::new);
        for (LearnerKind kind : LearnerKind.values()) {
            for (int[] shape : shapes) { // for the compiler
                micros(kind, shape[0], shape[1]);
            }
            for (int[] shape : shapes) {
                System.out.printf(
                        Locale.ROOT,
                        "%s, %d features, %d classes: %.2f us%n",
                        kind.id(),
                        shape[0],
                        shape[1],
                        micros(kind, shape[0], shape[1]));
            }
        }
    }

    private static LearnerSpec spec(LearnerKind kind, int features, int classes) {
        Map<String, String> settings = TestConfigs.settings();
        settings.keySet().removeAll(List.of("model.hidden", "batch.size", "learning.rate"));
        settings.put("model.kind", kind.id());
        settings.put("model.inputs", String.valueOf(features));
        settings.put(
                "model.classes",
                IntStream.range(0, classes).mapToObj(String::valueOf).collect(Collectors.joining(",")));
        settings.put("validation.report.examples", "1000");
        return MillraceConfig.of(settings).learner();
    }

    /** Median over the rounds, after as many that do not count. */
    private static double micros(LearnerKind kind, int features, int classes) {
        LearnerSpec spec = spec(kind, features, classes);
        Learner learner = ModelKind.of(spec).learner(spec, report -> {}, refused -> {});
        Random random = new Random(1);
        float[][] rows = new float[EXAMPLES][features];
        float[][] targets = new float[EXAMPLES][1];
        for (int i = 0; i < EXAMPLES; i++) {
            for (int j = 0; j < features; j++) {
                rows[i][j] = random.nextFloat();
            }
            targets[i][0] = (int) (rows[i][0] * classes);
        }
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        InputRow row = new InputRow();
        double[] micros = new double[2 * ROUNDS];
        long position = 0;
        for (int round = 0; round < micros.length; round++) {
            long begun = threads.getCurrentThreadCpuTime();
            for (int i = 0; i < EXAMPLES; i++) {
                learner.learn(row.features(rows[i]), targets[i], 1, position, position++);
            }
            micros[round] = (threads.getCurrentThreadCpuTime() - begun) / 1e3 / EXAMPLES;
        }
        double[] counted = Arrays.copyOfRange(micros, ROUNDS, micros.length);
        Arrays.sort(counted);
        return counted[ROUNDS / 2];
    }
}
