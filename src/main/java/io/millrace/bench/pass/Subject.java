package io.millrace.bench.pass;

import io.millrace.bench.place.BenchPlace;
import io.millrace.bench.workload.BenchException;
import io.millrace.bench.workload.Workload;
import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.MillraceStreams;
import io.millrace.topology.startup.ClusterCheck;
import java.util.Locale;

/** What a round of the benchmark compares, each over the same examples. */
public enum Subject {
    /** A bare consumer that counts records. */
    RAW_CONSUMER("raw consumer"),
    /** Kafka Streams, exactly once, that deserializes and counts. */
    EMPTY_TOPOLOGY("empty topology"),
    TRAINING("training"),
    /** The same with {@code learner.thread=false}. */
    ONE_THREAD("in one thread"),
    /** With default settings, so with an ensemble, over fewer examples. */
    DEFAULTS("default settings");

    /** An ensemble takes about ten times as long for an example as one network. */
    private static final int DEFAULTS_LEARN_ONE_IN = 10;

    private final String title;

    Subject(String title) {
        this.title = title;
    }

    /** @return what reports call it */
    public String title() {
        return title;
    }

    /** @return the name of its pass in a round */
    public String pass(String round) {
        return name().toLowerCase(Locale.ROOT).replace('_', '-') + "-" + round;
    }

    private Workload workload(Workload model) {
        return switch (this) {
            case ONE_THREAD -> model.inOneThread();
            case DEFAULTS -> model.defaults();
            default -> model;
        };
    }

    /**
     * Reads the examples from offset 0.
     *
     * @param model what is measured
     * @param examples how many of them
     * @return records a second
     * @throws BenchException when it fails or makes no progress
     * @throws io.millrace.topology.cluster.ClusterNotReadyException when the cluster cannot be used
     */
    double run(BenchPlace place, Workload model, String round, long examples) {
        MillraceConfig config = place.config(workload(model), pass(round));
        if (this == RAW_CONSUMER) {
            return ConsumerPass.run(config, examples);
        }
        long records = this == DEFAULTS ? Math.max(1000, examples / DEFAULTS_LEARN_ONE_IN) : examples;
        boolean all = records == model.examples();
        try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
            if (this == EMPTY_TOPOLOGY) {
                return EmptyTopology.time(config, serdes, records, all);
            }
            new ClusterCheck(config).prepare(serdes);
            return new StreamsPass("Training", MillraceStreams.training(config, serdes), config).run(records, all);
        }
    }
}
