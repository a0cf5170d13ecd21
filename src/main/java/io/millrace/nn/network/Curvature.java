package io.millrace.nn.network;

import java.util.OptionalDouble;

/**
 * How the objective bends along its gradient {@code g}, from the second-order Taylor series along it (Goodfellow, Bengio and Courville,
 * "Deep Learning", 2016, section 4.3.1): a step of {@code eps} changes the objective by {@code -eps g'g + 1/2 eps^2 g'Hg}.
 *
 * @param gradientSquared {@code g'g}, the squared length of the gradient, before clipping
 * @param alongGradient {@code g'Hg / g'g}, the second derivative in the direction of the gradient: negative where the objective bends
 *     down; NaN where the gradient is zero
 */
public record Curvature(double gradientSquared, double alongGradient) {
    /** Where the gradient is too large for a step. */
    static final Curvature UNKNOWN = new Curvature(Double.NaN, Double.NaN);

    /**
     * The curvature along a gradient.
     *
     * @param gradient {@code g}, padded
     * @param product {@code H g}, of the same layout
     */
    static Curvature of(float[] gradient, float[] product) {
        double squared = dot(gradient, gradient);
        return new Curvature(squared, dot(gradient, product) / squared);
    }

    /**
     * The learning rate of plain gradient descent that makes the objective of this mini-batch smallest, as far as the Taylor series holds:
     * {@code g'g / g'Hg} (ibid., equation 4.10). Absent where {@code g'Hg <= 0}: there the series has no smallest value, and any step
     * goes down; also where the gradient is zero or no number.
     */
    public OptionalDouble optimalStep() {
        double step = 1 / alongGradient;
        return alongGradient > 0 && step > 0 && step < Double.POSITIVE_INFINITY
                ? OptionalDouble.of(step)
                : OptionalDouble.empty();
    }

    /** Products of floats are exact in double; the sum has one fixed order. */
    private static double dot(float[] x, float[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += (double) x[i] * y[i];
        }
        return sum;
    }
}
