package io.millrace.nn.kernels;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * Runs the vector kernels in a separate thread, with every shape of tile, until none of them takes much longer than plain Java: then they are
 * compiled. A kernel for which that does not happen stays in plain Java: in some processes C2 of Java 17 compiles a vector kernel to code that
 * is slower than plain Java for the life of the process.
 *
 * <p>The clock decides which kernels compute, but never the result.
 */
final class WarmUp {
    /**
     * The warm-up rests as long as a round took, and this long at least: a process that starts has more to compile than the processor has time
     * for, and vectors that wait for the compiler would take a whole core.
     */
    private static final long MIN_REST_NS = 1_000_000;
    /** The warm-up gives up after this many rounds. */
    private static final int MAX_ROUNDS = 20_000;
    /** Number of fast runs of a work in a row. A single one may be chance, for example if plain Java was interrupted. */
    private static final int FAST_RUNS = 5;
    /**
     * Vectors that are not compiled take twenty times as long as plain Java or more, badly compiled ones twice as long. Good ones need not
     * be faster in every shape: where vectors are narrow, the compiler's own are as good.
     */
    private static final double MOST = 1.5;

    private static final int SIZE = 272 * 256;
    private static final int MAX_WIDTH = 96;

    private final Kernels vector;
    private final LongSupplier clockNs;
    private final int maxRounds;
    private final Kernels plain = new ScalarKernels();
    private final float[] a = filled(0.25f);
    private final float[] b = filled(0.5f);
    private final float[] c = filled(0f);
    private final float[] d = filled(0f);
    private final float[] e = filled(0f);
    private final float[] f = filled(0.5f);
    private final double[] means = new double[MAX_WIDTH];
    private final double[] variances = new double[MAX_WIDTH];
    private final double[] logs = new double[264];
    private final double[] scratch = new double[MAX_WIDTH];
    private final double[] sums = new double[MAX_WIDTH];
    private final int[] ids = IntStream.range(0, 32).toArray();
    private final SplittableRandom shapes = new SplittableRandom(1);
    // tiles are chosen by the numbers of rows and columns, by whether A is transposed, and by k
    private final List<Work> works = List.of(
            new Work(Kernel.GEMM, kernels -> multiply(kernels, 272, 64, 8, 1, 272)), // 8 x 2, A transposed
            new Work(Kernel.GEMM, kernels -> multiply(kernels, 24, 64, 256, 256, 1)), // 8 x 2
            new Work(Kernel.GEMM, kernels -> multiply(kernels, 21, 64, 256, 256, 1)), // 8 x 2, 4 x 2 and 1 x 2, copied
            new Work(Kernel.GEMM, kernels -> multiply(kernels, 7, 64, 256, 256, 1)), // 4 x 4 and 1 x 4
            new Work(Kernel.GEMM, kernels -> multiply(kernels, 2, 192, 64, 64, 1)), // 1 x 8 and 1 x 4
            new Work(Kernel.GEMM, kernels -> multiply(kernels, 18, 32, 64, 64, 1)), // 4 x 2 and 1 x 2
            new Work(Kernel.GEMM, kernels -> multiply(kernels, 18, 16, 64, 64, 1)), // 8 x 1 and 1 x 1
            new Work(Kernel.GEMM, kernels -> multiply(kernels, 1, 48, 64, 64, 1)), // 1 x 2 and 1 x 1
            new Work(Kernel.OUTER, kernels -> kernels.outer(32, 48, a, b, c, 0)),
            new Work(
                    Kernel.ADAM_OUTER,
                    kernels -> kernels.adamOuter(32, 48, a, b, c, d, e, 0, 0.1f, 0.001f, 1e-8f, -0.001f)),
            new Work(Kernel.RMS_PROP, kernels -> kernels.rmsProp(0, 1600, a, b, d, 0.01f, 0f, 1e-8f, -1e-9f)),
            new Work(
                    Kernel.RMS_PROP_OUTER,
                    kernels -> kernels.rmsPropOuter(32, 48, b, b, a, d, 0, 0.01f, 0f, 1e-8f, -1e-9f)),
            new Work(
                    Kernel.RMS_PROP_ROWS,
                    kernels -> kernels.rmsPropRows(0, ids.length, ids, b, b, 48, a, d, 0, 0.01f, 0f, 1e-8f, -1e-9f)),
            new Work(
                    Kernel.ADD_ROWS,
                    kernels -> kernels.addRows(0, ids.length, ids, b, a, 0, 80, c, 0)), // 4 vectors and 1
            new Work(Kernel.ADD_TO_ROWS, kernels -> kernels.addToRows(0, ids.length, ids, b, a, 0, 80, c, 0)),
            new Work(Kernel.RECTIFIER_GRADIENT, kernels -> kernels.rectifierGradient(c, b, 2055, 0.01f)),
            new Work(Kernel.LARGEST_MAGNITUDE, kernels -> kernels.largestMagnitude(a, 2055)),
            new Work(Kernel.SIGMOID, kernels -> kernels.sigmoid(c, 3, 1103)),
            new Work(Kernel.TANH, kernels -> kernels.tanh(c, 3, 1103)),
            new Work(Kernel.EXP_OF_MAGNITUDE, kernels -> kernels.expOfMagnitude(c, 1100)),
            new Work(Kernel.LOG, kernels -> kernels.log(logs(), 260)),
            new Work(Kernel.ADD_FLOATS, kernels -> kernels.addFloats(b, MAX_WIDTH, sums)),
            new Work(Kernel.ADD_DOUBLES, kernels -> kernels.addDoubles(scratch, MAX_WIDTH, sums)),
            new Work(Kernel.STANDARDIZE, kernels -> standardize(kernels, 8, MAX_WIDTH, 0)));
    private volatile EnumSet<Kernel> warm = EnumSet.noneOf(Kernel.class);

