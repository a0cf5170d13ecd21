package io.millrace.learner.evaluation;

import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Counts for each label of a multi-label task in how many examples it was true and predicted, only predicted, only true, or neither. With more than
 * {@value #MOST_LABELS} labels it counts nothing.
 */
final class LabelCounts implements TrueAndPredicted {
    static final int MOST_LABELS = 64;
    private static final int CASES = 4;

    private final List<String> labels;
    private final int[] counts; // [labels x cases], a case is 2 if predicted, plus 1 if true

    LabelCounts(List<String> labels) {
        this.labels = labels.size() <= MOST_LABELS ? labels : List.of();
        counts = new int[CASES * this.labels.size()];
    }

    @Override
    public void observe(float[] scores, int scoreOffset, float[] targets, int targetOffset) {
        for (int k = 0; k < counts.length / CASES; k++) {
            int predicted = scores[scoreOffset + k] > 0.5f ? 2 : 0;
            counts[CASES * k + predicted + (targets[targetOffset + k] > 0.5f ? 1 : 0)]++;
        }
    }

    @Override
    public Report.Outcomes report() {
        List<Report.Label> cases = new ArrayList<>();
        for (int at = 0; at < counts.length; at += CASES) {
            cases.add(new Report.Label(counts[at + 3], counts[at + 2], counts[at + 1], counts[at]));
        }
        Arrays.fill(counts, 0);
        return new Report.Outcomes(labels, List.of(), cases, List.of());
    }

    @Override
    public void save(StateWriter out) {
        out.putInts(counts, counts.length);
    }

    @Override
    public void restore(StateReader in) {
        in.getSmallCounts(counts);
    }
}
