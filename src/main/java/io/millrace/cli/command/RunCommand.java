package io.millrace.cli.command;

import io.millrace.cli.console.FailedException;
import io.millrace.cli.console.StopSignal;
import io.millrace.cli.console.Version;
import io.millrace.cli.console.Warnings;
import io.millrace.config.HttpSettings;
import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import io.millrace.config.Topics;
import io.millrace.http.AnswerCounts;
import io.millrace.http.HealthRoutes;
import io.millrace.http.HttpPart;
import io.millrace.http.InferenceRoutes;
import io.millrace.http.MetricsRoute;
import io.millrace.metrics.MetricSource;
import io.millrace.metrics.PrometheusText;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.Application;
import io.millrace.topology.serving.LiveModel;
import io.millrace.topology.startup.ClusterCheck;
import io.millrace.watch.Watch;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains, serves, or both, until the process is stopped. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Trains and serves on a Kafka cluster until it is stopped (SIGTERM, Ctrl-C).")
public final class RunCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

    private static final String SERVE = "serve";

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

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        MillraceConfig config = configuration.load();
        if (role != Role.SERVE) {
            Warnings.print(spec, config.notes());
        }
        CountDownLatch end = new CountDownLatch(1);
        LiveModel liveModel = new LiveModel(config.modelName());
        try (AvroSerdes serdes = new AvroSerdes(config.registry());
                AnswerCounts overHttp = AnswerCounts.inJmx();
                StopSignal signal = new StopSignal(end::countDown)) {
            List<RunningRole> roles = roles(config, serdes, liveModel, end::countDown);
            try (WatchPage page = http(config, serdes, roles, liveModel, overHttp)) {
                LOG.info("{}", KernelsProvider.description());
                roles.forEach(RunningRole::start);
                end.await();
                stop(roles, serdes, StreamsProperties.stopTime(config));
            }
            boolean failed = false;
            for (RunningRole each : roles) {
                failed |= each.hasFailed();
            }
            LOG.info("Stopped");
            return failed ? ExitCode.SOFTWARE : ExitCode.OK;
        }
    }

    private List<RunningRole> roles(MillraceConfig config, AvroSerdes serdes, LiveModel liveModel, Runnable onEnd) {
        List<RunningRole> roles = new ArrayList<>();
        CompletableFuture<Void> topics =
                new CompletableFuture<>(); // both roles write dead letters; training creates the topic
        if (role == Role.SERVE) {
            topics.complete(null);
        } else {
            roles.add(new RunningRole("train", () -> training(config, serdes, topics), onEnd));
        }
        if (role != Role.TRAIN) {
            roles.add(new RunningRole(SERVE, () -> serving(config, serdes, liveModel, topics), onEnd));
        }
        return roles;
    }

    /** Starts the server before the roles, whose health it tells; null without {@code http.port}. */
    private WatchPage http(
            MillraceConfig config,
            AvroSerdes serdes,
            List<RunningRole> roles,
            LiveModel liveModel,
            AnswerCounts overHttp) {
        HttpSettings settings = config.http().orElse(null);
        if (settings == null) {
            return null;
        }
        boolean serves = role != Role.TRAIN;
        List<HttpPart> parts = new ArrayList<>();
        parts.add(new HealthRoutes(Version.number(), () -> first(roles, RunningRole::notLive), () -> {
            String why = first(roles, RunningRole::notReady);
            boolean waits = serves && liveModel.replicas().predictors().isEmpty();
            return why == null && waits ? "serve has no version of the model yet." : why;
        }));
        PrometheusText metrics = new PrometheusText(() -> metrics(config.topics(), roles, serves ? overHttp : null));
        parts.add(new MetricsRoute(metrics::write, PrometheusText.CONTENT_TYPE));
        if (serves) {
            parts.add(new InferenceRoutes(liveModel, overHttp));
        }
        try {
            WatchPage page = WatchPage.open(settings, new Watch(config, serdes, null), parts);
            LOG.info("HTTP at {}, port {}", settings.host(), page.port());
            return page;
        } catch (UncheckedIOException e) {
            throw new FailedException(e.getMessage() + ". Correct the settings http.*.", e);
        }
    }

    /** @param overHttp null: this process answers nothing over HTTP */
    private static List<MetricSource> metrics(Topics topics, List<RunningRole> roles, AnswerCounts overHttp) {
        Set<String> read = Set.copyOf(List.of(topics.examples(), topics.learningLog(), topics.features()));
        List<MetricSource> sources = new ArrayList<>();
        roles.forEach(each -> sources.add(new MetricSource(each.toString(), read, each.metrics())));
        if (overHttp != null) {
            sources.add(new MetricSource(SERVE, Set.of(), overHttp.metrics()));
        }
        return sources;
    }

    private static String first(List<RunningRole> roles, Function<RunningRole, String> why) {
        return roles.stream().map(why).filter(Objects::nonNull).findFirst().orElse(null);
    }

    private static Application training(MillraceConfig config, AvroSerdes serdes, CompletableFuture<Void> topics) {
        ClusterCheck check = ClusterCheck.forTraining(config);
        try {
            check.prepareTopics(serdes);
        } finally {
            topics.complete(null);
        }
        MillraceConfig scoped = check.scoped();
        ClusterCheck.forTraining(scoped).prepareLearning(serdes);
        return Application.training(scoped, serdes);
    }

    private static Application serving(
            MillraceConfig config, AvroSerdes serdes, LiveModel liveModel, CompletableFuture<Void> topics) {
        topics.join();
        ClusterCheck.forServing(config).prepare(serdes);
        return Application.serving(config, serdes, liveModel);
    }

    private static void stop(List<RunningRole> roles, AvroSerdes serdes, Duration time) throws InterruptedException {
        long deadline = System.nanoTime() + time.toNanos();
        roles.forEach(each -> each.stop(time));
        serdes.stop();
        for (RunningRole each : roles) {
            if (!each.awaitEnd(Duration.ofNanos(deadline - System.nanoTime()))) {
                LOG.warn(
                        "{} could not stop in order within {} ms: the brokers do not answer, or a start is in progress;"
                                + " uncommitted examples are read again at the next start",
                        each,
                        time.toMillis());
            }
        }
    }
}
