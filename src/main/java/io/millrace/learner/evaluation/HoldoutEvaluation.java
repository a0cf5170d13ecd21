package io.millrace.learner.evaluation;

import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import java.util.Map;

/**
 * The evaluation of the examples that are held out. Each is predicted when it arrives, with the current weights and statistics, and changes
 * neither. So the loss is measured on data that training never sees. These examples count in a separate counter. Allocates nothing after
 * construction, except for a score.
 */
public final class HoldoutEvaluation {
    private final ExampleMetrics metrics;
    private final RunningMeans report = new RunningMeans(ExampleMetrics.QUANTITIES, 1);
    private long examples;

    public HoldoutEvaluation(ExampleMetrics metrics) {
        this.metrics = metrics;
    }

    /**
     * Counts a held-out example, and evaluates its prediction if that is possible already.
     *
     * @param loss finite
     * @param scores [outputs]
     * @param target in its unit
     */
    public void observe(float loss, float[] scores, float[] target) {
        if (metrics.ready()) {
            report.add(metrics.of(loss, scores, 0, target, 0));
        }
        examples++;
    }

    /** Number of examples evaluated so far. */
    public long examples() {
        return examples;
    }

    /**
     * Summarises the examples since the last report and starts the next one.
     *
     * @param first whether this is the first report, which also counts the examples that arrived before evaluation was possible
     * @return the score; null if there were no examples; with a loss of NaN and without metrics if none could be evaluated
     */
    public Score report(boolean first) {
        long evaluated = report.count();
        long all = first ? examples : evaluated;
        Score score = all == 0
                ? null
                : new Score(
                        all,
                        evaluated == 0 ? Double.NaN : metrics.loss(report),
                        evaluated == 0 ? Map.of() : metrics.metrics(report));
        report.clear();
        return score;
    }

    public void save(StateWriter out) {
        out.putLong(examples);
        report.save(out);
    }

    public void restore(StateReader in) {
        examples = in.getCount();
        report.restore(in);
    }
}
