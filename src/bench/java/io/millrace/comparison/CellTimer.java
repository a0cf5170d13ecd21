package io.millrace.comparison;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Locale;

/**
 * Times the cells of one network in a child process and prints a line for each: {@code cell}, the work, the median of the blocks
 * in µs a run, separated by tabs. It is the CPU time of this thread, so that neighbours on the machine count little; or the time of the clock,
 * if the libraries may use several threads. {@code train_step.py} does the same.
 */
final class CellTimer {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final long BLOCK_NS = 15_000_000;
    private static final int MIN_WARM_UP_RUNS = 20;
    private static final boolean ONE_THREAD = threads() == 1;

    private CellTimer() {}

    /** How many threads a library may use: one, or as many as OpenMP's own variable names. */
    static int threads() {
        return Integer.parseInt(System.getenv().getOrDefault(Child.THREADS, "1"));
    }

    /** @param args network, works separated by commas, warm-up in milliseconds, number of blocks */
    static void run(Subject subject, String[] args) {
        NetworkShape net = NetworkShape.parse(args[0]);
        long warmUpNs = Long.parseLong(args[2]) * 1_000_000;
        int blocks = Integer.parseInt(args[3]);
        boolean first = true;
        for (String work : args[1].split(",")) {
            Cell cell = Cell.parse(net, work);
            Runnable runnable =
                    cell.rows() == Cell.PREDICTION ? subject.prediction(net) : subject.training(net, cell.rows());
            // the first cell finds nothing compiled
            double us = medianUs(runnable, first ? 3 * warmUpNs : warmUpNs, blocks);
            System.out.printf(Locale.ROOT, "cell\t%s\t%.3f%n", work, us);
            first = false;
        }
    }

    private static double medianUs(Runnable runnable, long warmUpNs, int blocks) {
        long start = ns(); // of one thread, of the CPU: while neighbours run, the compiler needs longer
        for (int i = 0; i < MIN_WARM_UP_RUNS || ns() - start < warmUpNs; i++) {
            runnable.run();
        }
        int runs = 0;
        for (start = ns(); ns() - start < BLOCK_NS; runs++) {
            runnable.run();
        }
        double[] us = new double[blocks];
        for (int block = 0; block < blocks; block++) {
            start = ns();
            for (int i = 0; i < runs; i++) {
                runnable.run();
            }
            us[block] = (ns() - start) / 1e3 / runs;
        }
        Arrays.sort(us);
        return us[blocks / 2];
    }

    private static long ns() {
        return ONE_THREAD ? THREADS.getCurrentThreadCpuTime() : System.nanoTime();
    }
}
