package io.millrace.nn.network;

import io.millrace.nn.layer.Block;
import io.millrace.nn.layer.Layout;
import java.util.OptionalDouble;

/**
 * The curvature of the objective along its gradient {@code g}, from the second-order Taylor series (Goodfellow, Bengio and Courville,
 * "Deep Learning", 2016, section 4.3.1): a step of {@code eps} changes the objective by {@code -eps g'g + 1/2 eps^2 g'Hg}.
 *
 * @param gradientSquared {@code g'g}, the squared length of the gradient, before clipping
 * @param alongGradient {@code g'Hg / g'g}, the second derivative in the direction of the gradient: negative where the objective curves
 *     down; NaN where the gradient is zero
 */
public record Curvature(double gradientSquared, double alongGradient) {
    /** The value if the gradient is too large for a step. */
    static final Curvature UNKNOWN = new Curvature(Double.NaN, Double.NaN);

    /**
     * The curvature along a gradient.
     *
     * @param layout of both
     * @param gradient {@code g}, padded
     * @param product {@code H g}, of the same layout
     */
    static Curvature of(Layout layout, float[] gradient, float[] product) {
        double squared = dot(layout, gradient, gradient);
        return new Curvature(squared, dot(layout, gradient, product) / squared);
    }

    /**
     * The learning rate of plain gradient descent that minimises the objective of this mini-batch, according to the Taylor series:
     * {@code g'g / g'Hg} (ibid., equation 4.10). Absent if {@code g'Hg <= 0}, because then the series has no minimum and any step decreases
     * it. Also absent if the gradient is zero or NaN.
     */
    public OptionalDouble optimalStep() {
        double step = 1 / alongGradient;
        return alongGradient > 0 && step > 0 && step < Double.POSITIVE_INFINITY
                ? OptionalDouble.of(step)
                : OptionalDouble.empty();
    }

    /** Products of floats are exact in double; the sum has one fixed order, the canonical one. */
    private static double dot(Layout layout, float[] x, float[] y) {
        double sum = 0;
        for (int b = 0; b < layout.blocks().size(); b++) { // by index: an iterator is an allocation
            Block block = layout.blocks().get(b);
            for (int i = 0; i < block.rows(); i++) {
                for (int j = 0; j < block.width(); j++) {
                    int at = block.index(i, j);
                    sum += (double) x[at] * y[at];
                }
            }
        }
        return sum;
    }
}
