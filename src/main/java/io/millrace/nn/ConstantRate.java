package io.millrace.nn;

/**
 * One learning rate for ever: what a drifting stream needs.
 *
 * @param rate {@code > 0}
 */
public record ConstantRate(double rate) implements Schedule {
    /** Checks the range. */
    public ConstantRate {
        Hyperparameter.requirePositive("learning rate", rate);
    }

    @Override
    public float learningRate(long updates) {
        return (float) rate;
    }
}
