package io.millrace.cli;

import io.millrace.local.LocalBroker;
import io.millrace.local.LocalRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/** The broker and the registry of a demo, and the directory they keep their data in. */
final class DemoCluster implements AutoCloseable {
    /** Event times of a demo are fixed: its records are never old. A transaction of a killed demo must not hold up the next. */
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
     * @param kept where to keep the data; null for a directory that is deleted in the end
     * @param brokerPort 0 for any
     * @param registryPort 0 for any
     */
    static DemoCluster start(Path kept, int brokerPort, int registryPort) throws IOException {
        Path directory = kept == null ? Files.createTempDirectory("millrace-demo") : Files.createDirectories(kept);
        LocalBroker broker = LocalBroker.start(directory.resolve("broker"), brokerPort, BROKER);
        try {
            LocalRegistry registry = LocalRegistry.start(registryPort, directory.resolve("schemas.json"));
            return new DemoCluster(directory, kept == null, broker, registry);
        } catch (RuntimeException e) {
            broker.close();
            throw e;
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
        } catch (IOException | java.io.UncheckedIOException e) {
            // the system's own clean-up of temporary files will find it
        }
    }
}
