package io.millrace.topology.training;

import io.millrace.feature.Declaration;
import io.millrace.learner.evaluation.Report;
import io.millrace.learner.evaluation.Score;
import io.millrace.topology.record.Measure;
import io.millrace.topology.record.MissingValues;
import io.millrace.topology.record.Tally;
import io.millrace.topology.record.TaskMetrics;
import io.millrace.topology.training.ExampleFeed.Fed;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.streams.processor.api.ProcessingContext;

/** The numbers of a task that learns, in Kafka Streams' metrics. An example costs some stores to memory, and one in 64 is timed. */
final class TrainingMetrics {
    private static final long NEVER = 0;
    /** Spreads the timed examples evenly over all places in a mini-batch, whatever its size (Fibonacci hashing, Knuth 1973). */
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private static final int ONE_IN_64 = 58;
    private static final double NANOS = 1e9;

    private final TaskMetrics metrics;
    private final Tally learned;
    private final Tally heldOut;
    private final Tally version;
    private final Tally seconds;
    private final Tally timed;
    private final Tally lossSum;
    private final Tally evaluated;
    private final Tally lossJumps;
    private final Tally refusedBatches;
    private final Tally refusedExamples;
    private final Set<String> reported = new HashSet<>(); // metrics and experts that have a gauge
    private final LossChart chart = new LossChart();
    private volatile Report last;
    private long read;

    /**
     * @param declaration of the features; null: there is none
     * @param missing as {@code ExampleCodec.missing} returns it
     * @param registryUp whether the registry answered when it was asked last
     */
    TrainingMetrics(
            ProcessingContext context, Declaration declaration, AtomicLongArray missing, BooleanSupplier registryUp) {
        metrics = TaskMetrics.of(context, "training");
        learned = metrics.tally(Measure.EXAMPLES, "learned");
        heldOut = metrics.tally(Measure.EXAMPLES, "held_out");
        version = metrics.tally(Measure.LEARNED_VERSION);
        seconds = metrics.tally(Measure.EXAMPLE_SECONDS);
        timed = metrics.tally(Measure.TIMED_EXAMPLES);
        lossSum = metrics.tally(Measure.LOSS_SUM);
        evaluated = metrics.tally(Measure.EVALUATED);
        lossJumps = metrics.tally(Measure.LOSS_JUMPS);
        refusedBatches = metrics.tally(Measure.REFUSED_BATCHES);
        refusedExamples = metrics.tally(Measure.REFUSED_EXAMPLES);
        metrics.gauge(Measure.REGISTRY_UP, now -> registryUp.getAsBoolean() ? 1 : 0);
        ofReport(Measure.LOSS, Report::loss, "report");
        ofReport(Measure.LOSS, Report::fadedLoss, "faded");
        ofReport(
                Measure.LOSS,
                report ->
                        report.heldOut() == null ? Double.NaN : report.heldOut().loss(),
                "held_out");
        ofReport(Measure.GRADIENT_NORM, Report::gradientNorm);
        ofReport(Measure.LEARNING_RATE, Report::learningRate);
        new MissingValues(metrics).follow(declaration, missing);
    }

    private void ofReport(Measure measure, ToDoubleFunction<Report> value, String... tags) {
        metrics.gauge(
                measure,
                now -> {
                    Report report = last;
                    return report == null ? Double.NaN : value.applyAsDouble(report);
                },
                tags);
    }

    /** @return what {@link #fed} takes: the time before an example is read, if it is timed */
    long begin() {
        return ++read * GOLDEN >>> ONE_IN_64 == 0 ? System.nanoTime() : NEVER;
    }

    /** @param version of the learner after the record */
    void fed(Fed outcome, long version, long begun) {
        if (begun != NEVER) {
            seconds.add((System.nanoTime() - begun) / NANOS);
            timed.add(1);
        }
        if (outcome == Fed.LEARNED) {
            learned.add(1);
            this.version.set(version);
        } else if (outcome == Fed.HELD_OUT) {
            heldOut.add(1);
        }
    }

    /** Sets the version before the first example. */
    void at(long version) {
        this.version.set(version);
    }

    void refused() {
        refusedBatches.add(1);
    }

    void reported(Report report) {
        last = report;
        if (report.reportExamples() > 0 && Double.isFinite(report.loss())) {
            lossSum.add(report.loss() * report.reportExamples());
            evaluated.add(report.reportExamples());
            lossJumps.add(chart.jumps(report.loss()) ? 1 : 0);
        }
        refusedExamples.add(report.refused().examples());
        report.metrics().keySet().forEach(name -> addMetric(name, "report", Report::metrics));
        report.fadedMetrics().keySet().forEach(name -> addMetric(name, "faded", Report::fadedMetrics));
        Score held = report.heldOut();
        if (held != null) {
            held.metrics().keySet().forEach(name -> addMetric(name, "held_out", TrainingMetrics::heldOutMetrics));
        }
        report.experts().forEach(expert -> addExpert(expert.name()));
    }

    private static Map<String, Double> heldOutMetrics(Report report) {
        return report.heldOut() == null ? Map.of() : report.heldOut().metrics();
    }

    private void addMetric(String name, String over, Function<Report, Map<String, Double>> values) {
        if (reported.add(over + " " + name)) {
            ofReport(Measure.METRIC, report -> values.apply(report).getOrDefault(name, Double.NaN), name, over);
        }
    }

    private void addExpert(String name) {
        if (reported.add("expert " + name)) {
            ofReport(Measure.EXPERT_LOSS, report -> ofExpert(report, name, Report.Expert::loss), name);
            ofReport(Measure.EXPERT_WEIGHT, report -> ofExpert(report, name, Report.Expert::weight), name);
        }
    }

    private static double ofExpert(Report report, String name, ToDoubleFunction<Report.Expert> value) {
        return report.experts().stream()
                .filter(expert -> expert.name().equals(name))
                .mapToDouble(value)
                .findFirst()
                .orElse(Double.NaN);
    }

    void close() {
        metrics.close();
    }
}
