package io.millrace.nn.kernels;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Runs the vector kernels in a thread of its own, in every shape of tile, until none of them takes much longer than its plain twin: then the
 * compiler has done with them. Where that does not come about, plain Java goes on: once among some hundreds of processes, C2 of Java 17
 * made code for a tile that was, for the life of the process, half as fast as plain Java.
 *
 * <p>The clock decides who computes, and never what comes out.
 */
final class WarmUp {
    /** Until most of them are compiled; from then on a pause leaves the processor to the compiler and to those who learn. */
    private static final int ROUNDS_WITHOUT_PAUSE = 2000;

    private static final long PAUSE_NS = 1_000_000;
    /** An end where it is hopeless, after half a minute or so, most of it pauses. */
    private static final int MAX_ROUNDS = 20_000;
    /** In a row: a single one may be luck, as when the twin was interrupted. */
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
    // tiles are chosen by the numbers of rows and columns, by whether A is transposed, and by k
    private final List<Consumer<Kernels>> works = List.of(
            kernels -> multiply(kernels, 264, 64, 8, 1, 264), // 6 x 4, A copied
            kernels -> multiply(kernels, 18, 64, 256, 256, 1), // 6 x 4, A as it lies
            kernels -> multiply(kernels, 18, 128, 32, 32, 1), // 4 x 4, B copied
            kernels -> multiply(kernels, 7, 64, 256, 256, 1), // 4 x 4 and 1 x 4
            kernels -> multiply(kernels, 2, 192, 64, 64, 1), // 1 x 8 and 1 x 4
            kernels -> multiply(kernels, 18, 32, 64, 64, 1), // 8 x 1 and 1 x 1
            kernels -> multiply(kernels, 1, 48, 64, 64, 1), // 1 x 1
            kernels -> kernels.outer(32, 48, a, b, c, 0),
            kernels -> kernels.adamOuter(32, 48, a, b, c, d, e, 0, 0.1f, 0.001f, 1e-8f, -0.001f),
            kernels -> kernels.rectifierGradient(c, b, 2055, 0.01f),
            kernels -> kernels.largestMagnitude(a, 2055),
            kernels -> kernels.sigmoid(c, 1100),
            kernels -> kernels.tanh(c, 1100));
    private volatile boolean done;

    /** @param vector an instance of its own */
    WarmUp(Kernels vector, LongSupplier clockNs) {
        this(vector, clockNs, MAX_ROUNDS);
    }

    WarmUp(Kernels vector, LongSupplier clockNs, int maxRounds) {
        this.vector = vector;
        this.clockNs = clockNs;
        this.maxRounds = maxRounds;
    }

    /** Whether the vector kernels are compiled, and well. */
    boolean isDone() {
        return done;
    }

    /** Runs it in a thread that keeps no process alive. */
    void start() {
        Thread thread = new Thread(this::run, "millrace-warm-up");
        thread.setDaemon(true);
        thread.start();
    }

    /** What the thread does. */
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
                            "The vector kernels remain slower than plain Java, which goes on (same results,"
                                    + " slower); start the process again, or with Java 25.");
        }
    }

    /** Whether no work took much longer than its plain twin. */
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
