package io.millrace.bench;

import io.millrace.bench.workload.SequenceStream;
import io.millrace.config.MillraceConfig;
import io.millrace.learner.network.NetworkLearner;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Compares what networks make of a {@link SequenceStream}, without a broker: dense ones, causal convolution and long short-term memory, with about as
 * many parameters. Each example is predicted before it is learned.
 */
final class SequencesBench {
    private static final int INPUTS = SequenceStream.STEPS * SequenceStream.FEATURES;

    private final long examples;
    private final Map<String, String> overrides;
    private final Lines out;

    /**
     * @param overrides settings; {@code model.seed} also seeds the stream
     * @param out receives a line for each network
     */
    SequencesBench(long examples, Map<String, String> overrides, PrintWriter out) {
        this.examples = examples;
        this.overrides = overrides;
        this.out = new Lines(out);
    }

    void run() {
        out.print("%-97s %10s  %8s  %12s  %8s", "network", "parameters", "accuracy", "last quarter", "CPU time");
        network("logistic regression", "model.hidden", "");
        layers("dense(24) relu");
        layers("dense(22) relu, dense(12) relu");
        layers("dense(96) relu");
        layers("conv(24, 4, padding=causal) relu, conv(24, 4, padding=causal, dilation=4) relu, pool(4), flatten");
        layers("lstm(24)");
    }

    private void layers(String line) {
        String shape = SequenceStream.STEPS + "x" + SequenceStream.FEATURES;
        network(line, "model.layers", line, "model.input.shape", shape);
    }

    private void network(String name, String... layers) {
        Map<String, String> settings = new LinkedHashMap<>(Map.of(
                "bootstrap.servers", "localhost:1",
                "schema.registry.url", "http://localhost:1",
                "application.id", "bench",
                "model.kind", "network",
                "model.inputs", String.valueOf(INPUTS),
                "model.classes", "0,1",
                "batch.size", "8",
                "learning.rate", "0.004"));
        for (int i = 0; i < layers.length; i += 2) {
            settings.put(layers[i], layers[i + 1]);
        }
        settings.putAll(overrides);
        learn(name, new NetworkLearner(MillraceConfig.of(settings).learner(), report -> {}));
    }

    private void learn(String name, NetworkLearner learner) {
        SequenceStream stream = new SequenceStream(Long.parseLong(overrides.getOrDefault("model.seed", "1")));
        float[] target = new float[1];
        long quarter = examples - examples / 4;
        double before = 0;
        long start = cpuNanos();
        for (long i = 0; i < examples; i++) {
            if (i == quarter) {
                before = right(learner);
            }
            stream.next();
            target[0] = stream.label();
            learner.learn(stream.features(), target, 1, i);
        }
        double right = right(learner);
        out.print(
                "%-97s %,10d  %8.4f  %12.4f  %5.0f µs",
                name,
                learner.model().parameters().length,
                right / examples,
                (right - before) / (examples - quarter),
                (cpuNanos() - start) / 1e3 / examples);
    }

    /** Number of examples that were predicted well, but for those of the open mini-batch. */
    private static double right(NetworkLearner learner) {
        return learner.version() * learner.score().metrics().get("accuracy");
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
