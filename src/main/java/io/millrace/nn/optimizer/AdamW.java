package io.millrace.nn.optimizer;

import io.millrace.nn.algorithm.Hyperparameter;
import io.millrace.nn.algorithm.Options;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, 2019): {@link Adam}, and weights (not biases) also lose
 * {@code eps weightDecay th}, with {@code th} as it was before the step. Keeps two arrays, as Adam.
 *
 * @param adam the moments and their bias correction
 * @param weightDecay part of a weight that a unit learning rate takes away, {@code >= 0}
 */
public record AdamW(Adam adam, double weightDecay) implements Optimizer {
    /** {@value}. */
    public static final String NAME = "adamw";

    /** {@value}. */
    public static final double DEFAULT_WEIGHT_DECAY = 0.01;

    /** Checks the range. */
    public AdamW {
        Hyperparameter.requireNotNegative("weight_decay", weightDecay);
    }

    static AdamW of(Options options) {
        return new AdamW(Adam.of(options), options.number("weight_decay", DEFAULT_WEIGHT_DECAY));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int moments() {
        return adam.moments();
    }

    @Override
    public void update(
            float[] parameters, float[] gradient, float[][] moments, int from, int to, float learningRate, long step) {
        adam.update(parameters, gradient, moments, from, to, learningRate, step);
    }
}
