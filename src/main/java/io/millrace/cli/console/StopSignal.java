package io.millrace.cli.console;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a command end in order when the process is stopped (SIGTERM, Ctrl-C): the JVM waits until the command has closed
 * this object.
 */
public final class StopSignal implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook;

    /** @param onSignal makes the command return; runs on another thread */
    public StopSignal(Runnable onSignal) {
        hook = new Thread(
                () -> {
                    onSignal.run();
                    awaitClosed();
                },
                "stop");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void awaitClosed() {
        try {
            closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the JVM is stopping, and the hook waits for this call
        }
    }
}
