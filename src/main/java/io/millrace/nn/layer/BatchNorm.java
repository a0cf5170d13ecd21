package io.millrace.nn.layer;

import io.millrace.nn.algorithm.Hyperparameter;
import io.millrace.nn.algorithm.Options;
import java.util.Map;

/**
 * Batch normalisation (Ioffe and Szegedy, 2015) of each unit of a layer, {@code y = gamma (z - mu) / sqrt(var + delta) + beta}.
 * In training {@code mu} and {@code var} are the mean and the biased ({@code 1/B}) variance of the mini-batch, each row counting
 * once whatever its weight; in evaluation they are running averages, which start at 0 and 1 and move once a step,
 * {@code running <- (1 - momentum) running + momentum batch}. {@code gamma} and {@code beta} are trained, start at 1 and 0 and are
 * free of penalties and weight decay. The running averages are state of the network: a checkpoint and a snapshot hold them.
 *
 * <p>A training batch of one row has no variance to divide by: it is normalised with the running averages, as in evaluation,
 * the gradient takes them for constants, and it does not move them. So with a batch size of 1 they stay at 0 and 1 for ever and
 * what is left is a scale and a shift of each unit: give batches of at least 2, better 16 and more.
 *
 * @param momentum weight of a new batch in the running averages, in (0, 1]
 * @param delta keeps the denominator from zero, {@code > 0}
 * @param unbiased whether the variance enters the running average as {@code var B / (B - 1)} (PyTorch) rather than as {@code var}
 */
public record BatchNorm(double momentum, double delta, boolean unbiased) {
    /** {@value}. */
    public static final double DEFAULT_MOMENTUM = 0.1;

    /** {@value}. */
    public static final double DEFAULT_DELTA = 1e-5;

    /** {@value}. */
    public static final boolean DEFAULT_UNBIASED = true;

    /** Checks the ranges. */
    public BatchNorm {
        Hyperparameter.requirePart("momentum", momentum);
        Hyperparameter.requireRate("delta", delta);
    }

    /**
     * Batch normalisation with these options.
     *
     * @param given as text by name: {@code momentum}, {@code delta}, {@code running_var} ({@code unbiased} or {@code biased});
     *     absent ones take their default
     * @throws IllegalArgumentException if an option or a value is unknown
     */
    public static BatchNorm of(Map<String, String> given) {
        Options options = new Options("batch norm", given);
        BatchNorm made = new BatchNorm(
                options.number("momentum", DEFAULT_MOMENTUM),
                options.number("delta", DEFAULT_DELTA),
                options.either("running_var", "unbiased", "biased", DEFAULT_UNBIASED));
        options.rejectUnknown();
        return made;
    }
}
