package io.millrace.nn.layer;

import io.millrace.nn.algorithm.Algorithm;
import io.millrace.nn.algorithm.Hyperparameter;
import io.millrace.nn.algorithm.NumberRange;
import java.util.Map;

/**
 * Batch normalisation (Ioffe and Szegedy, 2015) of each unit of a layer, {@code y = gamma (z - mu) / sqrt(var + delta) + beta}. The positions of a
 * channel are one unit, of which a row has several numbers.
 * In training {@code mu} and {@code var} are the mean and the biased ({@code 1/B}) variance of the mini-batch, where each row counts
 * once, whatever its weight. In evaluation they are running averages, which start at 0 and 1 and are updated once a step,
 * {@code running <- (1 - momentum) running + momentum batch}. {@code gamma} and {@code beta} are trained, start at 1 and 0 and have
 * no penalties and no weight decay. The running averages are state of the network: a checkpoint and a snapshot hold them.
 *
 * <p>A training batch of one row has no variance to divide by. It is normalised with the running averages, as in evaluation; the gradient
 * treats them as constants, and they are not updated. So with a batch size of 1 they stay at 0 and 1, and only a scale and a shift of each
 * unit remain: use batches of at least 2, better 16 or more.
 *
 * @param momentum weight of a new batch in the running averages, in (0, 1]
 * @param delta keeps the denominator from zero, {@code > 0}
 * @param unbiased whether the variance enters the running average as {@code var B / (B - 1)} (PyTorch) rather than as {@code var}, where {@code B}
 *     is how many numbers the batch has for the unit
 */
public record BatchNorm(double momentum, double delta, boolean unbiased) {
    private static final Hyperparameter<Double> MOMENTUM = Hyperparameter.number(
            "momentum", 0.1, NumberRange.PART, "weight of a new mini-batch in the running averages.");

    private static final Hyperparameter<Double> DELTA =
            Hyperparameter.number("delta", 1e-5, NumberRange.POSITIVE, "keeps the divisor away from zero.");

    private static final Hyperparameter<Boolean> UNBIASED = Hyperparameter.flag(
            "unbiased",
            true,
            "whether variances enter the running averages as estimates of the stream's, B / (B - 1) times the"
                    + " mini-batch's.");

    /** The description of its options. */
    public static final Algorithm<BatchNorm> ALGORITHM = new Algorithm<>(
            "batch_norm",
            "normalises the units of a layer by the mean and variance of each mini-batch.",
            options -> new BatchNorm(options.get(MOMENTUM), options.get(DELTA), options.get(UNBIASED)),
            MOMENTUM,
            DELTA,
            UNBIASED);

    /** Batch normalisation with the default of each option. */
    public static final BatchNorm DEFAULT = ALGORITHM.with(Map.of());

    /** Checks the ranges. */
    public BatchNorm {
        MOMENTUM.require(momentum);
        DELTA.require(delta);
    }
}
