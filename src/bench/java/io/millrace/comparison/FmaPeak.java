package io.millrace.comparison;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Locale;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * What one thread of this machine can do at most: twelve independent chains of fused multiply-adds on full vectors, which never
 * leave the registers. Prints {@code peak} and the best of some blocks in GFLOP/s, counting two operations a lane.
 */
final class FmaPeak {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int CHAINS = 12; // latency of 4 cycles x 2 units = 8, and the registers of AVX2 hold 16
    private static final int LENGTH = 1_000_000;
    private static final int BLOCKS = 300;

    private FmaPeak() {}

    public static void main(String[] args) {
        double best = 0;
        float sink = 0;
        for (int block = 0; block < BLOCKS; block++) {
            long start = THREADS.getCurrentThreadCpuTime();
            sink += chains(0.999f, 0.001f, LENGTH);
            long ns = THREADS.getCurrentThreadCpuTime() - start;
            best = Math.max(best, 2.0 * SPECIES.length() * CHAINS * LENGTH / ns);
        }
        System.err.println("sum " + sink); // so that nothing is dead code
        System.out.printf(Locale.ROOT, "peak\t%.2f%n", best);
    }

    private static float chains(float factor, float summand, int length) {
        FloatVector a = FloatVector.broadcast(SPECIES, factor);
        FloatVector b = FloatVector.broadcast(SPECIES, summand);
        FloatVector c0 = b;
        FloatVector c1 = b.add(1);
        FloatVector c2 = b.add(2);
        FloatVector c3 = b.add(3);
        FloatVector c4 = b.add(4);
        FloatVector c5 = b.add(5);
        FloatVector c6 = b.add(6);
        FloatVector c7 = b.add(7);
        FloatVector c8 = b.add(8);
        FloatVector c9 = b.add(9);
        FloatVector c10 = b.add(10);
        FloatVector c11 = b.add(11);
        for (int i = 0; i < length; i++) {
            c0 = c0.fma(a, b);
            c1 = c1.fma(a, b);
            c2 = c2.fma(a, b);
            c3 = c3.fma(a, b);
            c4 = c4.fma(a, b);
            c5 = c5.fma(a, b);
            c6 = c6.fma(a, b);
            c7 = c7.fma(a, b);
            c8 = c8.fma(a, b);
            c9 = c9.fma(a, b);
            c10 = c10.fma(a, b);
            c11 = c11.fma(a, b);
        }
        FloatVector low = c0.add(c1).add(c2).add(c3).add(c4).add(c5);
        FloatVector high = c6.add(c7).add(c8).add(c9).add(c10).add(c11);
        return low.add(high).lane(0);
    }
}
