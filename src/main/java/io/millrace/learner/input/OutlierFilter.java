package io.millrace.learner.input;

import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import java.util.Arrays;
import java.util.List;

/**
 * Refuses examples with a number far larger than all before, such as a sentinel for "missing" or a number in a wrong unit, because it
 * would dominate the running statistics for a long time. The measure is the largest magnitude so far, at least 1: one for all features of an
 * {@code Example}, one for each number of declared features, and one for all targets. The first {@value #FIRST} examples set it. If too
 * many examples in a row are refused, the unit of the stream has probably changed, so the next example is accepted and raises the measures.
 */
final class OutlierFilter {
    private static final int FIRST = 100;

    private final double factor; // 0: nothing is refused
    private final int patience;
    private final List<String> names; // of declared numbers; null: one measure for all features
    private final double[] largestFeatures;
    private double largestTarget = 1;
    private long seen;
    private int inRow;

    /**
     * @param patience number of refused examples in a row before the measure changes; 0: never
     * @param names names of the numbers that are measured one by one; null: all features have one measure
     */
    OutlierFilter(double factor, int patience, List<String> names) {
        this.factor = factor;
        this.patience = patience;
        this.names = names;
        largestFeatures = new double[names == null ? 1 : names.size()];
        Arrays.fill(largestFeatures, 1);
    }

    /**
     * Checks an example and adds it to the measures.
     *
     * @param features magnitude of the largest feature, or of each number; NaN where it is missing
     * @param target magnitude of its largest target
     * @throws BadInputException when it is refused
     */
    void take(double[] features, float target) {
        if (factor == 0) {
            return;
        }
        if (patience == 0 || inRow < patience) {
            inRow = Math.min(inRow + 1, patience);
            check(features, target);
        }
        inRow = 0;
        for (int j = 0; j < largestFeatures.length; j++) {
            if (features[j] > largestFeatures[j]) {
                largestFeatures[j] = features[j];
            }
        }
        largestTarget = Math.max(largestTarget, target);
        seen++;
    }

    /** Refuses as {@link #take} does, without changing the measures. */
    void check(double[] features, float target) {
        if (factor == 0 || seen < FIRST) {
            return;
        }
        for (int j = 0; j < largestFeatures.length; j++) {
            if (features[j] > factor * largestFeatures[j]) {
                throw names == null
                        ? refusal("a feature", (float) features[j], (float) largestFeatures[j])
                        : refusal(names.get(j), features[j], largestFeatures[j]);
            }
        }
        if (target > factor * largestTarget) {
            throw refusal("a target", target, (float) largestTarget);
        }
    }

    private static BadInputException refusal(String what, Number magnitude, Number largest) {
        return new BadInputException(
                BadInputCause.OUTLIER,
                what + " has the magnitude " + magnitude + ", and the largest so far " + largest);
    }

    void save(StateWriter out) {
        if (names == null) {
            out.putDouble(largestFeatures[0]);
        } else {
            out.putDoubles(largestFeatures);
        }
        out.putDouble(largestTarget);
        out.putLong(seen);
        out.putInt(inRow);
    }

    /**
     * @param saved number of numbers that were measured one by one. If there are more now, the next {@value #FIRST} examples set their
     *     measures, and nothing is refused among these
     */
    void restore(StateReader in, int saved) {
        if (names == null) {
            largestFeatures[0] = in.getDouble();
        } else {
            in.getDoubles(largestFeatures, saved);
        }
        largestTarget = in.getDouble();
        seen = in.getCount();
        if (names != null && saved < names.size()) {
            seen = 0;
        }
        inRow = in.getSmallCount();
        if (!(Arrays.stream(largestFeatures).allMatch(largest -> largest >= 1) && largestTarget >= 1)) {
            throw new IllegalStateException("the saved state measures outliers by " + Arrays.toString(largestFeatures)
                    + " and " + largestTarget + ", which no learner has written");
        }
    }
}
