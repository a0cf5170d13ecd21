package io.millrace.cli;

import io.millrace.cluster.Cluster;
import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** A command that shows something until it is stopped, run in this JVM. */
final class Looking implements AutoCloseable {
    private final StringWriter shown = new StringWriter();
    private final Thread thread;

    Looking(String... arguments) {
        CommandLine commandLine = Millrace.commandLine();
        commandLine.setOut(new PrintWriter(shown, true));
        commandLine.setErr(new PrintWriter(shown, true));
        thread = new Thread(() -> commandLine.execute(arguments), "looking");
        thread.start();
    }

    /** What it has printed so far. */
    String shown() {
        return shown.toString();
    }

    void await(String text) {
        Cluster.await("\"" + text + "\" in what is shown", () -> {
            if (!thread.isAlive() && !shown().contains(text)) {
                throw new AssertionError("the command ended: " + shown());
            }
            return shown().contains(text);
        });
    }

    @Override
    public void close() throws InterruptedException {
        thread.interrupt();
        thread.join();
    }
}
