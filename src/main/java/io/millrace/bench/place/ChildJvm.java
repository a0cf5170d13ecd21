package io.millrace.bench.place;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A Java process with this one's class path, to which lines are sent and which answers in lines. Its program must end when its standard input closes, and
 * so it ends whenever this JVM ends.
 */
public final class ChildJvm implements AutoCloseable {
    private static final long STOP_TIMEOUT_SECONDS = 10;

    private final Process process;
    private final PrintStream input;
    private final BlockingQueue<Optional<String>> answers =
            new LinkedBlockingQueue<>(); // empty: there will be no other

    private ChildJvm(Process process, String prefix) {
        this.process = process;
        input = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        Thread reader = new Thread(() -> read(prefix), "output-of-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts a process.
     *
     * @param options of the JVM
     * @param program its main class
     * @param arguments of the program
     * @param errors where its standard error goes
     * @param prefix with which an answer begins; all other lines of standard output are ignored
     */
    public static ChildJvm start(
            List<String> options,
            Class<?> program,
            List<String> arguments,
            ProcessBuilder.Redirect errors,
            String prefix)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(arguments);
        return new ChildJvm(new ProcessBuilder(command).redirectError(errors).start(), prefix);
    }

    /** Reads to the end, so that the process never blocks. */
    private void read(String prefix) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(prefix)) {
                    answers.add(Optional.of(line.substring(prefix.length())));
                }
            }
        } catch (IOException e) {
            // the process was killed
        }
        answers.add(Optional.empty());
    }

    /** Sends a line. A process that has ended does not get it. */
    public void send(String line) {
        input.println(line);
    }

    /**
     * Waits for the next answer.
     *
     * @return the line without its prefix
     * @throws IOException when the process ends before it answers, or has not answered in time
     */
    public String answer(Duration timeout) throws IOException, InterruptedException {
        Optional<String> answer = answers.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
        if (answer == null) {
            throw new IOException("it did not answer within " + timeout.toSeconds() + " s");
        }
        return answer.orElseThrow(() -> new IOException("it ended"));
    }

    /** Kills the process. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
