package io.millrace.bench;

import io.millrace.local.LocalBroker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A {@link LocalBroker} in a separate JVM, so that its heap and its garbage collector do not affect the measurement. It
 * ends when its standard input closes, and therefore whenever this JVM ends.
 */
final class BrokerProcess implements AutoCloseable {
    private static final String HEAP = "-Xmx384m";
    private static final String READY = "bootstrap.servers=";
    private static final long START_TIMEOUT_SECONDS = 60;
    private static final long STOP_TIMEOUT_SECONDS = 10;

    private final Process process;
    private final String bootstrapServers;

    private BrokerProcess(Process process, String bootstrapServers) {
        this.process = process;
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
        Process process = null;
        try {
            process = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            HEAP,
                            "-cp",
                            System.getProperty("java.class.path"),
                            LocalBroker.class.getName(),
                            directory.resolve("broker").toString()))
                    .redirectError(log.toFile())
                    .start();
            return new BrokerProcess(process, ready(process).get(START_TIMEOUT_SECONDS, TimeUnit.SECONDS));
        } catch (IOException | ExecutionException | TimeoutException e) {
            stop(process);
            throw new BenchException("The broker for the benchmark did not start: " + reason(log, e) + ".", e);
        } catch (InterruptedException e) {
            stop(process);
            Thread.currentThread().interrupt();
            throw new BenchException("Interrupted while the broker started.", e);
        }
    }

    /** Reads the broker's output to its end, so that the broker never blocks; completes with its address. */
    private static CompletableFuture<String> ready(Process process) {
        CompletableFuture<String> address = new CompletableFuture<>();
        Thread reader = new Thread(
                () -> {
                    try (BufferedReader lines = new BufferedReader(
                            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                            if (line.startsWith(READY)) {
                                address.complete(line.substring(READY.length()));
                            }
                        }
                    } catch (IOException e) {
                        address.completeExceptionally(e);
                    }
                    address.completeExceptionally(new IOException("it ended"));
                },
                "broker-output");
        reader.setDaemon(true);
        reader.start();
        return address;
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
        stop(process);
    }

    private static void stop(Process process) {
        if (process == null) {
            return;
        }
        process.destroyForcibly();
        try {
            process.waitFor(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
