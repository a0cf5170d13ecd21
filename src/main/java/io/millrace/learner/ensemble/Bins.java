package io.millrace.learner.ensemble;

import io.millrace.learner.spec.MemberSpec;
import io.millrace.nn.kernels.Kernels;

/**
 * Piecewise linear encoding of standardised numbers (Gorishniy et al., 2022): a number lies between two neighbours of {@value #COUNT} bins, which
 * share a value of 1. The bins have about the same number of rows if the numbers are normal.
 */
final class Bins {
    /** Bins of a feature. */
    static final int COUNT = MemberSpec.BINS;

    /** Makes the logistic function resemble the distribution function of a normal variable. */
    private static final float LOGIT = 1.702f;

    private Bins() {}

    /**
     * Places numbers between 0, the lowest bin, and {@code COUNT - 1}.
     *
     * @param z a row of standardised numbers, from {@code from}
     * @param which indices in the row of those to place
     * @param places receives their places from {@code to}
     * @param scratch as long as {@code which}
     */
    static void place(Kernels kernels, float[] z, int from, int[] which, float[] places, int to, float[] scratch) {
        int count = which.length;
        for (int j = 0; j < count; j++) {
            scratch[j] = LOGIT * z[from + which[j]];
        }
        kernels.sigmoid(scratch, count);
        for (int j = 0; j < count; j++) {
            places[to + j] = (COUNT - 1) * scratch[j];
        }
    }

    /** The lower one of the two bins. */
    static int lower(float place) {
        return Math.min((int) place, COUNT - 2);
    }
}
