package io.millrace.nn.optimizer;

import io.millrace.nn.algorithm.Algorithm;
import io.millrace.nn.algorithm.Hyperparameter;
import io.millrace.nn.algorithm.NumberRange;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, 2019): {@link Adam}, and also {@code lr weightDecay w} is subtracted from the
 * weights (not the biases), with {@code w} as it was before the step. Keeps two arrays, as Adam does.
 *
 * @param adam the moments and their bias correction
 * @param weightDecay fraction of a weight that a step with learning rate 1 subtracts, {@code >= 0}
 */
public record AdamW(Adam adam, double weightDecay) implements Optimizer {
    /** {@value}. */
    public static final String NAME = "adamw";

    static final Hyperparameter<Double> WEIGHT_DECAY = Hyperparameter.number(
            "weight_decay",
            0.01,
            NumberRange.RATE_OR_NONE,
            "fraction of each weight that a step subtracts, times the learning rate.");

    static final Algorithm<Optimizer> ALGORITHM = new Algorithm<>(
            NAME,
            "adam with weight decay that does not go through the gradient.",
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
