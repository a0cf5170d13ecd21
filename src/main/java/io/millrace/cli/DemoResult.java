package io.millrace.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.avro.Evaluation;
import io.millrace.avro.PredictionStatus;
import io.millrace.learner.ParameterDigest;
import io.millrace.topology.StoredSnapshot;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** What came of a demo: for people as a summary, for programs as JSON. */
final class DemoResult {
    private final long sent;
    private final double seconds;
    private final List<StoredSnapshot> snapshots;
    private final List<Double> losses;
    private final Map<PredictionStatus, Long> answered;
    private final long answers;
    private final long deadLetters;

    /** @param snapshots newest version of each replica */
    DemoResult(long sent, double seconds, List<StoredSnapshot> snapshots, DemoWatch watch) {
        this.sent = sent;
        this.seconds = seconds;
        this.snapshots = snapshots;
        losses = List.copyOf(watch.losses());
        answered = Map.copyOf(watch.answered());
        answers = watch.answers();
        deadLetters = watch.deadLetters();
    }

    private long learned() {
        return snapshots.stream().mapToLong(StoredSnapshot::version).sum();
    }

    /** SHA-256 of the parameters; with several replicas, of all their parameters one after the other. */
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

    /** Metrics over the whole stream; those of replicas weighted by their examples. */
    private Map<String, Double> metrics() {
        Map<String, Double> sums = new LinkedHashMap<>();
        long examples = 0;
        for (StoredSnapshot snapshot : snapshots) {
            Evaluation evaluation = snapshot.head().getEvaluation();
            examples += evaluation.getExamples();
            for (String name : new TreeSet<>(evaluation.getMetrics().keySet())) {
                double mean = evaluation.getMetrics().get(name);
                double additive = name.equals("rmse") ? mean * mean : mean;
                sums.merge(name, additive * evaluation.getExamples(), Double::sum);
            }
        }
        long all = Math.max(1, examples);
        sums.replaceAll((name, sum) -> name.equals("rmse") ? Math.sqrt(sum / all) : sum / all);
        return sums;
    }

    void report(Path file) throws IOException {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("examples", learned());
        report.put("seconds", seconds);
        report.put("examplesPerSecond", learned() / seconds);
        metrics().forEach((name, value) -> report.put(name.equals("accuracy") ? "prequentialAccuracy" : name, value));
        report.put("predictions", answers);
        report.put("deadLetters", deadLetters);
        report.put("modelVersion", learned());
        report.put("weightsSha256", weightsSha256());
        new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(file.toFile(), report);
    }

    void print(PrintWriter out) {
        out.println();
        if (losses.size() > 1) {
            out.println("Loss over the stream      " + Sparkline.of(losses));
        }
        long waiting = sent - learned() - deadLetters;
        out.println("Examples learned          " + learned() + " of " + sent
                + (deadLetters == 0 ? "" : ", " + deadLetters + " bad ones in the dead letters")
                + (waiting <= 0 ? "" : ", " + waiting + " wait in the open mini-batch"));
        out.println(String.format(
                Locale.ROOT, "Time                      %.1f s, %,.0f examples/s", seconds, learned() / seconds));
        metrics().forEach((name, value) -> out.println(String.format(Locale.ROOT, "%-25s %.5f", label(name), value)));
        out.println("Requests answered         " + answers + " " + answered);
        out.println("Version of the weights    " + learned());
        out.println("SHA-256 of the weights    " + weightsSha256());
        out.flush();
    }

    private static String label(String metric) {
        return switch (metric) {
            case "accuracy" -> "Prequential accuracy";
            case "logLoss" -> "Prequential log-loss";
            default -> "Prequential " + metric.toUpperCase(Locale.ROOT);
        };
    }
}
