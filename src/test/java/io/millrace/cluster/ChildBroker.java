package io.millrace.cluster;

import io.millrace.local.LocalBroker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A broker in a JVM of its own, that can be killed and started again on its port and directory. */
final class ChildBroker implements AutoCloseable {
    private final Path directory;
    private Process process;
    private String bootstrapServers;

    private ChildBroker(Path directory) {
        this.directory = directory;
    }

    static ChildBroker start(Path directory) throws IOException {
        ChildBroker broker = new ChildBroker(directory);
        broker.start();
        return broker;
    }

    void start() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                LocalBroker.class.getName(),
                directory.toString(),
                "0")); // the port it had before
        Cluster.QUICK.forEach((key, value) -> command.add(key + "=" + value));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String line =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
        if (line == null) {
            throw new AssertionError("the broker did not start on " + directory);
        }
        String address = line.substring(line.indexOf('=') + 1);
        if (bootstrapServers != null && !bootstrapServers.equals(address)) {
            throw new AssertionError("the broker moved from " + bootstrapServers + " to " + address);
        }
        bootstrapServers = address;
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM: it shuts down in order. */
    void stop() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }

    /** SIGSTOP: connections stay, and nobody answers. */
    void standStill() {
        signal("STOP");
    }

    /** SIGCONT. */
    void goOn() {
        signal("CONT");
    }

    private void signal(String signal) {
        try {
            new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
