package io.millrace.cli.console;

import org.jline.utils.Signals;

/** Makes Ctrl-C the regular end of a command that only looks, instead of the end of the JVM. */
public final class Interrupt implements AutoCloseable {
    private static final String NAME = "INT";

    private final Object former;

    /** @param onSignal makes the command return; runs on another thread */
    public Interrupt(Runnable onSignal) {
        former = Signals.register(NAME, onSignal);
    }

    @Override
    public void close() {
        Signals.unregister(NAME, former);
    }
}
