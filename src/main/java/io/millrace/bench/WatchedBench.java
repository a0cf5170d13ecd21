package io.millrace.bench;

import io.millrace.bench.pass.Latencies;
import io.millrace.bench.pass.Onlookers;
import io.millrace.bench.pass.ServingPass;
import io.millrace.bench.pass.StreamsPass;
import io.millrace.bench.place.BenchCluster;
import io.millrace.bench.workload.BenchException;
import io.millrace.bench.workload.ExampleFill;
import io.millrace.bench.workload.Workload;
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
 * changes from round to round, so that other load on the machine affects them alike. Rounds up to 0 warm up and do not count.
 */
final class WatchedBench {
    /** Java compiles an ensemble for one to two million examples; a pass that is measured before is slower than any that follows. */
    private static final int WARM_UPS = 3;

    private final Workload workload;
    private final BenchCluster cluster;
    private final Lines progress;
    private final Lines out;

    /** {@code learning} and {@code answering}: CPU seconds a second that were spent on those who look on; NaN if nobody did. */
    private record Pass(double rate, Latencies latencies, double learning, double answering) {}

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
        this.progress = new Lines(progress);
        this.out = new Lines(out);
    }

    /** @throws BenchException when a pass fails */
    void run() {
        MillraceConfig config = cluster.config(workload, "fill");
        try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
            cluster.prepare(config, serdes);
            ExampleFill fill = new ExampleFill(config, workload, serdes);
            cluster.requireRoomFor(fill.totalBytes());
            progress.print("Writing %,d examples of %,d bytes", workload.examples(), fill.exampleBytes());
            fill.run();
            for (int warmUp = 1 - WARM_UPS; warmUp <= 0; warmUp++) {
                round(warmUp, serdes);
            }
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
        double learning = Double.NaN;
        long scrapes = 0;
        try (Onlookers onlookers = watched ? Onlookers.of("train", training, config, serdes) : null) {
            rate = new StreamsPass("Training", training, config).run(workload.examples(), true);
            if (watched) {
                onlookers.requireLooking();
                scrapes = onlookers.scrapes();
                learning = onlookers.cpu();
            }
        }
        ServingPass serving = new ServingPass(config, serdes, workload);
        Latencies latencies = serving.run(watched);
        progress.print(
                "Round %d, %-7s  %,12.0f records/s; serving p50 %.2f ms, p99 %.2f ms%s",
                round,
                name,
                rate,
                latencies.percentile(50),
                latencies.percentile(99),
                watched
                        ? String.format(
                                Locale.ROOT,
                                "; %d scrapes, CPU %.4f and %.4f s/s",
                                scrapes,
                                learning,
                                serving.watching())
                        : "");
        return new Pass(rate, latencies, learning, serving.watching());
    }

    private void print(List<Round> rounds) {
        out.print("%s, mini-batches of %d, %,d examples", workload.shape(), workload.batch(), workload.examples());
        out.print("%-22s%12s%12s%18s", "medians", "alone", "watched", "watched / alone");
        row(rounds, "training, records/s", "%,12.0f", Pass::rate);
        row(rounds, "serving, p50 in ms", "%12.2f", pass -> pass.latencies().percentile(50));
        row(rounds, "serving, p99 in ms", "%12.2f", pass -> pass.latencies().percentile(99));
        out.print(
                "The page and /metrics took %.4f CPU seconds a second while training worked, %.4f while serving did (medians).",
                BenchResult.median(
                        rounds.stream().mapToDouble(round -> round.watched().learning())),
                BenchResult.median(
                        rounds.stream().mapToDouble(round -> round.watched().answering())));
        out.print(
                "Serving at %.0f requests a second. The ratio is the median of those of the %d rounds; beside it the smallest"
                        + " and the largest.",
                workload.rate(), rounds.size());
    }

    private void row(List<Round> rounds, String what, String cell, ToDoubleFunction<Pass> value) {
        double[] ratios = rounds.stream()
                .mapToDouble(round -> value.applyAsDouble(round.watched()) / value.applyAsDouble(round.alone()))
                .sorted()
                .toArray();
        out.print(
                "%-22s" + cell + cell + "%8.3f (%.2f to %.2f)",
                what,
                BenchResult.median(rounds.stream().mapToDouble(round -> value.applyAsDouble(round.alone()))),
                BenchResult.median(rounds.stream().mapToDouble(round -> value.applyAsDouble(round.watched()))),
                BenchResult.median(Arrays.stream(ratios)),
                ratios[0],
                ratios[ratios.length - 1]);
    }
}
