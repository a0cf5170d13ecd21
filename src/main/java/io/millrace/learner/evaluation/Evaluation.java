package io.millrace.learner.evaluation;

import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import io.millrace.nn.network.Curvature;
import java.util.List;
import java.util.Map;

/**
 * Prequential (test-then-train) evaluation (Dawid 1984; Gama, Sebastiao, Rodrigues 2013, Machine Learning 90:317). Collects the metrics of
 * each example, which was predicted before it was learned: since the last report, over the whole stream, and with fading weights.
 */
public final class Evaluation {
    private final ExampleMetrics metrics;
    private final RunningMeans report = new RunningMeans(ExampleMetrics.QUANTITIES, 1);
    private final RunningMeans total = new RunningMeans(ExampleMetrics.QUANTITIES, 1);
    private final RunningMeans faded;
    private long firstTimestamp = Long.MAX_VALUE;
    private long lastTimestamp = Long.MIN_VALUE;

    public Evaluation(ExampleMetrics metrics, double fading) {
        this.metrics = metrics;
        faded = new RunningMeans(ExampleMetrics.QUANTITIES, fading);
    }

    /** @param quantities result of {@link ExampleMetrics#of} */
    public void observe(double[] quantities, long timestamp) {
        report.add(quantities);
        total.add(quantities);
        faded.add(quantities);
        firstTimestamp = Math.min(firstTimestamp, timestamp);
        lastTimestamp = Math.max(lastTimestamp, timestamp);
    }

    /**
     * Whether a report follows these examples. The first one also counts examples that arrived before evaluation was possible, but it needs at
     * least one evaluated example.
     *
     * @param rows number of examples that are learned next
     * @param learned number of examples before them
     * @param reportExamples examples between two reports
     */
    public boolean reportsWith(int rows, long learned, int reportExamples) {
        long since = report.count();
        long before = nothingReported() ? learned - since : 0;
        return (metrics.ready() || since > 0) && before + since + rows >= reportExamples;
    }

    /** Whether targets are scaled and there was no report yet. Then some examples may have arrived before evaluation was possible. */
    public boolean nothingReported() {
        return metrics.scalesTargets() && report.count() == total.count();
    }

    /** Means over the examples since the last report. */
    public Score scoreSinceReport() {
        return metrics.score(report);
    }

    /**
     * Summarises the examples since the last report and starts the next one. If there were no examples, the loss is NaN.
     *
     * @param now event time for a report without examples, ms
     */
    public Report report(
            long step,
            long examples,
            double learningRate,
            double gradientNorm,
            Curvature curvature,
            Score heldOut,
            Report.Best best,
            Report.Refused refused,
            List<Report.Expert> experts,
            Report.Outcomes outcomes,
            List<Report.Field> fields,
            long now) {
        boolean none = report.count() == 0;
        Report result = new Report(
                step,
                examples,
                report.count(),
                none ? Double.NaN : metrics.loss(report),
                none ? Map.of() : metrics.metrics(report),
                metrics.loss(faded),
                metrics.metrics(faded),
                learningRate,
                gradientNorm,
                curvature,
                none ? now : firstTimestamp,
                none ? now : lastTimestamp,
                heldOut,
                best,
                refused,
                experts,
                outcomes,
                fields);
        report.clear();
        firstTimestamp = Long.MAX_VALUE;
        lastTimestamp = Long.MIN_VALUE;
        return result;
    }

    /** Means over the whole stream, live. */
    public RunningMeans total() {
        return total;
    }

    public void save(StateWriter out) {
        report.save(out);
        total.save(out);
        faded.save(out);
        out.putLong(firstTimestamp);
        out.putLong(lastTimestamp);
    }

    public void restore(StateReader in) {
        report.restore(in);
        total.restore(in);
        faded.restore(in);
        firstTimestamp = in.getLong();
        lastTimestamp = in.getLong();
    }
}
