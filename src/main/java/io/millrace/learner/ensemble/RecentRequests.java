package io.millrace.learner.ensemble;

import io.millrace.feature.InputLayout;
import io.millrace.feature.InputRow;
import io.millrace.learner.input.FeatureStatistics;

/**
 * The short statistics of the features that a task moves with its own requests, and the last {@value #LENGTH} requests, which enter the statistics
 * of each new version if they are newer than it. Allocates nothing after construction.
 */
final class RecentRequests {
    private static final int LENGTH = 128;

    private final int features;
    private final double[] rows; // [LENGTH x features], a ring
    private final long[] times; // [LENGTH]
    private final double[] row; // [features]
    private final FeatureStatistics statistics;
    private long entered;
    private long newest;
    private boolean learned; // whether the row with that time has been found
    private long newer;

    /** @param layout of declared features; null for {@code Example}s */
    RecentRequests(InputLayout layout, int features) {
        this.features = features;
        rows = new double[LENGTH * features];
        times = new long[LENGTH];
        row = new double[features];
        statistics = FeatureStatistics.of(layout, features, Views.FAST);
    }

    /**
     * Takes a version's statistics, then enters the requests that are newer than it. If all of them are, their own statistics know more, and stay.
     *
     * @param rate minimum weight of a request
     */
    void follow(EnsembleModel version, double rate) {
        newest = version.newestTime();
        long first = Math.max(0, entered - LENGTH);
        startCounting();
        for (long i = first; i < entered; i++) {
            newer += isNewer(times[slot(i)]) ? 1 : 0;
        }
        if (newer == LENGTH) {
            return;
        }
        statistics.set(version.counts(), version.fastMeans(), version.fastVariances());
        startCounting();
        for (long i = first; i < entered; i++) {
            if (isNewer(times[slot(i)])) {
                newer++;
                System.arraycopy(rows, slot(i) * features, row, 0, features);
                statistics.update(row, rate);
            }
        }
    }

    private void startCounting() {
        newer = 0;
        learned = false;
    }

    /**
     * Whether a request is newer than the version's newest example. Of several with the time of that example one is its own. The others may be
     * newer: where times are coarse, a version would seem to have learned a row that it has not.
     */
    private boolean isNewer(long time) {
        if (time == newest && !learned) {
            learned = true;
            return false;
        }
        return time >= newest;
    }

    private static int slot(long request) {
        return (int) (request % LENGTH);
    }

    /**
     * Enters a request. It is newer than the version, whatever its time is, because it was answered by it.
     *
     * @param rate minimum weight in the statistics
     */
    void enter(InputRow request, long time, double rate) {
        int slot = slot(entered);
        float[] values = request.features();
        for (int j = 0; j < features; j++) {
            row[j] = values == null ? request.numbers()[j] : values[j];
        }
        System.arraycopy(row, 0, rows, slot * features, features);
        times[slot] = time;
        statistics.update(row, rate);
        entered++;
        newer++;
    }

    /** The short statistics, live. */
    FeatureStatistics statistics() {
        return statistics;
    }

    /** Whether there were no requests so far. */
    boolean none() {
        return entered == 0;
    }

    /** Whether no request is newer than the version. */
    boolean noneNewer() {
        return newer == 0;
    }
}
