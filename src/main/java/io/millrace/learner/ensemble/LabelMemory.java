package io.millrace.learner.ensemble;

import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import io.millrace.nn.kernels.Reproducible;
import java.util.Arrays;

/**
 * An expert that knows only the last label: how much more often it stays than by chance. It is flat where labels are independent. What was known at the
 * prediction of an example is {@link #know kept} until its label is learned. Of a regression it is the last target.
 */
final class LabelMemory {
    private static final double SHARE = 0.01; // least weight of a new label
    private static final double STAY = 0.001;
    private static final double LEAST = 1e-4;

    private final double[] shares; // [classes]; null in a regression
    private double stay = 0.5;
    private double chance = 0.5;
    private long labels;
    private float last = Float.NaN; // NaN: none yet
    private float knownLast;
    private double knownShare;

    /** @param classes 0 for a regression */
    LabelMemory(int classes) {
        shares = classes == 0 ? null : new double[classes];
        if (shares != null) {
            Arrays.fill(shares, 1.0 / classes);
        }
    }

    /** Keeps what is known before the newest example's label. */
    void know() {
        knownLast = last;
        knownShare = shares == null || Float.isNaN(last) ? 0 : shares[(int) last];
    }

    /** Logits of the classes from what was known. */
    void logits(float[] logits) {
        if (Float.isNaN(knownLast)) {
            Arrays.fill(logits, 0f);
            return;
        }
        Arrays.fill(logits, (float) Reproducible.log((1 - stay) / (1 - chance)));
        logits[(int) knownLast] = (float) Reproducible.log(stay / chance);
    }

    /** The last target; NaN: there is none. */
    float last() {
        return knownLast;
    }

    /** Learns the label of the example. */
    void learn(float label) {
        labels++;
        last = label;
        if (shares == null) {
            return;
        }
        if (!Float.isNaN(knownLast)) {
            double rate = Math.max(1.0 / (labels + 1), STAY);
            stay = bounded(stay + rate * ((knownLast == label ? 1 : 0) - stay));
            chance = bounded(chance + rate * (knownShare - chance));
        }
        double rate = Math.max(1.0 / (labels + shares.length), SHARE);
        for (int c = 0; c < shares.length; c++) {
            shares[c] += rate * ((c == (int) label ? 1 : 0) - shares[c]);
        }
    }

    private static double bounded(double p) {
        return Math.max(LEAST, Math.min(1 - LEAST, p));
    }

    void save(StateWriter out) {
        out.putDouble(last);
        out.putDouble(stay);
        out.putDouble(chance);
        out.putLong(labels);
        if (shares != null) {
            out.putDoubles(shares);
        }
    }

    void restore(StateReader in) {
        last = (float) in.getDouble();
        stay = in.getDouble();
        chance = in.getDouble();
        labels = in.getCount();
        if (shares != null) {
            in.getDoubles(shares);
        }
    }
}
