package io.millrace.topology.model;

import io.millrace.config.MillraceConfig;
import io.millrace.feature.InputRow;
import io.millrace.learner.Learner;
import io.millrace.learner.Predictor;
import io.millrace.learner.input.Decision;
import io.millrace.learner.spec.LearnerSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/**
 * Prints how accurate versions are that have not learned the newest examples: {@code java -cp ... io.millrace.topology.model.LaggedServing
 * FILE.csv.gz KIND SEED LAG...}. With a lag of L, a version is made every L examples, and an example is predicted by the newest version that is at
 * least L examples old. The last column of the file is the class.
 */
final class LaggedServing {
    private LaggedServing() {}

    /** The versions of one lag. */
    private static final class Lag {
        private final int examples;
        private Predictor used; // null: none is old enough
        private Predictor next;
        private long right;
        private long predicted;

        Lag(int examples) {
            this.examples = examples;
        }

        void predict(Learner learner, int example, InputRow row, int label, float[] scores) {
            if (example % examples == 0) {
                used = next;
                next = learner.model().predictor();
            }
            if (used != null) {
                used.predict(row, scores);
                right += Decision.predictedClass(scores, 0, scores.length) == label ? 1 : 0;
                predicted++;
            }
        }
    }

    public static void main(String[] args) throws IOException {
        List<String[]> rows = rows(Path.of(args[0]));
        int features = rows.get(0).length - 1;
        List<String> classes =
                rows.stream().map(row -> row[features]).distinct().sorted().toList();
        Learner learner = learner(features, classes, args[1], args[2]);
        List<Lag> lags =
                Arrays.stream(args).skip(3).map(Integer::valueOf).map(Lag::new).toList();
        float[] scores = new float[classes.size()];
        InputRow row = new InputRow();
        for (int i = 0; i < rows.size(); i++) {
            float[] numbers = new float[features];
            for (int j = 0; j < features; j++) {
                numbers[j] = Float.parseFloat(rows.get(i)[j]);
            }
            int label = classes.indexOf(rows.get(i)[features]);
            row.features(numbers);
            for (Lag lag : lags) {
                lag.predict(learner, i, row, label, scores);
            }
            learner.learn(row, new float[] {label}, 1, i, i);
        }
        System.out.printf(
                Locale.ROOT,
                "%s: prequential %.4f%n",
                args[1],
                learner.score().metrics().get("accuracy"));
        lags.forEach(lag -> System.out.printf(
                Locale.ROOT, "L = %,d: %.4f%n", lag.examples, (double) lag.right / Math.max(1, lag.predicted)));
    }

    private static List<String[]> rows(Path file) throws IOException {
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            return in.lines().skip(1).map(line -> line.split(",")).collect(Collectors.toList());
        }
    }

    private static Learner learner(int features, List<String> classes, String kind, String seed) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "bootstrap.servers",
                "localhost:1",
                "schema.registry.url",
                "http://localhost:1",
                "model.inputs",
                String.valueOf(features),
                "model.classes",
                String.join(",", classes),
                "model.kind",
                kind,
                "model.seed",
                seed));
        LearnerSpec spec = MillraceConfig.of(settings).learner();
        return ModelKind.of(spec).learner(spec, report -> {}, refused -> {});
    }
}
