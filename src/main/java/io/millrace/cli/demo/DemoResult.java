package io.millrace.cli.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.avro.Evaluation;
import io.millrace.avro.ExpertReport;
import io.millrace.avro.PredictionStatus;
import io.millrace.cli.console.FailedException;
import io.millrace.config.MillraceConfig;
import io.millrace.learner.state.ParameterDigest;
import io.millrace.topology.snapshot.StoredSnapshot;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The result of a demo, as a summary for people and as JSON for programs. It reports only what is in the topics:
 * weights and metrics are those of the snapshots, which may be older than the last example or missing.
 */
final class DemoResult {
    private static final double MEDIAN = 0.5;
    private static final double P90 = 0.9;
    private static final double OLD_SECONDS = 2; // commits are ten times as frequent

    private final long rows;
    private final long sent;
    private final Pace pace;
    private final double seconds;
    private final List<StoredSnapshot> snapshots;
    private final List<Double> losses;
    private final Map<PredictionStatus, Long> answered;
    private final long answers;
    private final ServedScore served;
    private final RefusedExamples refused;
    private final long deadLetters;
    private final HoldoutScore heldOut;
    private final List<ExpertReport> experts; // empty: a network
    private final long snapshotMinExamples;
    private final boolean stopsEarly;
    private final long learned;
    private final long version;

