package io.millrace.cli.command;

import io.millrace.topology.MillraceStreams;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One role of {@code run}, on threads of its own: neither its start, which may wait for brokers and registry, nor its end holds up another
 * role.
 */
final class RunningRole {
    private static final Logger LOG = LoggerFactory.getLogger(RunningRole.class);

    private final String name;
    private final Supplier<KafkaStreams> made;
    private final Runnable onEnd;
    private final Thread starting;
    private final CountDownLatch ended = new CountDownLatch(1);
    private KafkaStreams application; // guarded by this; null: not made yet
    private boolean stopping; // guarded by this
    private RuntimeException refusal; // guarded by this; why it could not start
    private boolean failed; // guarded by this

    /**
     * @param name as the log calls it
     * @param made checks what must be checked and makes the application
     * @param onEnd told when the role cannot start, or has stopped by itself
     */
    RunningRole(String name, Supplier<KafkaStreams> made, Runnable onEnd) {
        this.name = name;
        this.made = made;
        this.onEnd = onEnd;
        starting = daemon(this::startApplication, "start-" + name);
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true); // the process ends without it
        return thread;
    }

    /** Returns at once. */
    void start() {
        starting.start();
    }

    private void startApplication() {
        try {
            KafkaStreams streams = made.get();
            streams.setStateListener(this::heed);
            synchronized (this) {
                if (stopping) {
                    return;
                }
                application = streams;
            }
            streams.start(); // serving's fails when it may not read the snapshots
        } catch (RuntimeException e) {
            refuse(e);
        } catch (Error e) { // a library that cannot be loaded, say
            refuse(new IllegalStateException(e));
            throw e;
        }
    }

    private void heed(State now, State before) {
        LOG.info("{}: {} -> {}", name, before, now);
        if (now == State.PENDING_ERROR || now == State.ERROR) {
            synchronized (this) {
                failed |= !stopping;
            }
            onEnd.run();
        }
    }

    private void refuse(RuntimeException why) {
        synchronized (this) {
            if (!stopping) {
                refusal = why;
            }
        }
        onEnd.run();
    }

    /**
     * Stops in order: a start under way is given up, the application commits and leaves its group. Returns at once.
     *
     * @param time how long to wait for threads that do not end
     */
    void stop(Duration time) {
        KafkaStreams streams;
        synchronized (this) {
            stopping = true;
            streams = application;
        }
        starting.interrupt();
        daemon(
                        () -> {
                            if (streams == null || MillraceStreams.stop(streams, time)) {
                                ended.countDown();
                            }
                        },
                        "stop-" + name)
                .start();
    }

    /** @return whether all has ended, after so long at most */
    boolean awaitEnd(Duration time) throws InterruptedException {
        return ended.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * @return whether it has stopped by itself
     * @throws RuntimeException why it could not start, if it could not
     */
    synchronized boolean hasFailed() {
        if (refusal != null) {
            throw refusal;
        }
        return failed;
    }

    @Override
    public String toString() {
        return name;
    }
}
