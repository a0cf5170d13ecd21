package io.millrace.bench;

import io.millrace.bench.workload.CrossedRegression;
import io.millrace.bench.workload.UserStream;
import io.millrace.config.MillraceConfig;
import io.millrace.input.declared.DeclaredDecoder;
import io.millrace.learner.network.NetworkLearner;
import io.millrace.learner.spec.LearnerSpec;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Compares what learners make of a {@link UserStream}, without a broker: embeddings, one-hot hashing of several widths, and logistic
 * regression. Each example is predicted before it is learned.
 */
final class UsersBench {
    private static final int BUCKETS = 131_072;
    private static final int MANY_BUCKETS = 1_000_000; // so that few users share one

    private final long examples;
    private final Map<String, String> overrides;
    private final PrintWriter out;

    /**
     * @param overrides settings, which otherwise have their defaults
     * @param out receives a line for each learner
     */
    UsersBench(long examples, Map<String, String> overrides, PrintWriter out) {
        this.examples = examples;
        this.overrides = overrides;
        this.out = out;
    }

    void run() {
        say("best possible", best(), Double.NaN);
        network("no user", "", 1);
        for (int width : new int[] {8, 64, 512}) {
            network("one-hot hashing, " + width + " inputs", ", bucket: oneof(" + names(width - 1) + ")", width);
        }
        network(
                "logistic regression, one-hot of " + BUCKETS,
                ", user: category(" + BUCKETS + ",1)",
                1,
                "model.hidden",
                "");
        crossed();
        network("embeddings, 8 inputs, " + BUCKETS + " rows", ", user: category(" + BUCKETS + ",8)", 1);
        network("embeddings, 8 inputs, " + MANY_BUCKETS + " rows", ", user: category(" + MANY_BUCKETS + ",8)", 1);
    }

    /** The last input of {@code oneof} stands for every other value, here for the last bucket. */
    private static String names(int count) {
        return IntStream.range(0, count).mapToObj(String::valueOf).collect(Collectors.joining("|"));
    }

    private double best() {
        UserStream stream = new UserStream(examples);
        double sum = 0;
        for (long i = 0; i < examples; i++) {
            stream.next();
            sum += stream.best();
        }
        return sum / examples;
    }

    private void network(String name, String feature, int buckets, String... changes) {
        Map<String, String> settings = new LinkedHashMap<>(Map.of(
                "bootstrap.servers", "localhost:1",
                "schema.registry.url", "http://localhost:1",
                "application.id", "bench",
                "value.format", "json",
                "features", "c1: number, c2: number" + feature,
                "label", "label",
                "model.classes", "0,1"));
        settings.putAll(overrides);
        for (int i = 0; i < changes.length; i += 2) {
            settings.put(changes[i], changes[i + 1]);
        }
        LearnerSpec spec = MillraceConfig.of(settings).learner();
        NetworkLearner learner = new NetworkLearner(spec, report -> {});
        DeclaredDecoder decoder =
                DeclaredDecoder.json(spec.declaration(), new DeclaredDecoder.Target(spec.task(), spec.classes()));
        UserStream stream = new UserStream(examples);
        RecordHeaders none = new RecordHeaders();
        long start = cpuNanos();
        for (long i = 0; i < examples; i++) {
            stream.next();
            decoder.decode(null, stream.json(buckets), none, i);
            learner.learn(decoder.row(), decoder.target(), 1, i, i);
        }
        say(name, learner.score().metrics().get("accuracy"), (cpuNanos() - start) / (double) examples);
    }

    private void crossed() {
        CrossedRegression regression = new CrossedRegression(BUCKETS);
        UserStream stream = new UserStream(examples);
        long right = 0;
        long start = cpuNanos();
        for (long i = 0; i < examples; i++) {
            stream.next();
            double p = regression.learn(stream.bucket(BUCKETS), stream.context(), stream.label());
            right += p > 0.5 == (stream.label() == 1) ? 1 : 0;
        }
        say(
                "logistic regression, crossed by hand",
                right / (double) examples,
                (cpuNanos() - start) / (double) examples);
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private void say(String name, double accuracy, double nanos) {
        out.println(
                Double.isNaN(nanos)
                        ? String.format(Locale.ROOT, "%-40s %.4f", name, accuracy)
                        : String.format(Locale.ROOT, "%-40s %.4f  %,8.0f ns of CPU an example", name, accuracy, nanos));
        out.flush();
    }
}
