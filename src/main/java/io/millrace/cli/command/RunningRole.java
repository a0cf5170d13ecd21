package io.millrace.cli.command;

import io.millrace.topology.Application;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.KafkaStreams.State;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One role of {@code run}, on its own threads: neither its start, which may wait for brokers and registry, nor its stop
 * delays the other role.
 */
final class RunningRole {
    private static final Logger LOG = LoggerFactory.getLogger(RunningRole.class);

    private final String name;
    private final Supplier<Application> made;
    private final Runnable onEnd;
    private final CountDownLatch ended = new CountDownLatch(1);
    private Thread starting; // guarded by this; the latest start
    private Application application; // guarded by this; null: not created yet
    private boolean stopping; // guarded by this
    private RuntimeException refusal; // guarded by this; why the start failed
    private boolean failed; // guarded by this

    /**
     * @param name the role's name in the log
     * @param made makes the necessary checks and creates the application
     * @param onEnd called when the role cannot start, or has stopped by itself
     */
    RunningRole(String name, Supplier<Application> made, Runnable onEnd) {
        this.name = name;
        this.made = made;
        this.onEnd = onEnd;
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true); // does not keep the process alive
        return thread;
    }

    /** Returns at once. */
    synchronized void start() {
        starting = daemon(this::startApplication, "start-" + name);
        starting.start();
    }

    private void startApplication() {
        try {
            Application next = made.get();
            next.listen((now, before) -> heed(next, now, before));
            synchronized (this) {
                if (stopping) {
                    return;
                }
                application = next;
            }
            next.start(); // fails for serving without the right to read the snapshots
        } catch (RuntimeException e) {
            refuse(e);
        } catch (Error e) { // for instance a library that cannot be loaded
            refuse(new IllegalStateException(e));
            throw e;
        }
    }

    private void heed(Application changed, State now, State before) {
        LOG.info("{}: {} -> {}", name, before, now);
        if (changed.isOutgrown()) {
            if (now == State.ERROR) {
                start();
            }
        } else if (now == State.PENDING_ERROR || now == State.ERROR) {
            synchronized (this) {
                failed |= !stopping;
            }
            onEnd.run();
        }
    }

    /** A fault of a start that is stopped is not its reason, unless the application failed before: then the state changes first. */
    private void refuse(RuntimeException why) {
        synchronized (this) {
            if (!stopping || failed) {
                refusal = why;
            }
        }
        onEnd.run();
    }

    /**
     * Stops in order: cancels a start in progress; the application commits and leaves its group. Returns at once.
     *
     * @param time how long to wait for threads that do not end
     */
    void stop(Duration time) {
        Application running;
        Thread failing;
        synchronized (this) {
            stopping = true;
            running = application;
            failing = failed ? starting : null;
            if (!failed) {
                starting.interrupt();
            }
        }
        daemon(
                        () -> {
                            if ((running == null || running.stop(time)) && hasEnded(failing, time)) {
                                ended.countDown();
                            }
                        },
                        "stop-" + name)
                .start();
    }

    /** Waits for a start that fails: only its end tells why. */
    private static boolean hasEnded(Thread start, Duration time) {
        try {
            if (start != null) {
                start.join(time.toMillis());
            }
            return start == null || !start.isAlive();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** @return whether everything has ended within the given time */
    boolean awaitEnd(Duration time) throws InterruptedException {
        return ended.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized Application application() {
        return application;
    }

    private State state() {
        Application running = application();
        return running == null ? State.CREATED : running.state();
    }

    /** {@return Kafka's metrics of its application; empty before there is one} */
    Map<MetricName, Metric> metrics() {
        Application running = application();
        return running == null ? Map.of() : running.metrics();
    }

    /** {@return why the role neither runs nor takes over partitions, as a sentence; null if it does. A restore is no death} */
    String notLive() {
        State state = state();
        if (state == State.CREATED) {
            return this + " has not started yet: it waits for the brokers, the topics or the registry.";
        }
        return state.isRunningOrRebalancing()
                ? null
                : this + " stops or has stopped (" + state + "); its log says why.";
    }

    /** {@return why the role cannot do its work yet, as a sentence; null if it can} */
    String notReady() {
        return state() == State.REBALANCING ? this + " takes over partitions or restores its state." : notLive();
    }

    /**
     * @return whether the role has stopped by itself
     * @throws RuntimeException the reason why the role could not start, if it could not
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
