package io.millrace.topology.model;

import io.millrace.config.MillraceConfig;
import io.millrace.feature.InputRow;
import io.millrace.learner.Learner;
import io.millrace.learner.Predictor;
import io.millrace.learner.Server;
import io.millrace.learner.input.Decision;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.Task;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/**
 * Prints how good the answers of versions are that have not learned the newest examples: {@code java -cp ...
 * io.millrace.topology.model.LaggedServing FILE.csv.gz TASK KIND SEED LAG...}. With a lag of L, a version is made every L examples, and used when it
 * is L examples old; with 0, each row is answered by the version that has learned all rows before. The last column of the file is the class or
 * the target; the answers are judged by accuracy, or mean absolute error.
 *
 * <p>Three ways to serve: to one server that gets the request of each row; to ten, each of which gets those of every tenth row; and without what a
 * server remembers of requests.
 */
final class LaggedServing {
    private LaggedServing() {}

    private enum Requests {
        ALL(1),
        TENTH(10),
        NONE(0);

        private final int servers;

        Requests(int servers) {
            this.servers = servers;
        }
    }

    /** The versions of one lag. */
    private static final class Lag {
        private final int examples;
        private final Map<Requests, Server[]> servers = new EnumMap<>(Requests.class);
        private final Map<Requests, Double> sums = new EnumMap<>(Requests.class);
        private Predictor used; // null: none is old enough
        private Predictor next;
        private long answers;

        Lag(int examples) {
            this.examples = examples;
            for (Requests requests : Requests.values()) {
                servers.put(requests, new Server[requests.servers]);
                sums.put(requests, 0.0);
            }
        }

        void answer(Learner learner, int example, InputRow row, Judge judge, float[] scores) {
            if (examples == 0 || example % examples == 0) {
                Predictor newest = learner.model().predictor();
                used = examples == 0 ? newest : next;
                next = newest;
                if (used != null) {
                    servers.values()
                            .forEach(these -> Arrays.setAll(
                                    these, i -> used.server(these[i], Math.min(example, Math.max(1, examples)))));
                }
            }
            if (used == null) {
                return;
            }
            answers++;
            servers.forEach((requests, these) -> {
                if (these.length == 0) {
                    used.predict(row, scores);
                } else {
                    these[example % these.length].answer(row, example, scores);
                }
                sums.merge(requests, judge.of(scores), Double::sum);
            });
        }

        @Override
        public String toString() {
            StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "L = %,5d:", examples));
            sums.forEach((requests, sum) -> line.append(String.format(
                    Locale.ROOT, "  %s %.4f", requests.name().toLowerCase(Locale.ROOT), sum / Math.max(1, answers))));
            return line.toString();
        }
    }

    private interface Judge {
        double of(float[] scores);
    }

    public static void main(String[] args) throws IOException {
        List<String[]> rows = rows(Path.of(args[0]));
        Task task = Task.of(args[1]);
        int features = rows.get(0).length - 1;
        List<String> classes = task == Task.REGRESSION
                ? List.of()
                : rows.stream().map(row -> row[features]).distinct().sorted().toList();
        Learner learner = learner(features, task, classes, args[2], args[3]);
        List<Lag> lags =
                Arrays.stream(args).skip(4).map(Integer::valueOf).map(Lag::new).toList();
        float[] scores = new float[Math.max(1, classes.size())];
        InputRow row = new InputRow();
        for (int i = 0; i < rows.size(); i++) {
            float[] numbers = new float[features];
            for (int j = 0; j < features; j++) {
                numbers[j] = Float.parseFloat(rows.get(i)[j]);
            }
            String last = rows.get(i)[features];
            float label = task == Task.REGRESSION ? Float.parseFloat(last) : classes.indexOf(last);
            Judge judge = task == Task.REGRESSION
                    ? answer -> Math.abs(answer[0] - label)
                    : answer -> Decision.predictedClass(answer, 0, answer.length) == label ? 1 : 0;
            row.features(numbers);
            for (Lag lag : lags) {
                lag.answer(learner, i, row, judge, scores);
            }
            learner.learn(row, new float[] {label}, 1, i, i);
        }
        System.out.printf(
                Locale.ROOT,
                "%s, %s, prequential: %s%n",
                args[0],
                args[2],
                learner.score().metrics());
        lags.forEach(System.out::println);
    }

    private static List<String[]> rows(Path file) throws IOException {
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            return in.lines().skip(1).map(line -> line.split(",")).collect(Collectors.toList());
        }
    }

    private static Learner learner(int features, Task task, List<String> classes, String kind, String seed) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "bootstrap.servers",
                "localhost:1",
                "schema.registry.url",
                "http://localhost:1",
                "model.inputs",
                String.valueOf(features),
                "model.task",
                task.id(),
                "model.kind",
                kind,
                "model.seed",
                seed));
        if (!classes.isEmpty()) {
            settings.put("model.classes", String.join(",", classes));
        }
        LearnerSpec spec = MillraceConfig.of(settings).learner();
        return ModelKind.of(spec).learner(spec, report -> {}, refused -> {});
    }
}
