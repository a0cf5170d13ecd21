package io.millrace.cli;

import io.millrace.avro.AvroSerdes;
import io.millrace.config.MillraceConfig;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.topology.ClusterCheck;
import io.millrace.topology.MillraceStreams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.streams.KafkaStreams;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains, serves, or both, until it is told to stop. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Trains and serves on a Kafka cluster until it is stopped (SIGTERM, Ctrl-C).")
final class RunCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    enum Role {
        TRAIN,
        SERVE,
        ALL
    }

    @Mixin
    private ConfigOptions configuration;

    @Option(
            names = "--role",
            defaultValue = "all",
            paramLabel = "ROLE",
            description = "train, serve or all. Default: ${DEFAULT-VALUE}.")
    private Role role;

    @Override
    public Integer call() throws InterruptedException {
        MillraceConfig config = configuration.load();
        try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
            prepare(config, serdes);
            LOG.info("{}", KernelsProvider.description());
            return runUntilStopped(applications(config, serdes));
        }
    }

    private void prepare(MillraceConfig config, AvroSerdes serdes) {
        if (role != Role.SERVE) {
            ClusterCheck.forTraining(config).prepare(serdes);
        }
        if (role != Role.TRAIN) {
            ClusterCheck.forServing(config).prepare(serdes);
        }
    }

    private List<KafkaStreams> applications(MillraceConfig config, AvroSerdes serdes) {
        List<KafkaStreams> applications = new ArrayList<>();
        if (role != Role.SERVE) {
            applications.add(MillraceStreams.training(config, serdes));
        }
        if (role != Role.TRAIN) {
            applications.add(MillraceStreams.serving(config, serdes));
        }
        return applications;
    }

    private static int runUntilStopped(List<KafkaStreams> applications) throws InterruptedException {
        CountDownLatch stopped = new CountDownLatch(1);
        for (KafkaStreams application : applications) {
            application.setStateListener((now, before) -> {
                LOG.info("{} -> {}", before, now);
                if (now == KafkaStreams.State.ERROR) {
                    stopped.countDown();
                }
            });
        }
        try (StopSignal signal = new StopSignal(stopped::countDown)) {
            boolean failed = true;
            try { // serving's start fails when it may not read the snapshots
                applications.forEach(KafkaStreams::start);
                stopped.await();
                failed = applications.stream().anyMatch(application -> application.state() == KafkaStreams.State.ERROR);
            } finally {
                applications.forEach(application -> MillraceStreams.stop(application, CLOSE_TIMEOUT));
            }
            LOG.info("Stopped");
            return failed ? ExitCode.SOFTWARE : ExitCode.OK;
        }
    }
}
