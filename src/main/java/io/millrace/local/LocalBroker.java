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
 * <p>Listens on 127.0.0.1 only. Its topics, offsets and transactions are in one directory: a broker that is started on the same
 * directory again, after {@link #close} or after the JVM was killed, goes on from there. Topics are not created by being used.
 *
 * <p>Assembled from the parts that {@link KafkaRaftServer} assembles, rather than by that class, for two reasons: its fault
 * handlers end the JVM, where ours log; and it binds its ports itself, where ours are bound before ({@link BoundSockets}).
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
     * Starts the node and returns when it accepts clients: about two seconds on a new directory.
     *
     * @param directory where it keeps its data; created if absent
     * @param port for clients, of 127.0.0.1; 0 takes the one that this directory's broker had last, if it is free, else any
     *     free one. The controller's port is always a free one.
     * @param overrides broker settings that differ from the small defaults, by their Kafka names
     * @throws UncheckedIOException if the port is taken or the directory cannot be written
     * @throws IllegalArgumentException if an override would break the one-node set-up
     * @throws IllegalStateException if the node does not start, say because another one runs on the directory
     */
    public static LocalBroker start(Path directory, int port, Map<String, String> overrides) {
        return start(directory, port, overrides, false, () -> {});
    }

    /**
     * As {@link #start(Path, int, Map)}, with a second listener of {@code SASL_SSL} on a free port, whose certificate, mechanisms
     * and authorizer are among the overrides. The first one stays open without a login, for the node itself: whoever reaches it is
     * {@code User:ANONYMOUS}, which the node needs as a super user.
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
        } catch (Exception e) { // not RuntimeException: Scala code throws checked exceptions undeclared
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

    /** Where the broker keeps its data, as an absolute path. */
    public Path directory() {
        return directory.path();
    }

    /**
     * Stops the node cleanly and leaves its directory. Returns after 20 seconds at the latest, with a warning in the log if parts
     * of the node still run then; usually within one. Further calls do nothing.
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
     * A broker in a JVM of its own. Prints the line {@code bootstrap.servers=127.0.0.1:PORT} on standard output when it accepts
     * clients, and logs to standard error. Stops on SIGTERM, and when standard input closes, that is, when the process that
     * started it ends. Ends with code 1 if it does not start, 2 if the arguments are wrong.
     *
     * @param args the directory, then optionally the port (0: any free one), then broker settings as {@code key=value}
     */
    public static void main(String[] args) throws IOException {
        Locale.setDefault(Locale.ROOT); // Kafka's broker spells names by the default one
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
            // whatever is typed is of no interest
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

    /** A node that has failed cannot be relied on to shut down cleanly; its log is safe to be found as it is. */
    private static void halt() {
        Runtime.getRuntime().halt(1);
    }
}
