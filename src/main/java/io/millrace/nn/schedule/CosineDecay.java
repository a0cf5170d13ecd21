package io.millrace.nn.schedule;

import io.millrace.nn.algorithm.Algorithm;
import io.millrace.nn.algorithm.Hyperparameter;
import io.millrace.nn.algorithm.NumberRange;

/**
 * Linear warm-up, then half a cosine down to a floor (Loshchilov and Hutter, "SGDR", 2017, without restarts; warm-up as in Goyal
 * et al., 2017). After {@code k} updates: {@code peak (k + 1) / warmUp} while {@code k < warmUp}; then
 * {@code last + (peak - last) (1 + cos(pi a)) / 2} with {@code a = min((k - warmUp) / tau, 1)}.
 *
 * @param peak the largest rate, {@code > 0}: that of update {@code warmUp}
 * @param last rate from update {@code warmUp + tau} on, {@code > 0}, at most {@code peak}
 * @param warmUp updates until the peak, {@code >= 0}
 * @param tau updates from the peak to the floor, {@code >= 1}
 */
public record CosineDecay(double peak, double last, long warmUp, long tau) implements Schedule {
    /** {@value}. */
    public static final String NAME = "cosine";

    static final Hyperparameter<Long> TAU =
            Hyperparameter.count("tau", MANY_STEPS, NumberRange.atLeast(1), "steps until the end.");

    static final Hyperparameter<Long> WARM_UP = Hyperparameter.count(
            "warm_up", 0, NumberRange.atLeast(0), "steps at the start in which the rate rises from near zero.");

    static final Algorithm<Schedule> ALGORITHM = new Algorithm<>(
            NAME,
            "falls along half a cosine to a hundredth.",
            options -> of(options.get(RATE), options.get(WARM_UP), options.get(TAU)),
            RATE,
            TAU,
            WARM_UP);

    /** Checks the ranges. */
    public CosineDecay {
        RATE.require(peak);
        NumberRange.RATE.require("last", last);
        NumberRange.requireAtMost("last", last, "peak", peak);
        WARM_UP.require(warmUp);
        TAU.require(tau);
    }

    private static CosineDecay of(double peak, long warmUp, long tau) {
        return new CosineDecay(peak, Schedule.last(peak), warmUp, tau);
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
