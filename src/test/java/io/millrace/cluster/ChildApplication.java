package io.millrace.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code millrace run} in a JVM of its own, that can be killed. */
public final class ChildApplication implements AutoCloseable {
    private final Process process;
    private final Path log;
    private final long logStart;

    private ChildApplication(Process process, Path log, long logStart) {
        this.process = process;
        this.log = log;
        this.logStart = logStart;
    }

    /** Starts {@code millrace ARGUMENTS} with these settings in a file given as --config. */
    public static ChildApplication run(Path directory, Map<String, String> settings, String... arguments)
            throws IOException {
        return run(directory, settings, Map.of(), List.of(), arguments);
    }

    /** As above, with variables in the environment and further options of the JVM. */
    public static ChildApplication run(
            Path directory,
            Map<String, String> settings,
            Map<String, String> environment,
            List<String> options,
            String... arguments)
            throws IOException {
        // instances of one application differ in their state directory
        String name = Path.of(settings.get("state.dir")).getFileName().toString();
        Path config = directory.resolve(name + ".properties");
        Properties properties = new Properties();
        properties.putAll(settings);
        try (var out = Files.newOutputStream(config)) {
            properties.store(out, null);
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", // starts quickly; the bits are the same
                "-Dmillrace.kernels=scalar", // without C2, the vector kernels would be warmed up in vain
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(options);
        command.add("io.millrace.cli.Millrace");
        command.addAll(List.of(arguments));
        command.addAll(List.of("--config", config.toString()));
        Path log = directory.resolve(name + ".log");
        long logStart = Files.exists(log) ? Files.size(log) : 0;
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        return new ChildApplication(builder.start(), log, logStart);
    }

    /** SIGKILL: the process has no moment to clean up. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** SIGTERM, and what it exits with. */
    public int terminate() throws InterruptedException {
        process.destroy();
        return exitCode();
    }

    /** SIGINT, as Ctrl-C, and what it exits with. */
    public int interrupt() throws IOException, InterruptedException {
        signal("-INT");
        return exitCode();
    }

    public int exitCode() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("the child does not end: " + output());
        }
        return process.exitValue();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** SIGSTOP: the process stands still, and does not know. */
    public void freeze() throws IOException, InterruptedException {
        signal("-STOP");
    }

    /** SIGCONT: the process goes on where it stood. */
    public void thaw() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", name, String.valueOf(process.pid()))
                .start()
                .waitFor();
        if (code != 0) {
            throw new AssertionError("kill " + name + " exited with " + code);
        }
    }

    /** The most memory that it has had, as the operating system tells it. */
    public String peakMemory() {
        try (Stream<String> lines = Files.lines(Path.of("/proc", String.valueOf(process.pid()), "status"))) {
            return lines.filter(line -> line.startsWith("VmHWM"))
                    .findFirst()
                    .map(line -> "peak memory " + line.replaceAll("\\D+(\\d+) kB", "$1 KiB"))
                    .orElse("peak memory unknown");
        } catch (IOException e) {
            return "peak memory unknown";
        }
    }

    public void awaitOutput(String text) {
        Cluster.await("\"" + text + "\" of the child\n" + output(), () -> output().contains(text));
    }

    /** What it has written so far, on both streams. */
    public String output() {
        try {
            byte[] all = Files.readAllBytes(log);
            return new String(all, (int) logStart, all.length - (int) logStart, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
