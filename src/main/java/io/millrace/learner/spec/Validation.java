package io.millrace.learner.spec;

/**
 * Settings of the evaluation, and of early stopping, which depends on it. Of the numbers of examples and reports, more than {@value #MOST} count as
 * that many, so that no count overflows.
 *
 * @param reportExamples examples between two reports
 * @param fading weight of the past in faded means, in [0, 1)
 * @param holdoutFraction fraction of the stream that {@code HoldoutSampler} keeps out of training, in [0, 1)
 * @param patience reports without gain that {@code EarlyStopping} tolerates; 0: no early stopping
 * @param minGain how far a validation loss must be below the best one to be a gain; not negative, 0 without early stopping
 * @param curvatureEvery one in this many reports carries the curvature; 0: none
 */
public record Validation(
        int reportExamples, double fading, double holdoutFraction, int patience, double minGain, int curvatureEvery) {
    private static final int MOST = 1_000_000_000;

    /** Checks the ranges. */
    public Validation {
        require(reportExamples >= 1, "reportExamples", reportExamples, "at least 1");
        require(fading >= 0 && fading < 1, "fading", fading, "a number in [0, 1)");
        require(holdoutFraction >= 0 && holdoutFraction < 1, "holdoutFraction", holdoutFraction, "a number in [0, 1)");
        require(patience >= 0, "patience", patience, "at least 0");
        require(minGain >= 0 && Double.isFinite(minGain), "minGain", minGain, "a number of at least 0");
        require(patience > 0 || minGain == 0, "minGain", minGain, "0, or a patience of at least 1");
        require(curvatureEvery >= 0, "curvatureEvery", curvatureEvery, "at least 0");
        reportExamples = Math.min(reportExamples, MOST);
        patience = Math.min(patience, MOST);
        curvatureEvery = Math.min(curvatureEvery, MOST);
    }

    /** Without the curvature. */
    public Validation(int reportExamples, double fading, double holdoutFraction, int patience, double minGain) {
        this(reportExamples, fading, holdoutFraction, patience, minGain, 0);
    }

    /** Without holdout and early stopping. */
    public Validation(int reportExamples, double fading) {
        this(reportExamples, fading, 0, 0, 0);
    }

    /** @return whether examples are held out */
    public boolean holdsOut() {
        return holdoutFraction > 0;
    }

    /** @return whether the learner keeps the best weights, which are then served */
    public boolean stopsEarly() {
        return patience > 0;
    }

    private static void require(boolean valid, String name, Number value, String range) {
        if (!valid) {
            throw new IllegalArgumentException(name + " = " + value + " is out of range: give " + range);
        }
    }
}
