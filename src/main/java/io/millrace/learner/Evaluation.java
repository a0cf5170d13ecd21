package io.millrace.learner;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Prequential (test-then-train) evaluation: collects how each example was predicted before it was learned (Dawid 1984;
 * Gama, Sebastiao, Rodrigues 2013, Machine Learning 90:317), over the running report, over the whole stream, and faded.
 *
 * <p>Classification: accuracy and logLoss, the mean of -ln p(label). Multi-label: accuracy, the share of right labels, and
 * logLoss summed over the labels. Regression: mae and rmse over all targets; loss is half the squared error summed over
 * them.
 */
final class Evaluation {
    private static final int LOSS = 0;
    private static final int FIRST = 1;
    private static final int SECOND = 2;

    private final Task task;
    private final double[] observed = new double[3];
    private final Means report = new Means(3, 1);
    private final Means total = new Means(3, 1);
    private final Means faded;
    private long firstTimestamp = Long.MAX_VALUE;
    private long lastTimestamp = Long.MIN_VALUE;

    Evaluation(Task task, double fading) {
        this.task = task;
        faded = new Means(3, fading);
    }

    /** @param right share of right classes or labels, 0 to 1 */
    void observeClass(double loss, double right) {
        observe(loss, right, loss);
    }

    /** Errors are means over the targets of one example. */
    void observeTarget(double loss, double absoluteError, double squaredError) {
        observe(loss, absoluteError, squaredError);
    }

    private void observe(double loss, double first, double second) {
        observed[LOSS] = loss;
        observed[FIRST] = first;
        observed[SECOND] = second;
        report.add(observed);
        total.add(observed);
        faded.add(observed);
    }

    void observeTimestamp(long timestamp) {
        firstTimestamp = Math.min(firstTimestamp, timestamp);
        lastTimestamp = Math.max(lastTimestamp, timestamp);
    }

    long sinceReport() {
        return report.count();
    }

    /** Summarises the examples since the last report and starts the next one. */
    Report report(long step, long examples, double learningRate, double gradientNorm) {
        Report result = new Report(
                step,
                examples,
                report.count(),
                report.mean(LOSS),
                metrics(report),
                faded.mean(LOSS),
                metrics(faded),
                learningRate,
                gradientNorm,
                firstTimestamp,
                lastTimestamp);
        report.clear();
        firstTimestamp = Long.MAX_VALUE;
        lastTimestamp = Long.MIN_VALUE;
        return result;
    }

    Score score() {
        return new Score(total.count(), total.mean(LOSS), metrics(total));
    }

    private Map<String, Double> metrics(Means means) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        if (task == Task.REGRESSION) {
            metrics.put("mae", means.mean(FIRST));
            metrics.put("rmse", Math.sqrt(means.mean(SECOND)));
        } else {
            metrics.put("accuracy", means.mean(FIRST));
            metrics.put("logLoss", means.mean(SECOND));
        }
        return metrics;
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
