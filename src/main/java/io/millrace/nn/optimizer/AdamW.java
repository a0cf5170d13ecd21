package io.millrace.nn.optimizer;

import io.millrace.nn.algorithm.Algorithm;
import io.millrace.nn.algorithm.Hyperparameter;
import io.millrace.nn.algorithm.NumberRange;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, 2019): {@link Adam}, and weights (not biases) also lose
 * {@code lr weightDecay w}, with {@code w} as it was before the step. Keeps two arrays, as Adam.
 *
 * @param adam the moments and their bias correction
 * @param weightDecay part of a weight that a unit learning rate takes away, {@code >= 0}
 */
public record AdamW(Adam adam, double weightDecay) implements Optimizer {
    /** {@value}. */
    public static final String NAME = "adamw";

    static final Hyperparameter<Double> WEIGHT_DECAY = Hyperparameter.number(
            "weight_decay",
            0.01,
            NumberRange.RATE_OR_NONE,
            "share of each weight that a step takes away, times the learning rate.");

    static final Algorithm<Optimizer> ALGORITHM = new Algorithm<>(
            NAME,
            "adam with a decay of the weights apart from the gradient.",
            options -> new AdamW(Adam.of(options), options.get(WEIGHT_DECAY)),
            Adam.BETA1,
            Adam.BETA2,
            Adam.EPSILON,
            WEIGHT_DECAY);

    /** Checks the range. */
    public AdamW {
        WEIGHT_DECAY.require(weightDecay);
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