    /** @param vector an instance that nothing else uses */
    WarmUp(Kernels vector, LongSupplier clockNs) {
        this(vector, clockNs, MAX_ROUNDS);
    }

    WarmUp(Kernels vector, LongSupplier clockNs, int maxRounds) {
        this.vector = vector;
        this.clockNs = clockNs;
        this.maxRounds = maxRounds;
    }

    /** Whether a vector kernel is compiled and fast. */
    boolean isWarm(Kernel kernel) {
        return warm.contains(kernel);
    }

    /** Whether all of them are. */
    boolean isDone() {
        return warm.size() == Kernel.values().length;
    }

    /** Runs the warm-up in a daemon thread. */
    void start() {
        Thread thread = new Thread(this::run, "millrace-warm-up");
        thread.setDaemon(true);
        thread.start();
    }

    /** The work of the thread. */
    void run() {
        for (int round = 0; round < maxRounds && !isDone(); round++) {
            long start = clockNs.getAsLong();
            EnumSet<Kernel> cold = round();
            warm = EnumSet.complementOf(cold);
            LockSupport.parkNanos(Math.max(MIN_REST_NS, clockNs.getAsLong() - start));
        }
        if (!isDone()) {
            System.getLogger(WarmUp.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "Some vector kernels remain slower than plain Java, so plain Java stays in use for them (same"
                                    + " results, slower): " + EnumSet.complementOf(warm)
                                    + ". Start the process again, or use Java 25.");
        }
    }

    /** Runs all works; returns the kernels that were slow in one of the last runs. */
    private EnumSet<Kernel> round() {
        exercise(shapes.nextInt(1, 20), shapes.nextInt(1, 96), shapes.nextInt(1, 40));
        EnumSet<Kernel> cold = EnumSet.noneOf(Kernel.class);
        for (Work work : works) {
            work.fastRuns = isFast(work.run) ? work.fastRuns + 1 : 0;
            if (work.fastRuns < FAST_RUNS) {
                cold.add(work.kernel);
            }
        }
        return cold;
    }

    /**
     * Runs all vector kernels with a shape that may be new. The compiler leaves out what no shape needed so far, and a kernel that needs it is
     * interpreted again until it is compiled again, with vectors on the heap.
     */
    private void exercise(int m, int n, int k) {
        multiply(vector, m, n, k, k, 1);
        multiply(vector, m, n, k, 1, m);
        vector.outer(m, n, a, b, c, 0);
        vector.adamOuter(m, n, a, b, c, d, e, 0, 0.1f, 0.001f, 1e-8f, -0.001f);
        vector.rmsProp(k, k + m * n, a, b, d, 0.01f, 0f, 1e-8f, -1e-9f);
        vector.rmsPropOuter(m, n, b, b, a, d, 0, 0.01f, 0f, 1e-8f, -1e-9f);
        vector.rmsPropRows(0, m, ids, b, b, n, a, d, 0, 0.01f, 0f, 1e-8f, -1e-9f);
        vector.addRows(0, m, ids, b, a, 0, n, c, 0);
        vector.addToRows(0, m, ids, b, a, 0, n, c, 0);
        vector.rectifierGradient(c, b, n, 0.01f);
        vector.largestMagnitude(a, n);
        vector.sigmoid(c, 0, n);
        vector.tanh(c, 0, n);
        vector.expOfMagnitude(c, n);
        vector.log(logs(), n);
        vector.addFloats(b, n, sums);
        vector.addDoubles(scratch, n, sums);
        standardize(vector, m, n, k);
    }

    private boolean isFast(Consumer<Kernels> work) {
        long start = clockNs.getAsLong();
        work.accept(plain);
        long middle = clockNs.getAsLong();
        work.accept(vector);
        return clockNs.getAsLong() - middle < MOST * (middle - start);
    }

    private void multiply(Kernels kernels, int m, int n, int k, int aRow, int aColumn) {
        kernels.gemm(m, n, k, a, 0, aRow, aColumn, b, 0, n, c, 0, n);
    }

    /** Numbers that have a logarithm. */
    private double[] logs() {
        Arrays.fill(logs, 1.5);
        return logs;
    }

    private void standardize(Kernels kernels, int rows, int width, long seen) {
        kernels.standardize(rows, width, f, 0, means, variances, seen, 0.01, scratch);
    }

    private static float[] filled(float value) {
        float[] x = new float[SIZE];
        Arrays.fill(x, value);
        return x;
    }

    /** A call of a kernel, of a shape of its own. */
    private static final class Work {
        private final Kernel kernel;
        private final Consumer<Kernels> run;
        private int fastRuns; // in a row

        Work(Kernel kernel, Consumer<Kernels> run) {
            this.kernel = kernel;
            this.run = run;
        }
    }
}
