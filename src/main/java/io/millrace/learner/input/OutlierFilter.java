package io.millrace.learner.input;

import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;

/**
 * Refuses examples with a number far larger than all before, such as a sentinel for "missing" or a number in a wrong unit, because it
 * would dominate the running statistics for a long time. The measure is the largest magnitude of any feature (and of any target) so far,
 * at least 1. The first {@value #FIRST} examples set it. If too many examples in a row are refused, the unit of the stream has probably
 * changed, so the next example is accepted and raises the measure.
 */
final class OutlierFilter {
    private static final int FIRST = 100;

    private final double factor; // 0: nothing is refused
    private final int patience;
    private float largestFeature = 1;
    private float largestTarget = 1;
    private long seen;
    private int inRow;

    /** @param patience number of refused examples in a row before the measure changes; 0: never */
    OutlierFilter(double factor, int patience) {
        this.factor = factor;
        this.patience = patience;
    }

    /**
     * Checks an example and adds it to the measure.
     *
     * @param feature magnitude of its largest feature
     * @param target magnitude of its largest target
     * @throws BadInputException when it is refused
     */
    void take(float feature, float target) {
        if (factor == 0) {
            return;
        }
        if (patience == 0 || inRow < patience) {
            inRow++;
            check(feature, target);
        }
        inRow = 0;
        largestFeature = Math.max(largestFeature, feature);
        largestTarget = Math.max(largestTarget, target);
        seen++;
    }

    /** Refuses as {@link #take} does, without changing the measure. */
    void check(float feature, float target) {
        if (factor == 0 || seen < FIRST) {
            return;
        }
        if (feature > factor * largestFeature) {
            throw refusal("feature", feature, largestFeature);
        }
        if (target > factor * largestTarget) {
            throw refusal("target", target, largestTarget);
        }
    }

    private static BadInputException refusal(String what, float magnitude, float largest) {
        return new BadInputException(
                "a " + what + " has the magnitude " + magnitude + ", and the largest so far " + largest);
    }

    void save(StateWriter out) {
        out.putDouble(largestFeature);
        out.putDouble(largestTarget);
        out.putLong(seen);
        out.putInt(inRow);
    }

    void restore(StateReader in) {
        largestFeature = (float) in.getDouble();
        largestTarget = (float) in.getDouble();
        seen = in.getCount();
        inRow = in.getInt();
        if (!(largestFeature >= 1 && largestTarget >= 1 && inRow >= 0)) {
            throw new IllegalStateException("the saved state measures outliers by " + largestFeature + " and "
                    + largestTarget + ", " + inRow + " in a row, which no learner has written");
        }
    }
}
