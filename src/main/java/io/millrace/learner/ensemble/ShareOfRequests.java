package io.millrace.learner.ensemble;

/**
 * How many requests a task gets for each example that is learned: both are counted from version to version, and older ones count less. Tells at
 * which rate the statistics of the requests must move to remember as much of the stream as the short statistics in training do.
 */
final class ShareOfRequests {
    private static final double FORGET = 0.999; // for each example
    private static final double NO_REQUEST = 0.5; // counts as many
    private static final double LEAST = 0.001;
    private static final double MOST_STEPS = 33; // more of them would forget everything
    private static final double LARGE = 0.25;

    private double share = 1;
    private boolean known;
    private double examples;
    private double requests;
    private long since; // requests since the last version

    /** Counts a request. */
    void request() {
        since++;
    }

    /** Counts the examples that a version has learned since the last one. */
    void learned(long newExamples) {
        if (newExamples <= 0) {
            return;
        }
        double keep = Math.pow(FORGET, newExamples);
        examples = keep * examples + newExamples;
        requests = keep * requests + since;
        since = 0;
        share = Math.max(LEAST, Math.max(requests, NO_REQUEST) / examples);
        known = true;
    }

    /** Requests for each example, at least {@value #LEAST}; 1 until the second version. */
    double share() {
        return share;
    }

    /** Whether it has been counted. */
    boolean known() {
        return known;
    }

    /** Whether so many rows have a request that the requests tell how many rows there were. */
    boolean large() {
        return share >= LARGE;
    }

    /** Minimum weight of a request in the short statistics: that of all rows that it stands for. */
    double rate() {
        return share * MOST_STEPS < 1 ? Views.FAST : 1 - Math.pow(1 - Views.FAST, 1 / Math.min(1, share));
    }
}
