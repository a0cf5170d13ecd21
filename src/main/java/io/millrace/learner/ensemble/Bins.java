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

    /**
     * Encodes places as sparse inputs: of each number two bins and their shares; none of a missing one.
     *
     * @param places {@code count} places from {@code from}; NaN: missing
     * @param ids [2 x count], overwritten
     * @param values [2 x count], overwritten
     * @return how many ids there are
     */
    static int encode(float[] places, int from, int count, int[] ids, float[] values) {
        int size = 0;
        for (int j = 0; j < count; j++) {
            float place = places[from + j];
            if (Float.isNaN(place)) {
                continue;
            }
            int bin = Math.min((int) place, COUNT - 2);
            float high = place - bin;
            int id = j * COUNT + bin;
            ids[size] = id;
            ids[size + 1] = id + 1;
            values[size] = 1 - high;
            values[size + 1] = high;
            size += 2;
        }
        return size;
    }
}
