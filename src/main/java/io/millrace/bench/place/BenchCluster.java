package io.millrace.bench.place;

import io.millrace.bench.workload.BenchException;
import io.millrace.bench.workload.Workload;
import io.millrace.config.MillraceConfig;
import io.millrace.local.LocalRegistry;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.startup.ClusterCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * The cluster of the benchmark: its own broker process and registry, or an existing cluster. Everything that it creates
 * has one unique name and is deleted by {@link #close}.
 */
public final class BenchCluster implements AutoCloseable {
    private final String name = "millrace-bench-" + UUID.randomUUID().toString().substring(0, 8);
    private final Path directory;
    private final AtomicBoolean closed = new AtomicBoolean();
    private BrokerProcess broker; // null: an existing cluster
    private LocalRegistry registry;
    private String bootstrapServers;
    private String registryUrl;
    private volatile MillraceConfig used; // a returned one, for access to the existing cluster
    private volatile boolean reached;

    private BenchCluster() {
        try {
            directory = Files.createTempDirectory("millrace-bench");
        } catch (IOException e) {
            throw new BenchException("A temporary directory cannot be created: " + e.getMessage() + ".", e);
        }
    }

    /**
     * Starts a broker in another JVM and a registry in this one.
     *
     * @return the cluster
     * @throws BenchException when one of them does not start
     */
    public static BenchCluster local() {
        BenchCluster cluster = new BenchCluster();
        try {
            cluster.broker = BrokerProcess.start(cluster.directory);
            cluster.bootstrapServers = cluster.broker.bootstrapServers();
            cluster.registry = LocalRegistry.start(0, null);
            cluster.registryUrl = cluster.registry.url();
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /**
     * Uses an existing cluster.
     *
     * @param bootstrapServers brokers, host:port
     * @param registryUrl schema registry
     * @return the cluster
     */
    public static BenchCluster outside(String bootstrapServers, String registryUrl) {
        BenchCluster cluster = new BenchCluster();
        cluster.bootstrapServers = bootstrapServers;
        cluster.registryUrl = registryUrl;
        return cluster;
    }

    /** See {@link BenchPlace#config}. */
    public MillraceConfig config(Workload workload, String pass) {
        used = place().config(workload, pass);
        return used;
    }

    /** @return what a process needs to measure here, too */
    public BenchPlace place() {
        return new BenchPlace(name, directory.toString(), bootstrapServers, registryUrl);
    }

    /**
     * Creates the topics of a pass.
     *
     * @param config from {@link #config}
     * @param serdes for its registry
     * @throws io.millrace.topology.cluster.ClusterNotReadyException when the cluster cannot be used
     */
    public void prepare(MillraceConfig config, AvroSerdes serdes) {
        new ClusterCheck(config).prepare(serdes);
        reached = true;
    }

    /** @throws BenchException when the examples would not fit on the disk of the local broker */
    public void requireRoomFor(long bytes) {
        if (broker == null) {
            return;
        }
        try {
            long room = Files.getFileStore(directory).getUsableSpace();
            if (bytes > room) {
                throw new BenchException(String.format(
                        Locale.ROOT,
                        "The examples need %,d MB in %s, which has %,d MB left: give fewer --examples, or another"
                                + " directory with -Djava.io.tmpdir.",
                        bytes >> 20,
                        directory.getParent(),
                        room >> 20));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Leaves nothing behind: kills the local broker, or deletes what was created on the existing cluster. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        if (broker != null) {
            broker.close();
        } else if (used != null) {
            new Traces(name, used).delete(reached);
        }
        if (registry != null) {
            registry.close();
        }
        deleteDirectory();
    }

    private void deleteDirectory() {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            System.err.println("millrace: " + directory + " could not be deleted: " + e.getMessage() + ".");
        }
    }
}
