package io.millrace.learner;

import io.millrace.nn.Curvature;
import java.util.Map;

/**
 * Prequential (test-then-train) evaluation: collects how each example was predicted before it was learned (Dawid 1984;
 * Gama, Sebastiao, Rodrigues 2013, Machine Learning 90:317), over the running report, over the whole stream, and faded.
 */
final class Evaluation {
    private final Judge judge;
    private final Means report = new Means(Judge.QUANTITIES, 1);
    private final Means total = new Means(Judge.QUANTITIES, 1);
    private final Means faded;
    private long firstTimestamp = Long.MAX_VALUE;
    private long lastTimestamp = Long.MIN_VALUE;

    Evaluation(Judge judge, double fading) {
        this.judge = judge;
        faded = new Means(Judge.QUANTITIES, fading);
    }

    /** @param judgement of {@link Judge} */
    void observe(double[] judgement, long timestamp) {
        report.add(judgement);
        total.add(judgement);
        faded.add(judgement);
        firstTimestamp = Math.min(firstTimestamp, timestamp);
        lastTimestamp = Math.max(lastTimestamp, timestamp);
    }

    /** Examples judged since the last report. */
    long sinceReport() {
        return report.count();
    }

    /** Whether no example has been judged before those of the running report. */
    boolean first() {
        return report.count() == total.count();
    }

    /** Means over the examples since the last report. */
    Score scoreSinceReport() {
        return judge.score(report);
    }

    /**
     * Summarises the examples since the last report and starts the next one. Without any since, their loss is NaN.
     *
     * @param now event time, ms, where no example gives one
     */
    Report report(
            long step,
            long examples,
            double learningRate,
            double gradientNorm,
            Curvature curvature,
            Score heldOut,
            Report.Best best,
            Report.Refused refused,
            long now) {
        boolean none = report.count() == 0;
        Report result = new Report(
                step,
                examples,
                report.count(),
                none ? Double.NaN : judge.loss(report),
                none ? Map.of() : judge.metrics(report),
                judge.loss(faded),
                judge.metrics(faded),
                learningRate,
                gradientNorm,
                curvature,
                none ? now : firstTimestamp,
                none ? now : lastTimestamp,
                heldOut,
                best,
                refused);
        report.clear();
        firstTimestamp = Long.MAX_VALUE;
        lastTimestamp = Long.MIN_VALUE;
        return result;
    }

    /** Means over the whole stream, live. */
    Means total() {
        return total;
    }

    void save(StateWriter out) {
        report.save(out);
        total.save(out);
        faded.save(out);
        out.putLong(firstTimestamp);
        out.putLong(lastTimestamp);
    }

    void restore(StateReader in) {
        report.restore(in);
        total.restore(in);
        faded.restore(in);
        firstTimestamp = in.getLong();
        lastTimestamp = in.getLong();
    }
}
