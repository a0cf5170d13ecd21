package io.millrace.cli.demo;

import io.millrace.cli.console.FailedException;
import io.millrace.cli.console.Progress;
import io.millrace.config.ApplicationId;
import io.millrace.config.MillraceConfig;
import io.millrace.config.Topics;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.Application;
import io.millrace.topology.snapshot.SnapshotTopic;
import io.millrace.topology.snapshot.StoredSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.KafkaStreams;

/**
 * Trains and serves on a cluster while its stream is fed, until every example is learned and every request is answered.
 */
final class DemoRun implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(15);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);

    private final MillraceConfig config;
    private final AvroSerdes serdes;
    private final DemoStream stream;
    private final DemoFeeder feeder;
    private final ServedScore served;
    private final Application training;
    private final Application serving;
    private final ReadTopic examples;
    private final ReadTopic log; // null when training reads the examples

    /** @param config says what training reads, as {@code ClusterCheck.scoped} decided */
    DemoRun(MillraceConfig config, AvroSerdes serdes, DemoStream stream, DemoFeeder feeder) {
        this.config = config;
        this.serdes = serdes;
        this.stream = stream;
        this.feeder = feeder;
        served = new ServedScore(config.learner(), AskedRows.of(config, serdes, stream, feeder.share()));
        Topics topics = config.topics();
        ApplicationId id = config.applicationId();
        examples = new ReadTopic(config, topics.examples(), topics.learnsFromLog() ? id.intake() : id.training());
        log = topics.learnsFromLog() ? new ReadTopic(config, topics.learningLog(), id.training()) : null;
        training = Application.training(config, serdes);
        serving = Application.serving(config, serdes);
    }

    DemoResult untilLearned() throws InterruptedException, ExecutionException {
        training.start();
        serving.start();
        while (training.state() != KafkaStreams.State.RUNNING || serving.state() != KafkaStreams.State.RUNNING) {
            requireHealthy(CompletableFuture.completedFuture(null));
            Thread.sleep(POLL.toMillis());
        }
        long start = System.nanoTime();
        CompletableFuture<Void> feeding = inBackground(feeder::feed);
        try (DemoWatch watch = new DemoWatch(config, serdes, stream, served);
                Admin admin = Admin.create(config.client());
                Progress progress = new Progress("learn", stream.total())) {
            while (!(feeding.isDone() && allLearned(admin))) {
                requireHealthy(feeding);
                feeder.pace().learned((log == null ? examples : log).committed(admin));
                watch.poll(POLL);
                progress.to(watch.learned(), state(watch));
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            watch.readToEnd(POLL);
            progress.to(stream.total(), state(watch));
            awaitAnswers(feeding, watch);
            try (SnapshotTopic topic = new SnapshotTopic(config, serdes)) {
                List<StoredSnapshot> snapshots =
                        topic.newest().stream().map(StoredSnapshot::inMemory).toList();
                return new DemoResult(
                        stream.total(),
                        examples.count(stream.total()),
                        feeder.pace(),
                        seconds,
                        snapshots,
                        config,
                        watch);
            }
        }
    }

    private static CompletableFuture<Void> inBackground(Runnable work) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                        done.complete(null);
                    } catch (RuntimeException e) {
                        done.completeExceptionally(e);
                    }
                },
                "demo-feeder");
        thread.setDaemon(true);
        thread.start();
        return done;
    }

    private void awaitAnswers(CompletableFuture<Void> feeding, DemoWatch watch) {
        long progressed = System.nanoTime();
        for (long answers = watch.answers(); answers < feeder.requests(); ) {
            requireHealthy(feeding);
            watch.poll(POLL);
            if (watch.answers() > answers) {
                answers = watch.answers();
                progressed = System.nanoTime();
            } else if (System.nanoTime() - progressed > LAST_ANSWERS.toNanos()) {
                return; // the summary shows the number of answers
            }
        }
    }

    private void requireHealthy(CompletableFuture<Void> feeding) {
        try {
            feeding.getNow(null);
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException fault ? fault : e; // its own message explains the error
        }
        for (Application application : List.of(training, serving)) {
            if (application.state() == KafkaStreams.State.ERROR) {
                throw new FailedException("Kafka Streams stopped with an error, see the log above.");
            }
        }
    }

    /** Whether training has committed all examples in the topic. */
    private boolean allLearned(Admin admin) throws InterruptedException, ExecutionException {
        return examples.toEnd(admin) && (log == null || log.toEnd(admin));
    }

    private String state(DemoWatch watch) {
        if (watch.losses().isEmpty()) {
            return "waiting for the first report";
        }
        return stream.task().equals("regression")
                ? String.format(Locale.ROOT, "mae %.4f, rmse %.4f", watch.faded("mae"), watch.faded("rmse"))
                : String.format(
                        Locale.ROOT, "loss %.4f, accuracy %.4f", watch.faded("logLoss"), watch.faded("accuracy"));
    }

    @Override
    public void close() {
        feeder.stop();
        examples.close();
        if (log != null) {
            log.close();
        }
        training.stop(CLOSE_TIMEOUT);
        serving.stop(CLOSE_TIMEOUT);
    }
}
