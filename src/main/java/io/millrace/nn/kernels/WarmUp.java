package io.millrace.nn.kernels;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * Runs the vector kernels in a separate thread, with every shape of tile, until none of them takes much longer than plain Java: then they are
 * compiled. If that does not happen, plain Java stays in use: in about one of some hundreds of processes, C2 of Java 17 compiled a tile to
 * code that was half as fast as plain Java for the life of the process.
 *
 * <p>The clock decides which kernels compute, but never the result.
 */
final class WarmUp {
    /** Until then most kernels are compiled. After that, pauses leave the processor to the compiler and to learning. */
    private static final int ROUNDS_WITHOUT_PAUSE = 2000;

    private static final long PAUSE_NS = 1_000_000;
    /** The warm-up gives up after this many rounds, which take about half a minute, mostly pauses. */
    private static final int MAX_ROUNDS = 20_000;
    /** Number of fast rounds in a row. A single one may be chance, for example if plain Java was interrupted. */
    private static final int FAST_ROUNDS = 5;
    /**
     * Vectors that are not compiled take twenty times as long as plain Java or more, badly compiled ones twice as long. Good ones need not
     * be faster in every shape: where vectors are narrow, the compiler's own are as good.
     */
    private static final double MOST = 1.5;

    private static final int SIZE = 264 * 256;

    private final Kernels vector;
    private final LongSupplier clockNs;
    private final int maxRounds;
    private final Kernels plain = new ScalarKernels();
    private final float[] a = filled(0.25f);
    private final float[] b = filled(0.5f);
    private final float[] c = filled(0f);
    private final float[] d = filled(0f);
    private final float[] e = filled(0f);
    private final int[] ids = IntStream.range(0, 32).toArray();
    // tiles are chosen by the numbers of rows and columns, by whether A is transposed, and by k
    private final List<Consumer<Kernels>> works = List.of(
            kernels -> multiply(kernels, 264, 64, 8, 1, 264), // 6 x 4, A copied
            kernels -> multiply(kernels, 18, 64, 256, 256, 1), // 6 x 4, A as it lies
            kernels -> multiply(kernels, 18, 128, 32, 32, 1), // 4 x 4, B copied
            kernels -> multiply(kernels, 7, 64, 256, 256, 1), // 4 x 4 and 1 x 4
            kernels -> multiply(kernels, 2, 192, 64, 64, 1), // 1 x 8 and 1 x 4
            kernels -> multiply(kernels, 18, 32, 64, 64, 1), // 8 x 1 and 1 x 1
            kernels -> multiply(kernels, 1, 48, 64, 64, 1), // 1 x 2 and 1 x 1
            kernels -> kernels.outer(32, 48, a, b, c, 0),
            kernels -> kernels.adamOuter(32, 48, a, b, c, d, e, 0, 0.1f, 0.001f, 1e-8f, -0.001f),
            kernels -> kernels.rmsProp(0, 1600, a, b, d, 0.01f, 0f, 1e-8f, -1e-9f),
            kernels -> kernels.rmsPropOuter(32, 48, b, b, a, d, 0, 0.01f, 0f, 1e-8f, -1e-9f),
            kernels -> kernels.rmsPropRows(0, ids.length, ids, b, b, 48, a, d, 0, 0.01f, 0f, 1e-8f, -1e-9f),
            kernels -> kernels.addRows(0, ids.length, ids, b, a, 0, 80, c, 0), // 4 vectors and 1
            kernels -> kernels.addToRows(0, ids.length, ids, b, a, 0, 80, c, 0),
            kernels -> kernels.rectifierGradient(c, b, 2055, 0.01f),
            kernels -> kernels.largestMagnitude(a, 2055),
            kernels -> kernels.sigmoid(c, 1100),
            kernels -> kernels.tanh(c, 1100));
    private volatile boolean done;

    /** @param vector an instance that nothing else uses */
    WarmUp(Kernels vector, LongSupplier clockNs) {
        this(vector, clockNs, MAX_ROUNDS);
    }

    WarmUp(Kernels vector, LongSupplier clockNs, int maxRounds) {
        this.vector = vector;
        this.clockNs = clockNs;
        this.maxRounds = maxRounds;
    }

    /** Whether the vector kernels are compiled and fast. */
    boolean isDone() {
        return done;
    }

    /** Runs the warm-up in a daemon thread. */
    void start() {
        Thread thread = new Thread(this::run, "millrace-warm-up");
        thread.setDaemon(true);
        thread.start();
    }

    /** The work of the thread. */
    void run() {
        int fast = 0;
        for (int round = 0; round < maxRounds && fast < FAST_ROUNDS; round++) {
            if (round >= ROUNDS_WITHOUT_PAUSE) {
                LockSupport.parkNanos(PAUSE_NS);
            }
            fast = round() ? fast + 1 : 0;
        }
        done = fast == FAST_ROUNDS;
        if (!done) {
            System.getLogger(WarmUp.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "The vector kernels remain slower than plain Java, so plain Java stays in use (same results,"
                                    + " slower); start the process again, or use Java 25.");
        }
    }

    /** Whether no work took much longer than in plain Java. */
    private boolean round() {
        boolean fast = true;
        for (Consumer<Kernels> work : works) {
            long start = clockNs.getAsLong();
            work.accept(plain);
            long middle = clockNs.getAsLong();
            work.accept(vector);
            fast &= clockNs.getAsLong() - middle < MOST * (middle - start);
        }
        return fast;
    }

    private void multiply(Kernels kernels, int m, int n, int k, int aRow, int aColumn) {
        kernels.gemm(m, n, k, a, 0, aRow, aColumn, b, 0, n, c, 0, n);
    }

    private static float[] filled(float value) {
        float[] x = new float[SIZE];
        Arrays.fill(x, value);
        return x;
    }
}
