package io.millrace.nn.network;

import java.util.Arrays;

/**
 * One layer's batch normalisation along a direction: Pearlmutter's R applied to the formulas of {@link BatchNormPass}, forward and
 * backward, with the memory between the two; for one thread. {@code R(x)} is the derivative of {@code x} along the direction. Sums run
 * over the rows in increasing order, in double.
 *
 * <p>With {@code n} for the normal, {@code s} for the inverse deviation and means over the rows,
 * {@code R(s) = -s^2 q} where {@code q = mean(n R(z))}, and {@code R(n) = s (R(z) - mean(R(z)) - n q)}. One row has constants for mean and
 * deviation: then {@code R(s) = 0} and {@code R(n) = s R(z)}.
 */
final class BatchNormTangentPass {
    private final BatchNormPass batch;
    private final int stride;
    private final int gammaOffset; // beta follows
    private final float[] gradient; // dy [maxRows x stride], which the batch keeps
    private final float[] normal; // R(n) [maxRows x stride]
    private final double[] relative; // R(s) / s [stride]
    private final double[] sums; // [stride]
    private final double[] products; // [stride]
    private final double[] tangentSums; // [stride]
    private final double[] tangentProducts; // [stride]

    /** From now on the batch keeps its gradients. */
    BatchNormTangentPass(BatchNormPass batch, int stride, int gammaOffset) {
        this.batch = batch;
        this.stride = stride;
        this.gammaOffset = gammaOffset;
        this.gradient = batch.keepGradient();
        this.normal = new float[gradient.length];
        this.relative = new double[stride];
        this.sums = new double[stride];
        this.products = new double[stride];
        this.tangentSums = new double[stride];
        this.tangentProducts = new double[stride];
    }

    /** The gradient by what the normalisation put out, of the last backward pass; {@code [maxRows x stride]}. */
    float[] gradient() {
        return gradient;
    }

    /**
     * Replaces {@code R(z)} by {@code R(y) = R(gamma) n + gamma R(n) + R(beta)}.
     *
     * @param v the direction, laid out as the parameters: {@code R(gamma)} and {@code R(beta)}
     * @param z {@code R(z)} {@code [rows x stride]}
     */
    void forward(float[] parameters, float[] v, float[] z, int rows) {
        float[] n = batch.normal();
        float[] s = batch.inverseDeviations();
        Arrays.fill(tangentSums, 0);
        Arrays.fill(tangentProducts, 0);
        if (rows > 1) {
            sum(z, n, rows, tangentSums, tangentProducts);
        }
        for (int j = 0; j < stride; j++) {
            tangentSums[j] /= rows;
            tangentProducts[j] /= rows;
            relative[j] = -s[j] * tangentProducts[j];
        }
        int betaOffset = gammaOffset + stride;
        for (int i = 0; i < rows; i++) {
            for (int j = 0, at = i * stride; j < stride; j++, at++) {
                normal[at] = (float) ((z[at] - tangentSums[j] - n[at] * tangentProducts[j]) * s[j]);
                float shifted = Math.fma(v[gammaOffset + j], n[at], v[betaOffset + j]);
                z[at] = Math.fma(parameters[gammaOffset + j], normal[at], shifted);
            }
        }
    }

    /**
     * Replaces {@code R(dy)} by {@code R(dz)}, and writes {@code R} of the gradients by {@code gamma} and {@code beta}:
     * {@code sum_i R(dy) n + dy R(n)} and {@code sum_i R(dy)}.
     *
     * <p>{@code dz = gamma s w} with {@code w = dy - mean(dy) - n mean(dy n)}, so
     * {@code R(dz) = s (R(gamma) + gamma R(s) / s) w + gamma s R(w)} and
     * {@code R(w) = R(dy) - mean(R(dy)) - R(n) mean(dy n) - n mean(R(dy) n + dy R(n))}; without the means for one row.
     *
     * @param dy {@code R(dy)} {@code [rows x stride]}
     * @param product laid out as the parameters
     */
    void backward(float[] parameters, float[] v, float[] dy, int rows, float[] product) {
        float[] n = batch.normal();
        float[] s = batch.inverseDeviations();
        Arrays.fill(sums, 0);
        Arrays.fill(products, 0);
        Arrays.fill(tangentSums, 0);
        Arrays.fill(tangentProducts, 0);
        sum(gradient, n, rows, sums, products);
        sum(dy, n, rows, tangentSums, tangentProducts);
        for (int i = 0; i < rows; i++) {
            for (int j = 0, at = i * stride; j < stride; j++, at++) {
                tangentProducts[j] += (double) gradient[at] * normal[at];
            }
        }
        int betaOffset = gammaOffset + stride;
        for (int j = 0; j < stride; j++) {
            product[gammaOffset + j] = (float) tangentProducts[j];
            product[betaOffset + j] = (float) tangentSums[j];
        }
        double share = rows == 1 ? 0 : 1.0 / rows;
        for (int i = 0; i < rows; i++) {
            for (int j = 0, at = i * stride; j < stride; j++, at++) {
                double gamma = parameters[gammaOffset + j];
                double w = gradient[at] - share * (sums[j] + n[at] * products[j]);
                double tangent =
                        dy[at] - share * (tangentSums[j] + normal[at] * products[j] + n[at] * tangentProducts[j]);
                double scaled = (v[gammaOffset + j] + gamma * relative[j]) * w;
                dy[at] = (float) ((scaled + gamma * tangent) * s[j]);
            }
        }
    }

    /** Adds {@code sum_i x} and {@code sum_i x n}. */
    private void sum(float[] x, float[] n, int rows, double[] sums, double[] products) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0, at = i * stride; j < stride; j++, at++) {
                sums[j] += x[at];
                products[j] += (double) x[at] * n[at];
            }
        }
    }
}
