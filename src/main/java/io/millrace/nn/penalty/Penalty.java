package io.millrace.nn.penalty;

/** A term that the objective adds to the loss for large weights. Biases have no penalty. Implementations are immutable values. */
public interface Penalty {
    /** The penalty on {@code weights[from..to)}. */
    double value(float[] weights, int from, int to);

    /** Adds its derivative to {@code gradient[from..to)}, which has the layout of the weights. Allocates nothing. */
    void addGradient(float[] weights, float[] gradient, int from, int to);

    /** Adds the product of its Hessian with {@code direction[from..to)} to {@code product[from..to)}. Allocates nothing. */
    void addHessianProduct(float[] direction, float[] product, int from, int to);
}
