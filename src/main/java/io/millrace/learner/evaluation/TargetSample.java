package io.millrace.learner.evaluation;

import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps the true and the predicted targets of some examples of a regression, evenly spaced in their order: every n-th, at most
 * {@value #MOST_EXAMPLES} of a report, and fewer where an example has many targets.
 */
final class TargetSample implements TrueAndPredicted {
    static final int MOST_EXAMPLES = 64;
    private static final int MOST_NUMBERS = 512; // true ones of a report

    private final ExampleMetrics metrics;
    private final int targets;
    private final int every;
    private final double[] truth; // [examples x targets]
    private final double[] predicted; // [examples x targets]
    private int seen; // since the last report
    private int kept;

    /**
     * @param metrics knows the unit of the predictions
     * @param targets of an example
     * @param reportExamples examples between two reports
     */
    TargetSample(ExampleMetrics metrics, int targets, int reportExamples) {
        this.metrics = metrics;
        this.targets = targets;
        int examples = Math.max(1, Math.min(MOST_EXAMPLES, MOST_NUMBERS / targets));
        every = (reportExamples - 1) / examples + 1;
        truth = new double[examples * targets];
        predicted = new double[examples * targets];
    }

    @Override
    public void observe(float[] scores, int scoreOffset, float[] labels, int labelOffset) {
        int at = kept * targets;
        if (seen++ % every == 0 && at < truth.length) {
            for (int k = 0; k < targets; k++) {
                truth[at + k] = labels[labelOffset + k];
                predicted[at + k] = metrics.inUnit(scores[scoreOffset + k], k);
            }
            kept++;
        }
    }

    @Override
    public Report.Outcomes report() {
        List<Report.Pair> pairs = new ArrayList<>();
        for (int i = 0; i < kept; i++) {
            pairs.add(new Report.Pair(row(truth, i), row(predicted, i)));
        }
        seen = 0;
        kept = 0;
        return new Report.Outcomes(List.of(), List.of(), List.of(), pairs);
    }

    private List<Double> row(double[] rows, int i) {
        List<Double> row = new ArrayList<>();
        for (int k = 0; k < targets; k++) {
            row.add(rows[i * targets + k]);
        }
        return row;
    }

    @Override
    public void save(StateWriter out) {
        out.putInt(seen);
        out.putInt(kept);
        out.putDoubles(truth, kept * targets);
        out.putDoubles(predicted, kept * targets);
    }

    @Override
    public void restore(StateReader in) {
        seen = in.getSmallCount();
        kept = in.getSmallCount();
        if (kept > seen || kept > truth.length / targets) {
            throw new IllegalStateException("the saved state holds " + kept + " of " + seen
                    + " predictions of a regression, which no learner has written");
        }
        in.getDoubles(truth, kept * targets);
        in.getDoubles(predicted, kept * targets);
    }
}
