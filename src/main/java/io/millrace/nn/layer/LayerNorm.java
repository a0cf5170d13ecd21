package io.millrace.nn.layer;

import io.millrace.nn.algorithm.NumberRange;
import java.math.BigDecimal;

/**
 * Layer normalisation (Ba, Kiros and Hinton, 2016): the channels of a position get the mean 0 and the variance 1, and then a scale and a shift for each
 * channel, {@code y = gamma (x - mean) / sqrt(var + delta) + beta}. Mean and biased variance are those of the position itself, in training as in
 * predictions, so they do not depend on the batch. {@code gamma} and {@code beta} are trained, start at 1 and 0 and have no penalties and no weight decay.
 *
 * @param in shape of a row of inputs, with at least 2 channels; numbers without a place are the channels of one position
 * @param delta keeps the denominator from zero, {@code > 0}
 */
public record LayerNorm(Shape in, double delta) implements LayerKind {
    private static final double DELTA = 1e-5;

    /** How it is written. */
    public static final LayerForm FORM = new LayerForm(
            "norm",
            "norm, norm(delta=0.001)",
            false,
            (arguments, in) -> new LayerNorm(in, arguments.positive("delta", DELTA)));

    /** With the usual delta, 1e-5. */
    public LayerNorm(Shape in) {
        this(in, DELTA);
    }

    /** Checks the ranges. */
    public LayerNorm {
        NumberRange.POSITIVE.require("delta", delta);
        if (in.channels() < 2) {
            throw new IllegalArgumentException("what enters is " + in
                    + ", one number at each position, which would always become 0: normalise at least 2");
        }
    }

    @Override
    public Shape output() {
        return in;
    }

    @Override
    public int units() {
        return in.size();
    }

    @Override
    public long parameters(long inputs) {
        return 2L * in.channels();
    }

    /** For the variance, the scale of the deviation and that of the channel. */
    @Override
    public long multiplications(long inputs) {
        return 3L * in.size();
    }

    @Override
    public Node node(Context context) {
        in.requireInputs(context.inputs(), this);
        return new LayerNormNode(context, this);
    }

    @Override
    public String written() {
        return delta == DELTA
                ? FORM.name()
                : FORM.name() + "(delta=" + BigDecimal.valueOf(delta).toPlainString() + ")";
    }

    @Override
    public String toString() {
        return LayerForm.shaped(this, in);
    }
}
