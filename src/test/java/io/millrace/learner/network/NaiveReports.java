package io.millrace.learner.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.learner.evaluation.Report;
import io.millrace.learner.input.Decision;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.Task;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Reports recomputed from single judgements, the slow and obvious way.
 *
 * @param unjudged examples learned before there was anything to judge by
 */
record NaiveReports(LearnerSpec spec, int unjudged, List<NaiveReports.Judged> judged) {
    /** Losses of the learner are floats. */
    private static final double CLOSE = 2e-6;

    /** How one example was predicted: accuracy and logLoss, or mean absolute and mean squared error. */
    record Judged(double loss, double first, double second, long timestamp) {

        static Judged of(LearnerSpec spec, float[] scores, Example example) {
            float[] target = example.target();
            double loss = 0;
            double first = 0;
            double squared = 0;
            switch (spec.task()) {
                case CLASSIFICATION -> {
                    loss = -Math.log(scores[(int) target[0]]);
                    first = Decision.predictedClass(scores, 0, scores.length) == (int) target[0] ? 1 : 0;
                }
                case MULTILABEL -> {
                    for (int k = 0; k < scores.length; k++) {
                        loss -= Math.log(target[k] == 1 ? scores[k] : 1.0 - scores[k]);
                        first += (scores[k] > 0.5f) == (target[k] == 1) ? 1.0 / scores.length : 0;
                    }
                }
                case REGRESSION -> {
                    for (int k = 0; k < scores.length; k++) {
                        double error = (double) scores[k] - target[k];
                        loss += error * error / 2;
                        first += Math.abs(error) / scores.length;
                        squared += error * error / scores.length;
                    }
                }
            }
            double second = spec.task() == Task.REGRESSION ? squared : loss;
            return new Judged(loss, first, second, example.timestamp());
        }
    }

    void verify(List<Report> reports) {
        int end = 0;
        for (Report report : reports) {
            List<Judged> own = judged.subList(end, end + (int) report.reportExamples());
            int learned = own.size() + (end == 0 ? unjudged : 0);
            end += own.size();
            assertThat(learned).isGreaterThanOrEqualTo(spec.validation().reportExamples());
            assertThat(learned).isLessThan(spec.validation().reportExamples() + spec.batchSize());
            assertThat(report.examples()).isEqualTo(unjudged + end);
            assertThat(report.firstTimestamp())
                    .isEqualTo(own.stream().mapToLong(Judged::timestamp).min().orElseThrow());
            assertThat(report.lastTimestamp())
                    .isEqualTo(own.stream().mapToLong(Judged::timestamp).max().orElseThrow());
            verify(report.loss(), report.metrics(), own, 1);
            verify(
                    report.fadedLoss(),
                    report.fadedMetrics(),
                    judged.subList(0, end),
                    spec.validation().fading());
        }
    }

    private void verify(double loss, Map<String, Double> metrics, List<Judged> own, double fading) {
        close(loss, mean(own, Judged::loss, fading));
        if (spec.task() == Task.REGRESSION) {
            assertThat(metrics).containsOnlyKeys("mae", "rmse");
            close(metrics.get("mae"), mean(own, Judged::first, fading));
            close(metrics.get("rmse"), Math.sqrt(mean(own, Judged::second, fading)));
        } else {
            assertThat(metrics).containsOnlyKeys("accuracy", "logLoss");
            close(metrics.get("accuracy"), mean(own, Judged::first, fading));
            close(metrics.get("logLoss"), mean(own, Judged::second, fading));
        }
    }

    private static void close(double actual, double expected) {
        assertThat(actual).isCloseTo(expected, within(CLOSE * Math.max(1, Math.abs(expected))));
    }

    private static double mean(List<Judged> own, ToDoubleFunction<Judged> quantity, double fading) {
        double sum = 0;
        double weight = 0;
        for (int i = 0; i < own.size(); i++) {
            double share = Math.pow(fading, own.size() - 1 - i);
            sum += share * quantity.applyAsDouble(own.get(i));
            weight += share;
        }
        return sum / weight;
    }
}
