package io.millrace.bench;

import io.millrace.bench.pass.CommittedRate;
import io.millrace.bench.pass.ConsumerPass;
import io.millrace.bench.pass.EmptyTopology;
import io.millrace.bench.pass.FreshnessPass;
import io.millrace.bench.place.BenchCluster;
import io.millrace.bench.workload.ExampleFill;
import io.millrace.bench.workload.Workload;
import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.Application;
import io.millrace.topology.intake.Intake;
import io.millrace.topology.startup.ClusterCheck;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures what the learning log costs: how fast the intake copies the examples of several partitions, beside a bare consumer and an empty
 * topology over the same topic, and how long it takes from the append of an example to the first prediction that has learned it, with and
 * without the log.
 */
final class IntakeBench {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    private final Workload workload;
    private final BenchCluster cluster;
    private final Lines progress;
    private final Lines out;

    /**
     * @param workload what to measure
     * @param cluster where to measure
     * @param progress receives a line for each finished step
     * @param out receives the result
     */
    IntakeBench(Workload workload, BenchCluster cluster, PrintWriter progress, PrintWriter out) {
        this.workload = workload;
        this.cluster = cluster;
        this.progress = new Lines(progress);
        this.out = new Lines(out);
    }

    /** @param partitions of the examples */
    void run(int partitions) {
        Workload several = with(partitions);
        MillraceConfig config = cluster.config(several, "fill");
        try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
            cluster.prepare(config, serdes);
            ExampleFill fill = new ExampleFill(config, several, serdes);
            cluster.requireRoomFor(3 * fill.totalBytes());
            progress.print("Writing %,d examples to %d partitions", workload.examples(), partitions);
            fill.run();
            Map<String, List<Double>> rates = new LinkedHashMap<>();
            for (int round = 0; round <= workload.rounds(); round++) { // the first one warms up
                round(round, config, several, serdes, rates);
            }
            rates.forEach((what, measured) -> {
                double[] sorted =
                        measured.stream().mapToDouble(rate -> rate).sorted().toArray();
                out.print("%-20s %,12.0f records/s", what, sorted[sorted.length / 2]);
            });
        }
        freshness(1, "one");
        freshness(partitions, "several");
    }

    private Workload with(int partitions) {
        Map<String, String> overrides = new LinkedHashMap<>(workload.overrides());
        overrides.put("topics.partitions", String.valueOf(partitions));
        return workload.with(overrides);
    }

    private void round(
            int round, MillraceConfig config, Workload several, AvroSerdes serdes, Map<String, List<Double>> rates) {
        long all = workload.examples();
        note(round, rates, "raw consumer", ConsumerPass.run(config, all));
        MillraceConfig empty = cluster.config(several, "empty-" + round);
        note(round, rates, "empty topology", EmptyTopology.time(empty, serdes, all, true));
        note(round, rates, "intake", copy(cluster.config(several, "copy-" + round), serdes, all));
        note(round, rates, "intake and training", learn(cluster.config(several, "learn-" + round), serdes, all));
    }

    private void note(int round, Map<String, List<Double>> rates, String what, double rate) {
        progress.print("Round %d: %-20s %,12.0f records/s", round, what, rate);
        if (round > 0) {
            rates.computeIfAbsent(what, name -> new ArrayList<>()).add(rate);
        }
    }

    private MillraceConfig scoped(MillraceConfig config, AvroSerdes serdes) {
        cluster.prepare(config, serdes);
        return ClusterCheck.forTraining(config).scoped();
    }

    private double copy(MillraceConfig config, AvroSerdes serdes, long records) {
        MillraceConfig log = scoped(config, serdes);
        Intake intake = new Intake(log, () -> {});
        try (CommittedRate rate = new CommittedRate(
                log, log.applicationId().intake(), log.topics().examples())) {
            intake.start();
            return rate.until(records);
        } finally {
            intake.stop();
            await(intake);
        }
    }

    private static void await(Intake intake) {
        try {
            intake.awaitEnd(CLOSE_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private double learn(MillraceConfig config, AvroSerdes serdes, long records) {
        MillraceConfig log = scoped(config, serdes);
        Application training = Application.training(log, serdes);
        try (CommittedRate rate = new CommittedRate(
                log, log.applicationId().training(), log.topics().learningLog())) {
            training.start();
            return rate.until(records);
        } finally {
            training.stop(CLOSE_TIMEOUT);
        }
    }

    private void freshness(int partitions, String pass) {
        Map<String, String> overrides = new LinkedHashMap<>(with(partitions).overrides());
        overrides.put("topics.examples", pass + "-examples");
        overrides.put("batch.size", "1"); // so that a version counts the examples
        MillraceConfig config = cluster.config(workload.with(overrides), "fresh-" + pass);
        try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
            long[] nanos = new FreshnessPass(scoped(config, serdes), serdes, workload).run();
            Arrays.sort(nanos);
            String line = String.format(
                    Locale.ROOT,
                    "freshness, %d partition%s: p50 %.0f ms, p90 %.0f ms, max %.0f ms (%d examples)",
                    partitions,
                    partitions == 1 ? "" : "s",
                    nanos[nanos.length / 2] / 1e6,
                    nanos[nanos.length * 9 / 10] / 1e6,
                    nanos[nanos.length - 1] / 1e6,
                    nanos.length);
            progress.print("%s", line);
            out.print("%s", line);
        }
    }
}
