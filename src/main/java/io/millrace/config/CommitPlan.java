package io.millrace.config;

import io.millrace.learner.spec.EnsembleSize;
import io.millrace.learner.spec.LearnerKind;
import io.millrace.learner.spec.LearnerSpec;

/**
 * How often training commits by default. A commit writes what has changed of the learner, and a snapshot, and learning waits for it. After
 * a crash, everything since the last commit is learned again. A learner that is busy commits every half second, or less often if it is
 * large, so that writing takes about a tenth of the time. While it waits for records, commits delay nothing and follow sooner, so that
 * predictions know the examples: then writing takes about a tenth of the waiting.
 */
public final class CommitPlan {
    private static final long LEAST_MS = 500;
    /** Commits that follow more closely would make more versions than anybody sees. */
    private static final long LEAST_IDLE_MS = 100;

    private static final long MOST_MS = 60_000;

    /** {@code transaction.max.timeout.ms} of brokers by default. */
    private static final long BROKERS_MOST_MS = 900_000;

    /** Bytes per second from the arrays to the end of the commit, measured with 10 million parameters on two cores shared with the broker. */
    private static final long BYTES_PER_SECOND = 50_000_000;

    private static final int SHARE = 10;

    /** Some platforms kill a process 10 s after they told it to stop. Stopping must finish well before that. */
    private static final long STOP_MS = 4000;

    private CommitPlan() {}

    /** Time between two commits, ms. */
    static long intervalMs(LearnerSpec learner) {
        return Math.max(LEAST_MS, Math.min(MOST_MS, writingMs(learner) * SHARE));
    }

    /**
     * How long a stream thread waits for records between two commits, ms.
     *
     * @param written bytes that a commit writes
     */
    public static long idleMs(long written) {
        return Math.max(LEAST_IDLE_MS, writingMs(written) * SHARE);
    }

    private static long writingMs(LearnerSpec learner) {
        return writingMs(bytes(learner));
    }

    private static long writingMs(long bytes) {
        return bytes * 1000 / BYTES_PER_SECOND;
    }

    /** Time limit for stopping an application, its last commit included, in ms. It allows twice the time that this commit should take. */
    static long stopMs(LearnerSpec learner) {
        return STOP_MS + 2 * writingMs(learner);
    }

    /**
     * Time after which a broker may abort an open transaction, in ms. It must be long enough for a commit. It should not be longer than
     * that, because after a crash the partition stays blocked for this time. Brokers refuse more than {@value #BROKERS_MOST_MS} ms unless they are
     * configured to take it, so an interval below that does not ask for more.
     */
    static long transactionTimeoutMs(long intervalMs) {
        long most = intervalMs < BROKERS_MOST_MS ? BROKERS_MOST_MS : Integer.MAX_VALUE; // the timeout is an integer
        return Math.max(10_000, Math.min(most, 2 * Math.min(most, intervalMs)));
    }

    /** Bytes of the parameters, the moments, and the copies that the guard, early stopping and the snapshot keep. */
    private static long bytes(LearnerSpec learner) {
        if (learner.kind() == LearnerKind.ENSEMBLE) {
            EnsembleSize size = EnsembleSize.of(learner);
            return (size.checkpoint() + size.snapshot()) * Float.BYTES;
        }
        int copies = 2
                + learner.optimization().optimizer().moments()
                + (learner.guard().maxConsecutive() > 0 ? 1 : 0)
                + (learner.validation().stopsEarly() ? 1 : 0);
        return copies * NetworkSize.of(learner.architecture()).parameters() * Float.BYTES;
    }
}
