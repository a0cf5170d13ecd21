package io.millrace.bench;

import io.millrace.bench.pass.FreshnessPass;
import io.millrace.bench.pass.Latencies;
import io.millrace.bench.pass.ServingPass;
import io.millrace.bench.pass.Subject;
import io.millrace.bench.pass.SubjectProcess;
import io.millrace.bench.place.BenchCluster;
import io.millrace.bench.workload.BenchException;
import io.millrace.bench.workload.ExampleFill;
import io.millrace.bench.workload.Workload;
import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One benchmark from the empty topic to the result. The {@link Subject}s take turns, so that other load on the machine affects them alike. Each has a JVM of its
 * own, and each pass is an application of its own that begins at offset 0. One unmeasured turn warms up the compilers.
 */
public final class Bench {
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

            List<BenchResult.Round> rounds = rounds();
            return new BenchResult(workload, fill.exampleBytes(), fillRate, rounds, serving(serdes), freshness(serdes));
        }
    }

    private Latencies serving(AvroSerdes serdes) {
        progress.print(
                "Serving: %,d requests at %.0f a second, after as many to warm up",
                workload.requests(), workload.rate());
        MillraceConfig trained = cluster.config(workload, Subject.TRAINING.pass(round(workload.rounds())));
        new ServingPass(trained, serdes, workload).run(false);
        return new ServingPass(trained, serdes, workload).run(false);
    }

    private Latencies freshness(AvroSerdes serdes) {
        progress.print("Freshness of the default configuration, after a pass to warm up");
        freshness(serdes, "fresh-warm-up");
        return Latencies.ofNanos(freshness(serdes, "fresh"));
    }

    private long[] freshness(AvroSerdes serdes, String pass) {
        Workload defaults = workload.defaults();
        Map<String, String> overrides = new LinkedHashMap<>(defaults.overrides());
        overrides.put("topics.examples", pass + "-examples");
        MillraceConfig config = cluster.config(defaults.with(overrides), pass);
        cluster.prepare(config, serdes);
        return new FreshnessPass(config, serdes, defaults).run();
    }

    private List<BenchResult.Round> rounds() {
        Map<Subject, SubjectProcess> processes = new EnumMap<>(Subject.class);
        try {
            for (Subject subject : Subject.values()) {
                processes.put(subject, SubjectProcess.start(subject));
            }
            progress.print("Warming up on %,d examples", workload.warmUpExamples());
            measure(processes, "warm-up", workload.warmUpExamples());
            List<BenchResult.Round> rounds = new ArrayList<>();
            for (int round = 1; round <= workload.rounds(); round++) {
                rounds.add(measure(processes, round(round), workload.examples()));
            }
            return rounds;
        } finally {
            processes.values().forEach(SubjectProcess::close);
        }
    }

    private static String round(int number) {
        return "round-" + number;
    }

    private BenchResult.Round measure(Map<Subject, SubjectProcess> processes, String round, long examples) {
        Map<Subject, Double> rates = new EnumMap<>(Subject.class);
        processes.forEach((subject, process) -> {
            double rate = process.run(cluster.place(), workload, round, examples);
            progress.print("%-8s %-16s %,12.0f records/s", round + ":", subject.title(), rate);
            rates.put(subject, rate);
        });
        return new BenchResult.Round(
                rates.get(Subject.RAW_CONSUMER),
                rates.get(Subject.EMPTY_TOPOLOGY),
                rates.get(Subject.TRAINING),
                rates.get(Subject.ONE_THREAD),
                rates.get(Subject.DEFAULTS));
    }
}
