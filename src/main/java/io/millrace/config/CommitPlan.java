package io.millrace.config;

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

    private CommitPlan() {}

    /** Time between two commits, ms. */
    static long intervalMs(LearnerSettings learner) {
        long ms = bytes(learner) * 1000 / BYTES_PER_SECOND * SHARE;
        return Math.max(LEAST_MS, Math.min(MOST_MS, ms));
    }

    /** Time after which a broker may take a transaction for abandoned, ms: a commit must fit in, and a crash blocks a partition so long. */
    static long transactionTimeoutMs(long intervalMs) {
        return Math.max(10_000, 2 * intervalMs);
    }

    /** Parameters, moments, and the copies that the guard, early stopping and the snapshot have. */
    private static long bytes(LearnerSettings learner) {
        int moments = switch (learner.optimizer()) {
            case "sgd" -> 0;
            case "adam", "adamw" -> 2;
            default -> 1;
        };
        int copies = 2 + moments + (learner.guardConsecutive() > 0 ? 1 : 0) + (learner.patience() > 0 ? 1 : 0);
        return copies * NetworkSize.of(learner).parameters() * Float.BYTES;
    }
}
