package io.millrace.config;

import io.millrace.learner.spec.LearnerSpec;

/**
 * How often training commits unless configured. A commit writes the whole learner and a snapshot, and learning waits for it; what came
 * after the last one is learned again after a crash. So a small network commits each second, and a large one so rarely that
 * writing takes about a tenth of the time.
 */
final class CommitPlan {
    private static final long LEAST_MS = 1000;
    private static final long MOST_MS = 60_000;

    /** Measured with 10 million parameters on two cores shared with the broker: bytes a second, from the arrays to the end of the commit. */
    private static final long BYTES_PER_SECOND = 50_000_000;

    private static final int SHARE = 10;

    /** Some platforms kill a process 10 s after they have told it to stop; and what has not answered by then is away. */
    private static final long STOP_MS = 4000;

    private CommitPlan() {}

    /** Time between two commits, ms. */
    static long intervalMs(LearnerSpec learner) {
        return Math.max(LEAST_MS, Math.min(MOST_MS, writingMs(learner) * SHARE));
    }

    private static long writingMs(LearnerSpec learner) {
        return bytes(learner) * 1000 / BYTES_PER_SECOND;
    }

    /** Time in which an application that is told to stop must have done so, its last commit included, ms; twice what that takes. */
    static long stopMs(LearnerSpec learner) {
        return STOP_MS + 2 * writingMs(learner);
    }

    /** Time after which a broker may take a transaction for abandoned, ms: a commit must fit in, and a crash blocks a partition so long. */
    static long transactionTimeoutMs(long intervalMs) {
        return Math.max(10_000, 2 * intervalMs);
    }

    /** Parameters, moments, and the copies that the guard, early stopping and the snapshot have. */
    private static long bytes(LearnerSpec learner) {
        int copies = 2
                + learner.optimization().optimizer().moments()
                + (learner.guard().maxConsecutive() > 0 ? 1 : 0)
                + (learner.validation().stopsEarly() ? 1 : 0);
        return copies * NetworkSize.of(learner.architecture()).parameters() * Float.BYTES;
    }
}