    /**
     * @param rows examples of the stream
     * @param sent examples in their topic, from any sender; training has committed all of them
     * @param pace how the rows were sent
     * @param snapshots newest version of each replica
     * @param config tells which versions are published: all, unless snapshot.min.examples or early stopping omits some
     * @param watch has read all reports
     */
    DemoResult(
            long rows,
            long sent,
            Pace pace,
            double seconds,
            List<StoredSnapshot> snapshots,
            MillraceConfig config,
            DemoWatch watch) {
        this.rows = rows;
        this.sent = sent;
        this.pace = pace;
        this.seconds = seconds;
        this.snapshots = snapshots;
        losses = List.copyOf(watch.losses());
        answered = Map.copyOf(watch.answered());
        answers = watch.answers();
        served = watch.served();
        refused = watch.refused();
        deadLetters = refused.count();
        heldOut = watch.heldOut();
        experts = List.copyOf(watch.experts());
        snapshotMinExamples = config.snapshotMinExamples();
        stopsEarly = config.learner().validation().stopsEarly();
        version = snapshots.stream().mapToLong(StoredSnapshot::version).sum();
        Map<Integer, Long> known = new TreeMap<>(watch.learnedByPartition());
        snapshots.forEach(snapshot -> known.merge(snapshot.partition(), snapshot.version(), Math::max));
        learned = known.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Whether snapshots and reports account for every learned example. */
    private boolean exact() {
        return snapshotMinExamples == 1 && !stopsEarly || learned + heldOut.examples() + deadLetters >= sent;
    }

    /** SHA-256 of the parameters; with several replicas, of their parameters concatenated. */
    private String weightsSha256() {
        if (snapshots.size() == 1) {
            return snapshots.get(0).head().getSha256();
        }
        int length =
                snapshots.stream().mapToInt(s -> s.model().parameters().length).sum();
        float[] all = new float[length];
        int at = 0;
        for (StoredSnapshot snapshot : snapshots) {
            float[] parameters = snapshot.model().parameters();
            System.arraycopy(parameters, 0, all, at, parameters.length);
            at += parameters.length;
        }
        return ParameterDigest.sha256(all);
    }

    /** Metrics over the whole stream: the mean over the replicas, weighted by their examples. */
    private Map<String, Double> metrics() {
        Map<String, Double> sums = new LinkedHashMap<>();
        long examples = 0;
        for (StoredSnapshot snapshot : snapshots) {
            Evaluation evaluation = snapshot.head().getEvaluation();
            examples += evaluation.getExamples();
            for (String name : new TreeSet<>(evaluation.getMetrics().keySet())) {
                double mean = evaluation.getMetrics().get(name);
                sums.merge(name, MeanOfMetric.additive(name, mean) * evaluation.getExamples(), Double::sum);
            }
        }
        long all = examples;
        sums.replaceAll((name, sum) -> MeanOfMetric.mean(name, sum, all));
        return examples == 0 ? Map.of() : sums;
    }

    /** @throws FailedException if it is known that nothing was learned */
    void requireLearned() {
        if (exact() && learned == 0) {
            throw new FailedException("Nothing was learned: of " + sent + " examples, " + deadLetters
                    + " are in the dead letters, and the others wait for a mini-batch to be full (batch.size) or were held"
                    + " out (validation.holdout.fraction).");
        }
    }

    void report(Path file) throws IOException {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("examples", learned);
        report.put("seconds", seconds);
        report.put("examplesPerSecond", learned / seconds);
        metrics().forEach((name, value) -> report.put(name.equals("accuracy") ? "prequentialAccuracy" : name, value));
        if (heldOut.examples() > 0) {
            report.put("holdoutExamples", heldOut.examples());
            heldOut.metrics().forEach((name, value) -> report.put("holdout" + capital(name), value));
        }
        if (!experts.isEmpty()) {
            Map<String, Double> weights = new LinkedHashMap<>();
            experts.forEach(expert -> weights.put(expert.getName(), expert.getWeight()));
            report.put("expertWeights", weights);
        }
        report.put("predictions", answers);
        report.put("answered", new TreeMap<>(answered));
        served.metrics().forEach((name, value) -> report.put("served" + capital(name), value));
        report.put("servedAnswers", served.judged());
        if (served.judged() > 0) {
            report.put("servedAgeMedian", served.age(MEDIAN));
            report.put("servedAgeP90", served.age(P90));
        }
        report.put("answeredTooLate", served.tooLate());
        report.put("answeredUnlabelled", served.unlabelled());
        report.put("sent", sent);
        report.put("deadLetters", deadLetters);
        report.put("deadLetterReasons", refused.reasons());
        if (!snapshots.isEmpty()) {
            report.put("modelVersion", version);
            report.put("weightsSha256", weightsSha256());
        }
        new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(file.toFile(), report);
    }

    void print(PrintWriter out) {
        out.println();
        if (losses.size() > 1) {
            out.println("Loss over the stream      " + Sparkline.of(losses));
        }
        long waiting = sent - learned - heldOut.examples() - deadLetters;
        line(
                out,
                "Examples learned",
                (exact() ? "" : "at least ") + learned + " of " + sent
                        + (deadLetters == 0 ? "" : ", " + deadLetters + " bad ones in the dead letters")
                        + (exact() && waiting > 0 ? ", " + waiting + waitingWhere() : ""));
        if (deadLetters > 0) {
            refused.print(out);
        }
        if (deadLetters > 0 && learned + heldOut.examples() + deadLetters == sent) {
            line(
                    out,
                    "None is missing",
                    learned + " learned + "
                            + (heldOut.examples() == 0 ? "" : heldOut.examples() + " held out + ")
                            + deadLetters + " dead letters = " + sent + " sent"
                            + (sent == rows ? "" : ", " + rows + " of them by this demo"));
        }
        line(
                out,
                "Time",
                String.format(Locale.ROOT, "%.1f s, %,.0f examples/s", seconds, learned / seconds)
                        + (pace.rate() == null
                                ? ""
                                : String.format(Locale.ROOT, ", sent at %,.0f a second at most", pace.rate())));
        String age =
                stopsEarly ? ", of the best weights" : version < learned || !exact() ? ", as of the last snapshot" : "";
        if (heldOut.examples() > 0) {
            line(out, "Examples held out", heldOut.examples() + ", as of the last report");
        }
        if (answers > 0) {
            printServed(out);
        }
        metrics()
                .forEach((name, value) ->
                        line(out, label("Prequential", name), String.format(Locale.ROOT, "%.5f", value) + age));
        heldOut.metrics()
                .forEach((name, value) -> line(out, label("Holdout", name), String.format(Locale.ROOT, "%.5f", value)));
        for (ExpertReport expert : experts) {
            line(
                    out,
                    "Expert " + expert.getName(),
                    String.format(
                            Locale.ROOT,
                            "weight %.3f, loss %.4f, as of the last report",
                            expert.getWeight(),
                            expert.getLoss()));
        }
        line(out, "Requests answered", answers + " " + answered);
        if (snapshots.isEmpty()) {
            line(
                    out,
                    "Weights",
                    "no snapshot yet, so there is no hash and no metric"
                            + (snapshotMinExamples == 1 ? "" : "; snapshot.min.examples is " + snapshotMinExamples));
        } else {
            line(out, "Version of the weights", version + (stopsEarly ? ", the best by the validation loss" : age));
            line(out, "SHA-256 of the weights", weightsSha256());
        }
        out.flush();
    }

    private void printServed(PrintWriter out) {
        if (served.judged() == 0) {
            line(out, "Served", "nothing to judge: no answer came from a model that had yet to learn the row");
        }
        String from = String.format(
                Locale.ROOT,
                ", %,d answers, by versions %,d examples old in the median, %,d at the 90th percentile",
                served.judged(),
                served.age(MEDIAN),
                served.age(P90));
        for (Map.Entry<String, Double> metric : served.metrics().entrySet()) {
            line(out, label("Served", metric.getKey()), String.format(Locale.ROOT, "%.5f", metric.getValue()) + from);
            from = ""; // once
        }
        if (served.tooLate() + served.unlabelled() > 0) {
            line(
                    out,
                    "Not judged",
                    String.format(
                            Locale.ROOT,
                            "%,d answers that came after their row was learned, %,d to rows without a valid label",
                            served.tooLate(),
                            served.unlabelled()));
        }
        double ageSeconds = served.age(MEDIAN) * seconds / learned;
        if (!pace.waitsForLearning() && ageSeconds > OLD_SECONDS) {
            line(
                    out,
                    "Learning fell behind",
                    String.format(
                            Locale.ROOT,
                            "half of the versions that answered were %.0f s old or older: lower --rate",
                            ageSeconds));
        }
    }

    private static void line(PrintWriter out, String name, String value) {
        out.println(String.format(Locale.ROOT, "%-25s %s", name, value));
    }

    /**
     * Only reports count the held-out examples, so those since the last report are indistinguishable from waiting ones.
     */
    private String waitingWhere() {
        return heldOut.examples() == 0
                ? " wait in the open mini-batch"
                : " wait in the open mini-batch or were held out since the last report";
    }

    private static String label(String evaluation, String metric) {
        return evaluation
                + switch (metric) {
                    case "accuracy" -> " accuracy";
                    case "logLoss" -> " log-loss";
                    default -> " " + metric.toUpperCase(Locale.ROOT);
                };
    }

    private static String capital(String name) {
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }
}
