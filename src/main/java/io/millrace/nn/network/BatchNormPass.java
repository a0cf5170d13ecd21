package io.millrace.nn.network;

import io.millrace.nn.optimizer.Optimizer;
import java.util.Arrays;

/**
 * One layer's batch normalisation in training, forward and backward, with the memory between the two; for one thread. The
 * formulas are at {@link BatchNorm}. Sums run over the rows in increasing order, in double.
 */
final class BatchNormPass {
    private final BatchNorm batchNorm;
    private final int stride;
    private final int gammaOffset; // in the parameters and in the gradient; beta follows
    private final int meanOffset; // in the state; the variance follows
    private final float[] normal; // [maxRows x stride]: (z - mean) * inverseDeviations
    private final float[] means; // [stride], of the batch
    private final float[] variances; // [stride], of the batch, biased
    private final float[] inverseDeviations; // [stride]
    private final double[] sums; // [stride]
    private final double[] products; // [stride]
    private float[] kept; // [maxRows x stride]: dy of the last backward; null unless somebody wants it

    BatchNormPass(Network network, int l, int maxRows) {
        batchNorm = network.architecture().layers().get(l).batchNorm();
        stride = network.layout().stride(l);
        gammaOffset = network.layout().gammaOffset(l);
        meanOffset = network.stateLayout().meanOffset(l);
        normal = new float[Math.multiplyExact(maxRows, stride)];
        means = new float[stride];
        variances = new float[stride];
        inverseDeviations = new float[stride];
        sums = new double[stride];
        products = new double[stride];
    }

    /** Replaces {@code z} {@code [rows x stride]} by {@code gamma normal + beta}. */
    void forward(float[] parameters, float[] state, float[] z, int rows) {
        if (rows == 1) {
            System.arraycopy(state, meanOffset, means, 0, stride);
            System.arraycopy(state, meanOffset + stride, variances, 0, stride);
        } else {
            measure(z, rows);
        }
        batchNorm.invert(variances, 0, stride, inverseDeviations);
        int betaOffset = gammaOffset + stride;
        for (int i = 0; i < rows; i++) {
            for (int j = 0, at = i * stride; j < stride; j++, at++) {
                normal[at] = (z[at] - means[j]) * inverseDeviations[j];
                z[at] = Math.fma(parameters[gammaOffset + j], normal[at], parameters[betaOffset + j]);
            }
        }
    }

    /** Two passes: the squares of z would cancel where the mean is large. */
    private void measure(float[] z, int rows) {
        Arrays.fill(sums, 0);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < stride; j++) {
                sums[j] += z[i * stride + j];
            }
        }
        for (int j = 0; j < stride; j++) {
            sums[j] /= rows;
            means[j] = (float) sums[j];
        }
        Arrays.fill(products, 0);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < stride; j++) {
                double difference = z[i * stride + j] - sums[j];
                products[j] += difference * difference;
            }
        }
        for (int j = 0; j < stride; j++) {
            variances[j] = (float) Math.min(products[j] / rows, Float.MAX_VALUE);
        }
    }

    /**
     * Replaces {@code dy}, the gradient by what {@link #forward} left, by the gradient by {@code z}, and writes the gradients by
     * {@code gamma}, {@code sum_i dy normal}, and by {@code beta}, {@code sum_i dy}.
     *
     * <p>{@code dz = gamma inverseDeviation (dy - mean_i(dy) - normal mean_i(dy normal))}; without the two means for one row, whose
     * mean and variance are constants.
     *
     * @param dy {@code [rows x stride]}
     * @param gradient laid out as the parameters
     */
    void backward(float[] parameters, float[] dy, int rows, float[] gradient) {
        if (kept != null) {
            System.arraycopy(dy, 0, kept, 0, rows * stride);
        }
        Arrays.fill(sums, 0);
        Arrays.fill(products, 0);
        for (int i = 0; i < rows; i++) {
            for (int j = 0, at = i * stride; j < stride; j++, at++) {
                sums[j] += dy[at];
                products[j] += (double) dy[at] * normal[at];
            }
        }
        int betaOffset = gammaOffset + stride;
        for (int j = 0; j < stride; j++) {
            gradient[gammaOffset + j] = (float) products[j];
            gradient[betaOffset + j] = (float) sums[j];
        }
        double share = rows == 1 ? 0 : 1.0 / rows;
        for (int i = 0; i < rows; i++) {
            for (int j = 0, at = i * stride; j < stride; j++, at++) {
                double centred = dy[at] - share * (sums[j] + normal[at] * products[j]);
                dy[at] = (float) (centred * parameters[gammaOffset + j] * inverseDeviations[j]);
            }
        }
    }

    /** Moves the running averages by the batch of the last {@link #forward}, if it had more than one row. */
    void updateAverages(float[] state, int rows) {
        if (rows == 1) {
            return;
        }
        double momentum = batchNorm.momentum();
        double correction = batchNorm.unbiased() ? rows / (rows - 1.0) : 1;
        int varianceOffset = meanOffset + stride;
        for (int j = 0; j < stride; j++) {
            float mean = state[meanOffset + j];
            float variance = state[varianceOffset + j];
            float newMean = (float) (mean + momentum * (means[j] - mean));
            double moved = variance + momentum * (variances[j] * correction - variance);
            float newVariance = (float) Math.min(moved, Float.MAX_VALUE);
            // as moments: those of dead units never decay into the denormals
            state[meanOffset + j] = newMean + Optimizer.FLUSH - Optimizer.FLUSH;
            state[varianceOffset + j] = newVariance + Optimizer.FLUSH - Optimizer.FLUSH;
        }
    }

    /** Makes {@link #backward} leave a copy of the {@code dy} that it replaces, {@code [maxRows x stride]}. */
    float[] keepGradient() {
        if (kept == null) {
            kept = new float[normal.length];
        }
        return kept;
    }

    /** {@code (z - mean) inverseDeviation} of the last {@link #forward}, {@code [maxRows x stride]}. */
    float[] normal() {
        return normal;
    }

    /** Of the last {@link #forward}, {@code [stride]}. */
    float[] inverseDeviations() {
        return inverseDeviations;
    }
}
