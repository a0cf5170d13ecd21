package io.millrace.nn.schedule;

import io.millrace.nn.algorithm.Hyperparameter;
import io.millrace.nn.algorithm.Options;

/**
 * Linear warm-up, then half a cosine down to a floor (Loshchilov and Hutter, "SGDR", 2017, without restarts; warm-up as in Goyal
 * et al., 2017). After {@code k} updates: {@code peak (k + 1) / warmUp} while {@code k < warmUp}; then
 * {@code last + (peak - last) (1 + cos(pi a)) / 2} with {@code a = min((k - warmUp) / tau, 1)}. Options: {@code rate} is
 * {@code peak}, {@code last_rate} is a hundredth of it by default, {@code warm_up} is 0 by default, {@code tau} has no default.
 *
 * @param peak the largest rate, {@code > 0}: that of update {@code warmUp}
 * @param last rate from update {@code warmUp + tau} on, {@code > 0}, at most {@code peak}
 * @param warmUp updates until the peak, {@code >= 0}
 * @param tau updates from the peak to the floor, {@code >= 1}
 */
public record CosineDecay(double peak, double last, long warmUp, long tau) implements Schedule {
    /** {@value}. */
    public static final String NAME = "cosine";

    /** Checks the ranges. */
    public CosineDecay {
        Hyperparameter.requireRate("rate", peak);
        Hyperparameter.requireRate("last_rate", last);
        Hyperparameter.requireAtMost("last_rate", last, "rate", peak);
        if (warmUp < 0) {
            throw new IllegalArgumentException("warm_up = " + warmUp + " is out of range: give at least 0");
        }
        Hyperparameter.requireCount("tau", tau);
    }

    static CosineDecay of(Options options) {
        double peak = options.number("rate");
        return new CosineDecay(
                peak,
                options.number("last_rate", DEFAULT_LAST_PART * peak),
                options.count("warm_up", 0),
                options.count("tau"));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public float learningRate(long updates) {
        if (updates < warmUp) {
            return Math.max((float) (peak * (updates + 1) / warmUp), Float.MIN_NORMAL);
        }
        double a = Math.min((double) (updates - warmUp) / tau, 1);
        // StrictMath: Math.cos may differ in the last bit between platforms
        return (float) (last + (peak - last) * 0.5 * (1 + StrictMath.cos(StrictMath.PI * a)));
    }
}
