package io.millrace.cluster;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A file system of its own, in memory, that can be filled to the last byte. Unmounted when it is closed, or the JVM ends. */
final class SmallDisk implements AutoCloseable {
    private final Path mountPoint;
    private final Path filler;
    private final Thread whenKilled = new Thread(this::unmountAtAnyRate);

    private SmallDisk(Path mountPoint) {
        this.mountPoint = mountPoint;
        filler = mountPoint.resolve("filler");
        Runtime.getRuntime().addShutdownHook(whenKilled);
    }

    /** Skips the test where nothing can be mounted. */
    static SmallDisk mount(Path mountPoint, String size) throws IOException, InterruptedException {
        Files.createDirectories(mountPoint);
        String refusal = run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", mountPoint.toString());
        Assumptions.assumeTrue(
                refusal.isEmpty(),
                "skipped: a full disk needs the right to mount a file system, as root has: " + refusal);
        return new SmallDisk(mountPoint);
    }

    Path path() {
        return mountPoint;
    }

    /** Takes all room that is left, and fails when a byte can still be written. */
    void fill() throws IOException {
        try (OutputStream out = Files.newOutputStream(filler)) {
            byte[] page = new byte[4096];
            while (true) {
                out.write(page);
            }
        } catch (IOException full) {
            // that was the last page
        }
        try {
            Files.write(mountPoint.resolve("one-more"), new byte[1]);
            throw new AssertionError("the disk is not full");
        } catch (IOException full) {
            Files.deleteIfExists(mountPoint.resolve("one-more"));
        }
    }

    void makeRoom() throws IOException {
        Files.delete(filler);
    }

    /** All that is there, directories too, but for what fills it. */
    List<Path> content() throws IOException {
        try (Stream<Path> all = Files.walk(mountPoint)) {
            return all.filter(path -> !path.equals(mountPoint) && !path.equals(filler))
                    .toList();
        }
    }

    private void unmountAtAnyRate() {
        try {
            run("umount", "-l", mountPoint.toString());
        } catch (IOException | InterruptedException e) {
            System.err.println("still mounted: " + mountPoint);
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        String refusal = run("umount", mountPoint.toString());
        if (!refusal.isEmpty()) {
            unmountAtAnyRate();
            throw new AssertionError("it is still in use: " + refusal);
        }
        Runtime.getRuntime().removeShutdownHook(whenKilled);
    }

    /** @return what it complains of; empty when it has succeeded */
    private static String run(String... command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            return "there is no command " + command[0];
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return process.waitFor() == 0 ? "" : output + " (exit code " + process.exitValue() + ")";
    }
}
