package io.millrace.local;

import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.javalin.Javalin;
import io.javalin.util.JavalinBindException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * A schema registry in this JVM for Confluent's clients: the same paths, error codes and compatibility rules (BACKWARD
 * by default) as Confluent's, for Avro schemas. It listens on 127.0.0.1 only, over plain HTTP without authentication.
 */
public final class LocalRegistry implements AutoCloseable {
    private static final int CACHED_SCHEMAS = 1000;

    private final Javalin http;
    private final SchemaRegistryClient client;

    private LocalRegistry(Javalin http) {
        this.http = http;
        this.client = new CachedSchemaRegistryClient(
                List.of(url()), CACHED_SCHEMAS, List.of(new AvroSchemaProvider()), Map.of());
    }

    /**
     * Starts the registry and returns when it answers.
     *
     * @param port on 127.0.0.1; 0 takes any free one
     * @param fileOrNull JSON file that keeps schemas, versions and ids beyond the life of this registry; null keeps
     *     them in memory
     * @throws UncheckedIOException if the port is taken or the file cannot be read
     * @throws IllegalStateException if the file has other content
     */
    public static LocalRegistry start(int port, Path fileOrNull) {
        QuietLogs.forRegistry();
        requireFree(port);
        SchemaStore store = new SchemaStore(fileOrNull == null ? null : new SchemaFile(fileOrNull));
        QueuedThreadPool threads = new QueuedThreadPool(16, 2);
        threads.setName("local-registry");
        threads.setDaemon(true);
        Javalin http = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.startup.startupWatcherEnabled = false;
            config.jetty.threadPool = threads;
            new RegistryRoutes(store).addTo(config.routes);
        });
        try {
            return new LocalRegistry(http.start("127.0.0.1", port));
        } catch (JavalinBindException e) {
            throw new PortTakenException(port, e);
        }
    }

    /** Checks the port before Javalin does, which logs a stack trace for a port that is taken. */
    private static void requireFree(int port) {
        try (BoundSockets probe = new BoundSockets()) {
            probe.bind("registry", port);
        }
    }

    /** For {@code schema.registry.url}: {@code http://127.0.0.1:port}. */
    public String url() {
        return "http://127.0.0.1:" + http.port();
    }

    /** Confluent's client, connected to this registry over HTTP. */
    public SchemaRegistryClient client() {
        return client;
    }

    /** Stops listening. Further calls have no effect. */
    @Override
    public void close() {
        try {
            client.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the client of the local registry did not close", e);
        } finally {
            http.stop();
        }
    }
}
