package io.millrace.topology.intake;

import io.millrace.config.MillraceConfig;
import io.millrace.topology.cluster.AuthErrors;
import io.millrace.topology.cluster.ClusterNotReadyException;
import io.millrace.topology.cluster.LostTopic;
import io.millrace.topology.cluster.TransientErrors;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.errors.ApplicationRecoverableException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies the records of all partitions of the examples into the learning log, merged by event time ({@link PartitionMerge}). Training learns
 * in the order of this log, so its weights are a function of one topic. Of all instances of an application, one copies and the others stand
 * by.
 */
public final class Intake {
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration LAST_MOMENT = Duration.ofMillis(200);

    private final MillraceConfig config;
    private final Runnable onFault;
    private final Thread thread = new Thread(this::run, "intake");
    private IntakeSession session; // guarded by this
    private volatile boolean running = true;

    /**
     * @param config checked configuration
     * @param onFault called when a fault that does not pass ends the intake; it has logged why
     */
    public Intake(MillraceConfig config, Runnable onFault) {
        this.config = config;
        this.onFault = onFault;
        thread.setDaemon(true);
    }

    /** Returns at once. */
    public void start() {
        thread.start();
    }

    private void run() {
        while (running) {
            try {
                runSession();
            } catch (RuntimeException e) {
                if (running && !passes(e)) {
                    running = false;
                    onFault.run();
                }
            } catch (Error e) { // for instance a library that cannot be loaded
                running = false;
                LOG.error("Stopping: {}", AuthErrors.sentence(e).orElse(String.valueOf(e.getMessage())), e);
                onFault.run();
                throw e;
            }
        }
    }

    private void runSession() {
        try (IntakeSession opened = new IntakeSession(config)) {
            synchronized (this) {
                session = opened;
            }
            opened.run(() -> running);
            opened.requireTopic();
        } catch (WakeupException e) {
            LOG.debug("Stopping");
        } finally {
            synchronized (this) {
                session = null;
            }
        }
    }

    /** Logs a fault, and says whether another session may go on. */
    private boolean passes(RuntimeException fault) {
        if (isFenced(fault)) {
            LOG.info("Another instance has taken over the intake: {}", fault.getMessage());
            pause();
            return true;
        }
        Optional<String> refusal = AuthErrors.sentence(fault)
                .or(() -> LostTopic.sentence(fault, config.topics().examples()))
                .or(() -> unknownStart(fault));
        if (refusal.isPresent()) {
            LOG.error("Stopping: {}", refusal.get());
            return false;
        }
        Optional<String> passing = TransientErrors.sentence(fault);
        if (passing.isPresent()) {
            LOG.warn("{}, the intake tries again", passing.get());
            pause();
            return true;
        }
        LOG.error("Stopping: {}", fault.getMessage(), fault);
        return false;
    }

    private static Optional<String> unknownStart(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof ClusterNotReadyException) {
                return Optional.of(cause.getMessage());
            }
        }
        return Optional.empty();
    }

    /** The brokers refuse a member or a producer that was replaced. */
    private static boolean isFenced(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof CommitFailedException
                    || cause instanceof FencedInstanceIdException
                    || cause instanceof ApplicationRecoverableException) {
                return true;
            }
        }
        return false;
    }

    private void pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Metrics of its consumer; empty while it has none. */
    public Map<MetricName, ? extends Metric> metrics() {
        synchronized (this) {
            return session == null ? Map.of() : session.metrics();
        }
    }

    /** Begins to stop, and returns at once. */
    public void stop() {
        running = false;
        synchronized (this) {
            if (session != null) {
                session.wakeup();
            }
        }
    }

    /**
     * Waits for the end after {@link #stop}. A wait for brokers that do not answer is interrupted after a while.
     *
     * @return whether it has ended in that time
     */
    public boolean awaitEnd(Duration timeout) throws InterruptedException {
        long patience = Math.min(PATIENCE.toMillis(), timeout.toMillis());
        thread.join(Math.max(1, patience));
        if (thread.isAlive()) {
            thread.interrupt();
            thread.join(Math.max(LAST_MOMENT.toMillis(), timeout.toMillis() - patience));
        }
        return !thread.isAlive();
    }
}
