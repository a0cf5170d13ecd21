package io.millrace.bench;

import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.MillraceStreams;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.streams.KafkaStreams;

/**
 * Measures what it costs to be watched: training, then serving, alone and with {@link Onlookers}. Each round has both, and the order
 * changes from round to round, so that other load on the machine affects them alike. One round that does not count warms up.
 */
final class WatchedBench {
    private final Workload workload;
    private final BenchCluster cluster;
    private final PrintWriter progress;
    private final PrintWriter out;

    private record Pass(double rate, Latencies latencies) {}

    private record Round(Pass alone, Pass watched) {}

    /**
     * @param workload what to measure
     * @param cluster where to measure
     * @param progress receives a line for each finished step
     * @param out receives the result
     */
    WatchedBench(Workload workload, BenchCluster cluster, PrintWriter progress, PrintWriter out) {
        this.workload = workload;
        this.cluster = cluster;
        this.progress = progress;
        this.out = out;
    }

    /** @throws BenchException when a pass fails */
    void run() {
        MillraceConfig config = cluster.config(workload, "fill");
        try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
            cluster.prepare(config, serdes);
            ExampleFill fill = new ExampleFill(config, workload, serdes);
            cluster.requireRoomFor(fill.totalBytes());
            say("Writing %,d examples of %,d bytes", workload.examples(), fill.exampleBytes());
            fill.run();
            round(0, serdes);
            List<Round> rounds = new ArrayList<>();
            for (int round = 1; round <= workload.rounds(); round++) {
                rounds.add(round(round, serdes));
            }
            print(rounds);
        }
    }

    private Round round(int number, AvroSerdes serdes) {
        if (number % 2 == 0) {
            Pass alone = pass(number, false, serdes);
            return new Round(alone, pass(number, true, serdes));
        }
        Pass watched = pass(number, true, serdes);
        return new Round(pass(number, false, serdes), watched);
    }

    private Pass pass(int round, boolean watched, AvroSerdes serdes) {
        String name = watched ? "watched" : "alone";
        MillraceConfig config = cluster.config(workload, name + "-" + round);
        cluster.prepare(config, serdes);
        KafkaStreams training = MillraceStreams.training(config, serdes);
        double rate;
        long scrapes = 0;
        try (Onlookers onlookers = watched ? Onlookers.of("train", training, config, serdes) : null) {
            rate = new StreamsPass("Training", training, config).run(workload.examples(), true);
            if (watched) {
                onlookers.requireLooking();
                scrapes = onlookers.scrapes();
            }
        }
        Latencies latencies = new ServingPass(config, serdes, workload).run(watched);
        say(
                "Round %d, %-7s  %,12.0f records/s, %d scrapes; serving p50 %.2f ms, p99 %.2f ms",
                round, name, rate, scrapes, latencies.percentile(50), latencies.percentile(99));
        return new Pass(rate, latencies);
    }

    private void print(List<Round> rounds) {
        out.println(
                line("%s, mini-batches of %d, %,d examples", workload.shape(), workload.batch(), workload.examples()));
        out.println(line("%-22s%12s%12s%18s", "medians", "alone", "watched", "watched / alone"));
        row(rounds, "training, records/s", "%,12.0f", Pass::rate);
        row(rounds, "serving, p50 in ms", "%12.2f", pass -> pass.latencies().percentile(50));
        row(rounds, "serving, p99 in ms", "%12.2f", pass -> pass.latencies().percentile(99));
        out.println(line(
                "Serving at %.0f requests a second. The ratio is the median of those of the %d rounds; beside it the smallest"
                        + " and the largest.",
                workload.rate(), rounds.size()));
        out.flush();
    }

    private void row(List<Round> rounds, String what, String cell, ToDoubleFunction<Pass> value) {
        double[] ratios = rounds.stream()
                .mapToDouble(round -> value.applyAsDouble(round.watched()) / value.applyAsDouble(round.alone()))
                .sorted()
                .toArray();
        out.println(line(
                "%-22s" + cell + cell + "%8.3f (%.2f to %.2f)",
                what,
                BenchResult.median(rounds.stream().mapToDouble(round -> value.applyAsDouble(round.alone()))),
                BenchResult.median(rounds.stream().mapToDouble(round -> value.applyAsDouble(round.watched()))),
                BenchResult.median(Arrays.stream(ratios)),
                ratios[0],
                ratios[ratios.length - 1]));
    }

    private void say(String format, Object... values) {
        progress.println(line(format, values));
        progress.flush();
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
