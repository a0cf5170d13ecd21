package io.millrace.bench;

import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.MillraceStreams;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.streams.KafkaStreams;

/**
 * One benchmark from the empty topic to the result. The three readers take turns, so that other load on the machine
 * affects them alike. Each pass is a separate application that begins at offset 0. One unmeasured turn warms up the
 * compiler.
 */
public final class Bench {
    private final Workload workload;
    private final BenchCluster cluster;
    private final PrintWriter progress;

    /**
     * @param workload what to measure
     * @param cluster where to measure
     * @param progress receives a line for each finished step
     */
    public Bench(Workload workload, BenchCluster cluster, PrintWriter progress) {
        this.workload = workload;
        this.cluster = cluster;
        this.progress = progress;
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
            say("Writing %,d examples of %,d bytes", workload.examples(), fill.exampleBytes());
            double fillRate = fill.run();

            long warmUp = workload.warmUpExamples();
            say("Warming up on %,d examples", warmUp);
            consume(config, warmUp);
            countOnly("warm-up-empty", serdes, warmUp);
            train("warm-up-training", serdes, warmUp);

            List<BenchResult.Round> rounds = new ArrayList<>();
            for (int round = 1; round <= workload.rounds(); round++) {
                rounds.add(round(round, config, serdes));
            }
            say("Serving: %,d requests at %.0f a second", workload.requests(), workload.rate());
            MillraceConfig trained = cluster.config(workload, pass(workload.rounds()));
            Latencies latencies = new ServingPass(trained, serdes, workload).run(false);
            return new BenchResult(workload, fill.exampleBytes(), fillRate, rounds, latencies);
        }
    }

    private BenchResult.Round round(int number, MillraceConfig config, AvroSerdes serdes) {
        long all = workload.examples();
        double raw = consume(config, all);
        say("Round %d: raw consumer    %,12.0f records/s", number, raw);
        double empty = countOnly("empty-" + number, serdes, all);
        say("Round %d: empty topology  %,12.0f records/s", number, empty);
        double training = train(pass(number), serdes, all);
        say("Round %d: training        %,12.0f records/s", number, training);
        return new BenchResult.Round(raw, empty, training);
    }

    private static String pass(int round) {
        return "training-" + round;
    }

    private double consume(MillraceConfig config, long records) {
        return ConsumerPass.run(config, records);
    }

    private double countOnly(String pass, AvroSerdes serdes, long records) {
        MillraceConfig config = cluster.config(workload, pass);
        KafkaStreams streams =
                new KafkaStreams(EmptyTopology.build(config, serdes), StreamsProperties.training(config));
        return time("The empty topology", streams, config, records);
    }

    private double train(String pass, AvroSerdes serdes, long records) {
        MillraceConfig config = cluster.config(workload, pass);
        cluster.prepare(config, serdes);
        return time("Training", MillraceStreams.training(config, serdes), config, records);
    }

    private double time(String what, KafkaStreams streams, MillraceConfig config, long records) {
        return new StreamsPass(what, streams, config).run(records, records == workload.examples());
    }

    private void say(String format, Object... values) {
        progress.println(String.format(Locale.ROOT, format, values));
        progress.flush();
    }
}
