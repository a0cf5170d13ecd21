package io.millrace.bench.place;

import io.millrace.bench.workload.BenchException;
import io.millrace.local.LocalBroker;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A {@link LocalBroker} in a separate JVM, so that its heap and its garbage collector do not affect the measurement. */
final class BrokerProcess implements AutoCloseable {
    private static final String HEAP = "-Xmx384m";
    private static final String READY = "bootstrap.servers=";
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

    private final ChildJvm jvm;
    private final String bootstrapServers;

    private BrokerProcess(ChildJvm jvm, String bootstrapServers) {
        this.jvm = jvm;
        this.bootstrapServers = bootstrapServers;
    }

    /**
     * Starts a broker on a free port and returns when it accepts clients.
     *
     * @param directory for its data and its log
     * @throws BenchException when it does not start
     */
    static BrokerProcess start(Path directory) {
        Path log = directory.resolve("broker.log");
        ChildJvm jvm = null;
        BrokerProcess broker = null;
        try {
            jvm = ChildJvm.start(
                    List.of(HEAP),
                    LocalBroker.class,
                    List.of(directory.resolve("broker").toString()),
                    Redirect.to(log.toFile()),
                    READY);
            broker = new BrokerProcess(jvm, jvm.answer(START_TIMEOUT));
            return broker;
        } catch (IOException e) {
            throw new BenchException("The broker for the benchmark did not start: " + reason(log, e) + ".", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("Interrupted while the broker started.", e);
        } finally {
            if (broker == null && jvm != null) {
                jvm.close();
            }
        }
    }

    /** The last error that the broker has printed, if any. */
    private static String reason(Path log, Exception fault) {
        try {
            return Files.readAllLines(log).stream()
                    .filter(line -> line.startsWith("Exception in thread") || line.startsWith("Error"))
                    .findFirst()
                    .orElse(fault.toString());
        } catch (IOException e) {
            return fault.toString();
        }
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    /** Kills the broker: its data is no longer needed. */
    @Override
    public void close() {
        jvm.close();
    }
}
