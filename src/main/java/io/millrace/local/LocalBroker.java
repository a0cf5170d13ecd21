package io.millrace.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.FaultHandlerFactory;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.SharedServer;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.server.fault.FaultHandlerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * A Kafka cluster of one node, broker and KRaft controller, in this JVM.
 *
 * <p>It listens on 127.0.0.1 only. Its topics, offsets and transactions are in one directory: a broker that is started
 * again on the same directory, after {@link #close} or after the JVM was killed, continues from there. Using a topic
 * does not create it.
 *
 * <p>It is assembled from the parts that {@link KafkaRaftServer} uses, but not by that class, for two reasons. The
 * fault handlers of that class end the JVM; those of this class log. And that class binds its ports itself; this class
 * binds them before ({@link BoundSockets}).
 */
public final class LocalBroker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalBroker.class);
    private static final Duration CONTROLLED_SHUTDOWN = Duration.ofSeconds(5);
    private static final long CLOSE_TIMEOUT_MS = 20_000;

    private final BrokerDirectory directory;
    private final String bootstrapServers;
    private final BoundSockets sockets;
    private final Metrics metrics = new Metrics();
    private final BrokerServer broker;
    private final ControllerServer controller;
    private final AtomicBoolean closed = new AtomicBoolean();

    private LocalBroker(
            BrokerDirectory directory, BoundSockets sockets, Map<String, String> overrides, Runnable onFatalFault) {
        this.directory = directory;
        this.sockets = sockets;
        this.bootstrapServers = sockets.address(BrokerSettings.CLIENT_LISTENER);
        KafkaConfig config = BrokerSettings.config(directory.path(), sockets, overrides);
        Tuple2<MetaPropertiesEnsemble, BootstrapMetadata> formatted =
                KafkaRaftServer.initializeLogDirs(config, LOG, "local broker: ");
        FaultHandlerFactory faults = (name, fatal, action) -> (message, cause) -> {
            LOG.error("{} fault of the local broker: {} ({})", fatal ? "Fatal" : "Non-fatal", message, name, cause);
            action.run();
            if (fatal) {
                onFatalFault.run();
            }
            return new FaultHandlerException(name + ": " + message, cause);
        };
        SharedServer shared = new SharedServer(
                config,
                formatted._1(),
                Time.SYSTEM,
                metrics,
                CompletableFuture.completedFuture(
                        QuorumConfig.parseVoterConnections(config.quorumConfig().voters())),
                QuorumConfig.parseBootstrapServers(config.quorumConfig().bootstrapServers()),
                faults,
                sockets);
        broker = new BrokerServer(shared);
        controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), formatted._2());
    }

    /**
     * Starts the node and returns when it accepts clients, after about two seconds on a new directory.
     *
     * @param directory the data directory; created if missing
     * @param port for clients, on 127.0.0.1; 0 takes the last one of this directory's broker, if it is free, otherwise
     *     any free one. The controller always has any free port.
     * @param overrides broker settings that differ from the small defaults, by their Kafka names
     * @throws UncheckedIOException if the port is taken or the directory cannot be written
     * @throws IllegalArgumentException if an override would break the one-node setup
     * @throws IllegalStateException if the node does not start, for instance because another one uses the directory
     */
    public static LocalBroker start(Path directory, int port, Map<String, String> overrides) {
        return start(directory, port, overrides, false, () -> {});
    }

    /**
     * Like {@link #start(Path, int, Map)}, with a second {@code SASL_SSL} listener on a free port. The overrides
     * contain its certificate, mechanisms and authorizer. The first listener remains open without authentication for
     * the node itself: every client of it is {@code User:ANONYMOUS}, which the node needs as a super user.
     */
    static LocalBroker startSecured(Path directory, Map<String, String> overrides) {
        return start(directory, 0, overrides, true, () -> {});
    }

    private static LocalBroker start(
            Path directory, int port, Map<String, String> overrides, boolean secured, Runnable onFatalFault) {
        QuietLogs.forBroker();
        BrokerDirectory home = BrokerDirectory.take(directory);
        BoundSockets sockets = new BoundSockets();
        LocalBroker local = null;
        try {
            if (port == 0) {
                sockets.bindPreferably(BrokerSettings.CLIENT_LISTENER, home.lastPort());
            } else {
                sockets.bind(BrokerSettings.CLIENT_LISTENER, port);
            }
            sockets.bind(BrokerSettings.CONTROLLER_LISTENER, 0);
            if (secured) {
                sockets.bind(BrokerSettings.SECURE_LISTENER, 0);
            }
            home.rememberPort(sockets.port(BrokerSettings.CLIENT_LISTENER));
            home.format(BrokerSettings.NODE_ID, BrokerSettings.CONTROLLER_LISTENER);
            local = new LocalBroker(home, sockets, overrides, onFatalFault);
            local.controller.startup();
            local.broker.startup();
            return local;
        } catch (Exception e) { // not RuntimeException: Scala code throws undeclared checked exceptions
            if (local == null) {
                sockets.close();
                home.close();
            } else {
                local.close();
            }
            if (e instanceof UncheckedIOException || e instanceof IllegalArgumentException) {
                throw (RuntimeException) e;
            }
            throw new IllegalStateException(
                    "the local broker did not start on " + home.path() + ": " + e.getMessage(), e);
        }
    }

    /** For the {@code bootstrap.servers} of clients: {@code 127.0.0.1:port}. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** The address of the listener that {@link #startSecured} adds. */
    String securedBootstrapServers() {
        return sockets.address(BrokerSettings.SECURE_LISTENER);
    }

    /** The data directory of the broker, as an absolute path. */
    public Path directory() {
        return directory.path();
    }

    /**
     * Stops the node cleanly and releases its directory, usually within a second. Returns after 20 seconds at most,
     * with a warning in the log if parts of the node are still running. Further calls have no effect.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        Thread stopper = new Thread(this::stop, "local-broker-close");
        stopper.setDaemon(true);
        stopper.start();
        boolean interrupted = false;
        try {
            stopper.join(CLOSE_TIMEOUT_MS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (stopper.isAlive()) {
            LOG.warn("The local broker on {} still stops in the background", directory.path());
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void stop() {
        broker.shutdown(CONTROLLED_SHUTDOWN);
        controller.shutdown();
        metrics.close();
        sockets.close();
        directory.close();
    }

    /**
     * Runs a broker in a separate JVM. Prints the line {@code bootstrap.servers=127.0.0.1:PORT} on standard output when
     * it accepts clients, and logs to standard error. Stops on SIGTERM, and when standard input closes, which happens
     * when the parent process ends. Ends with code 1 if it does not start, and with 2 if the arguments are wrong.
     *
     * @param args the directory, then optionally the port (0: any free one), then broker settings as {@code key=value}
     */
    public static void main(String[] args) throws IOException {
        Locale.setDefault(Locale.ROOT); // Kafka's broker formats names with the default locale
        QuietLogs.inOwnProcess();
        try {
            if (args.length == 0) {
                throw new IllegalArgumentException("the directory is missing");
            }
            int port = args.length > 1 ? Integer.parseInt(args[1]) : 0;
            LocalBroker broker = start(Path.of(args[0]), port, settings(args), false, LocalBroker::halt);
            Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "local-broker-sigterm"));
            System.out.println("bootstrap.servers=" + broker.bootstrapServers());
            System.out.flush();
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "\nusage: LocalBroker <directory> [<port> [<key>=<value> ...]]");
            System.exit(2);
        } catch (IllegalStateException | UncheckedIOException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
        while (System.in.read() >= 0) {
            // input is ignored
        }
        System.exit(0);
    }

    private static Map<String, String> settings(String[] args) {
        Map<String, String> settings = new HashMap<>();
        for (int i = 2; i < args.length; i++) {
            String[] setting = args[i].split("=", 2);
            if (setting.length != 2) {
                throw new IllegalArgumentException("\"" + args[i] + "\" is not a setting of the form key=value");
            }
            settings.put(setting[0], setting[1]);
        }
        return settings;
    }

    /** A failed node may not shut down cleanly; its log is safe after a kill. */
    private static void halt() {
        Runtime.getRuntime().halt(1);
    }
}
