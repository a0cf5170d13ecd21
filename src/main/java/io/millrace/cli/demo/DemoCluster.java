package io.millrace.cli.demo;

import io.millrace.cli.console.FailedException;
import io.millrace.cli.console.UsageException;
import io.millrace.local.LocalBroker;
import io.millrace.local.LocalRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The broker and the registry of a demo, and their data directory. */
final class DemoCluster implements AutoCloseable {
    /**
     * The event times of a demo are fixed, so no record is ever deleted as old. A transaction of a killed demo must not
     * delay the next one.
     */
    private static final Map<String, String> BROKER =
            Map.of("log.retention.ms", "-1", "transaction.abort.timed.out.transaction.cleanup.interval.ms", "500");

    private final Path directory;
    private final boolean temporary;
    private final LocalBroker broker;
    private final LocalRegistry registry;

    private DemoCluster(Path directory, boolean temporary, LocalBroker broker, LocalRegistry registry) {
        this.directory = directory;
        this.temporary = temporary;
        this.broker = broker;
        this.registry = registry;
    }

    /**
     * Starts both.
     *
     * @param kept the data directory; null for a temporary directory that is deleted at the end
     * @param brokerPort 0 for any
     * @param registryPort 0 for any
     */
    static DemoCluster start(Path kept, int brokerPort, int registryPort) {
        Path directory = directory(kept);
        LocalBroker broker =
                started("broker", () -> LocalBroker.start(directory.resolve("broker"), brokerPort, BROKER));
        try {
            LocalRegistry registry = started(
                    "schema registry", () -> LocalRegistry.start(registryPort, directory.resolve("schemas.json")));
            return new DemoCluster(directory, kept == null, broker, registry);
        } catch (RuntimeException e) {
            broker.close();
            throw e;
        }
    }

    private static Path directory(Path kept) {
        try {
            return kept == null ? Files.createTempDirectory("millrace-demo") : Files.createDirectories(kept);
        } catch (IOException e) {
            throw new UsageException(
                    kept == null
                            ? "No temporary directory can be created (" + e.getMessage() + "): name one with --dir."
                            : "--dir " + kept + " is not a directory and cannot be created (" + e
                                    + "): choose another one.",
                    e);
        }
    }

    /** A port or directory that is in use or not permitted is not a bug. */
    private static <T> T started(String server, Supplier<T> start) {
        try {
            return start.get();
        } catch (UncheckedIOException | IllegalStateException e) {
            Throwable root = e;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            boolean told = e.getMessage().contains(String.valueOf(root.getMessage()));
            String cause = told ? "" : " (" + root + ")";
            throw new FailedException("The demo's " + server + " cannot start: " + e.getMessage() + cause + ".", e);
        }
    }

    Map<String, String> settings() {
        return Map.of(
                "bootstrap.servers", broker.bootstrapServers(),
                "schema.registry.url", registry.url(),
                "state.dir", directory.resolve("state").toString());
    }

    @Override
    public void close() {
        registry.close();
        broker.close();
        if (temporary) {
            deleteQuietly();
        }
    }

    private void deleteQuietly() {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            // the system deletes temporary files later
        }
    }
}
