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
        kernels.sigmoid(scratch, 0, count);
        for (int j = 0; j < count; j++) {
            places[to + j] = (COUNT - 1) * scratch[j];
        }
    }

    /**
     * Encodes places as sparse inputs: of each number two bins and their shares, of a missing one none.
     *
     * @param places {@code count} places from {@code from}; NaN: missing
     * @param ids [2 x count], overwritten from 0
     * @param values [2 x count], overwritten from 0
     * @return number of ids
     */
    static int encode(float[] places, int from, int count, int[] ids, float[] values) {
        int k = 0;
        for (int j = 0; j < count; j++) {
            float place = places[from + j];
            if (Float.isNaN(place)) {
                continue;
            }
            int bin = below(place);
            float high = place - bin;
            int id = j * COUNT + bin;
            ids[k] = id;
            values[k++] = 1 - high;
            ids[k] = id + 1;
            values[k++] = high;
        }
        return k;
    }

    /** The lower one of the bins that share a place. */
    static int below(float place) {
        return Math.min((int) place, COUNT - 2);
    }

    /** The derivative of a place by its standardised number. */
    static double slope(float place) {
        double share = (double) place / (COUNT - 1);
        return (COUNT - 1) * LOGIT * share * (1 - share);
    }
}
