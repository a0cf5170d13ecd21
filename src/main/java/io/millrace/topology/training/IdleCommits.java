package io.millrace.topology.training;

import io.millrace.config.CommitPlan;
import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.processor.api.ProcessingContext;

/**
 * Commits before {@code commit.interval.ms} has passed, in time that a stream thread does not need to learn: as soon as it has waited long
 * enough for records since its last commit ({@link CommitPlan#idleMs}). So examples of a stream that the learner keeps up with are soon in
 * predictions, and a learner that is behind waits for no more commits than the interval asks for. A broker that is slow makes the commits
 * longer and thereby the waiting shorter. A configured interval is kept: then there are no other commits.
 *
 * <p>Each stream thread has its own account here, which its consumer and its tasks keep: a commit is of all tasks of a thread.
 */
public final class IdleCommits {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final boolean allowed;
    private final LongSupplier clock; // ns; does not advance while the calling thread computes
    private final ThreadLocal<Account> accounts = ThreadLocal.withInitial(Account::new);

    private static final class Account {
        long pollsAt;
        long waited; // ns since the last commit
        long written; // bytes of the last commit
        boolean polled; // since the last commit
        ProcessingContext due; // of a task that has something to commit; null: none has
    }

    public IdleCommits(MillraceConfig config) {
        this(!StreamsProperties.fixesCommits(config), IdleCommits::asleep);
    }

    /** @param clock time of the calling thread in which it does not compute, ns */
    IdleCommits(boolean allowed, LongSupplier clock) {
        this.allowed = allowed;
        this.clock = clock;
    }

    private static long asleep() {
        return System.nanoTime() - (THREADS.isCurrentThreadCpuTimeSupported() ? THREADS.getCurrentThreadCpuTime() : 0);
    }

    /** The consumer of the calling thread begins to poll. */
    void polling() {
        accounts.get().pollsAt = clock.getAsLong();
    }

    /** The consumer of the calling thread has polled. A poll may take long because of many records: that is no waiting. */
    void polled() {
        Account account = accounts.get();
        account.waited += Math.max(0, clock.getAsLong() - account.pollsAt);
        account.polled = true;
        commitIfIdle(account);
    }

    /** A task of the calling thread has something to commit, which it had not before. */
    void changed(ProcessingContext task) {
        Account account = accounts.get();
        account.due = task;
        commitIfIdle(account);
    }

    private void commitIfIdle(Account account) {
        if (allowed && account.due != null && account.waited >= CommitPlan.idleMs(account.written) * 1_000_000) {
            account.due.commit(); // asks Kafka Streams to do it as soon as the current call has returned
            account.due = null;
        }
    }

    /**
     * A commit writes what a task of the calling thread has learned.
     *
     * @param bytes what it writes
     */
    void committed(long bytes) {
        Account account = accounts.get();
        if (account.polled) { // otherwise the same commit has written another task
            account.polled = false;
            account.waited = 0;
            account.written = 0;
        }
        account.written += bytes;
        account.due = null;
    }

    /** A task of the calling thread ends. */
    void closed(ProcessingContext task) {
        Account account = accounts.get();
        account.due = account.due == task ? null : account.due;
    }
}
