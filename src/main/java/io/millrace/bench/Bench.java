package io.millrace.bench;

import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.MillraceStreams;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.streams.KafkaStreams;

/**
 * One benchmark from the empty topic to the result. The three readers take turns, so that other load on the machine
 * affects them alike. Each pass is a separate application that begins at offset 0. One unmeasured turn warms up the
 * compiler.
 */
public final class Bench {
    /** An ensemble takes about ten times as long for an example as one network. */
    private static final int DEFAULTS_LEARN_ONE_IN = 10;

    private final Workload workload;
    private final BenchCluster cluster;
    private final Lines progress;

    /**
     * @param workload what to measure
     * @param cluster where to measure
     * @param progress receives a line for each finished step
     */
    public Bench(Workload workload, BenchCluster cluster, PrintWriter progress) {
        this.workload = workload;
        this.cluster = cluster;
        this.progress = new Lines(progress);
    }

    /**
     * Runs the benchmark; takes as long as all passes together.
     *
     * @return the measured figures
     * @throws BenchException when a pass fails
     * @throws io.millrace.topology.cluster.ClusterNotReadyException when the cluster cannot be used
     */
    public BenchResult run() {
        MillraceConfig config = cluster.config(workload, "fill");
        try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
            cluster.prepare(config, serdes);
            ExampleFill fill = new ExampleFill(config, workload, serdes);
            cluster.requireRoomFor(fill.totalBytes());
            progress.print("Writing %,d examples of %,d bytes", workload.examples(), fill.exampleBytes());
            double fillRate = fill.run();

            long warmUp = workload.warmUpExamples();
            progress.print("Warming up on %,d examples", warmUp);
            round("Warm-up", warmUp, config, serdes);

            List<BenchResult.Round> rounds = new ArrayList<>();
            for (int round = 1; round <= workload.rounds(); round++) {
                rounds.add(round("Round " + round, workload.examples(), config, serdes));
            }
            progress.print("Serving: %,d requests at %.0f a second", workload.requests(), workload.rate());
            MillraceConfig trained = cluster.config(workload, pass("Round " + workload.rounds(), "training"));
            Latencies latencies = new ServingPass(trained, serdes, workload).run(false);
            progress.print("Freshness of the default configuration");
            return new BenchResult(workload, fill.exampleBytes(), fillRate, rounds, latencies, freshness(serdes));
        }
    }

    private Latencies freshness(AvroSerdes serdes) {
        Workload defaults = workload.defaults();
        Map<String, String> overrides = new LinkedHashMap<>(defaults.overrides());
        overrides.put("topics.examples", "fresh-examples");
        MillraceConfig config = cluster.config(defaults.with(overrides), "fresh");
        cluster.prepare(config, serdes);
        return Latencies.ofNanos(new FreshnessPass(config, serdes, defaults).run());
    }

    private BenchResult.Round round(String round, long records, MillraceConfig config, AvroSerdes serdes) {
        double raw = said(round, "raw consumer", ConsumerPass.run(config, records));
        MillraceConfig counting = cluster.config(workload, pass(round, "empty"));
        double empty = said(round, "empty topology", EmptyTopology.time(counting, serdes, records, holdsOnly(records)));
        double training = said(round, "training", train(workload, pass(round, "training"), serdes, records));
        double oneThread =
                said(round, "in one thread", train(workload.inOneThread(), pass(round, "one-thread"), serdes, records));
        Workload defaults = workload.defaults();
        double ofDefaults = said(
                round,
                "default settings",
                train(defaults, pass(round, "defaults"), serdes, Math.max(1000, records / DEFAULTS_LEARN_ONE_IN)));
        return new BenchResult.Round(raw, empty, training, oneThread, ofDefaults);
    }

    private double said(String round, String what, double rate) {
        progress.print("%-8s %-16s %,12.0f records/s", round + ":", what, rate);
        return rate;
    }

    private static String pass(String round, String what) {
        return what + "-" + round.toLowerCase(Locale.ROOT).replace(' ', '-');
    }

    private double train(Workload model, String pass, AvroSerdes serdes, long records) {
        MillraceConfig config = cluster.config(model, pass);
        cluster.prepare(config, serdes);
        return time(MillraceStreams.training(config, serdes), config, records);
    }

    private double time(KafkaStreams streams, MillraceConfig config, long records) {
        return new StreamsPass("Training", streams, config).run(records, holdsOnly(records));
    }

    private boolean holdsOnly(long records) {
        return records == workload.examples();
    }
}
