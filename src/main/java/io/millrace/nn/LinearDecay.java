package io.millrace.nn;

/**
 * Linear decay to a floor, {@code (1 - a) first + a last} with {@code a = min(k / tau, 1)} after {@code k} updates (Goodfellow et
 * al., "Deep Learning", equation 8.14).
 *
 * @param first rate of the first update, {@code > 0}
 * @param last rate from update {@code tau} on, {@code > 0}
 * @param tau updates that the decay takes, {@code >= 1}
 */
public record LinearDecay(double first, double last, long tau) implements Schedule {
    /** Checks the ranges. */
    public LinearDecay {
        Hyperparameter.requirePositive("first learning rate", first);
        Hyperparameter.requirePositive("last learning rate", last);
        if (tau < 1) {
            throw new IllegalArgumentException("tau = " + tau + " is out of range: give at least 1 update");
        }
    }

    @Override
    public float learningRate(long updates) {
        double a = Math.min((double) updates / tau, 1);
        return (float) ((1 - a) * first + a * last);
    }
}
