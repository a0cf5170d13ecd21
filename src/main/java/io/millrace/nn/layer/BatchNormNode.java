package io.millrace.nn.layer;

import io.millrace.nn.initializer.Initializer;
import io.millrace.nn.initializer.SplitMix64;
import io.millrace.nn.optimizer.Optimizer;
import java.util.Arrays;

/**
 * Batch normalisation of each unit, or of each channel of an image, in place, {@code y = gamma n + beta} with the normal {@code n = s (x - mean)} and the inverse deviation
 * {@code s = 1 / sqrt(var + delta)}; see {@link BatchNorm}. Sums run over the rows in
 * increasing order, and in a row over its positions, in double; padded positions of a sequence take no part.
 */
final class BatchNormNode implements Node {
    private final BatchNorm options;
    private final Shape shape;
    private final int stride; // of the channels
    private final int rowStride;
    private final Positions positions; // over which sums run
    private final int lanes; // channels, and the padding behind them if there is one position
    private final int gamma; // offset in the parameters and what is laid out as they are, [stride]
    private final int beta; // [stride]
    private final int mean; // offset of the running average in the state, [stride]
    private final int variance; // [stride]
    private float[] s; // [stride]

    // between forward and backward
    private float[] n; // [maxRows x rowStride]
    private float[] means; // [stride], of the batch
    private float[] variances; // [stride], of the batch, biased
    private double[] sums; // [stride]: of dy
    private double[] products; // [stride]: of dy n

    // between the tangent passes
    private float[] tangent; // R(n) [maxRows x rowStride]
    private double[] relative; // R(s) / s [stride]
    private double[] tangentSums; // [stride]: of R(dy), or of R(x)
    private double[] tangentProducts; // [stride]: of R(dy n), or of R(x) n

    BatchNormNode(BatchNorm options, Shape shape, Blocks parameters, Blocks state, Mask mask) {
        this.options = options;
        this.shape = shape;
        int width = shape.channels();
        stride = Layout.pad(width);
        rowStride = Layout.pad(shape.size());
        positions = new Positions(shape, rowStride, mask);
        lanes = shape.isFlat() ? stride : width;
        gamma = parameters.vector("gamma", width).offset();
        beta = parameters.vector("beta", width).offset();
        mean = state.vector("mean", width).offset();
        variance = state.vector("variance", width).offset();
    }

    @Override
    public int width() {
        return shape.size();
    }

    @Override
    public boolean inPlace() {
        return true;
    }

    @Override
    public boolean differsInTraining() {
        return true;
    }

    @Override
    public void initialize(float[] parameters, Initializer initializer, SplitMix64 random) {
        Arrays.fill(parameters, gamma, gamma + shape.channels(), 1f);
    }

    @Override
    public void initializeState(float[] state) {
        Arrays.fill(state, variance, variance + shape.channels(), 1f);
    }

    @Override
    public void prepare(Pass pass, int maxRows) {
        s = new float[stride];
        positions.prepare(maxRows);
    }

    /** With the running averages. */
    @Override
    public void predict(Pass pass, Ports values) {
        positions.find(pass);
        invert(pass.state(), variance);
        normalize(values.y().floats(), positions.count(), pass.state(), pass.parameters());
    }

    private void invert(float[] variances, int offset) {
        for (int j = 0; j < stride; j++) {
            s[j] = (float) (1 / Math.sqrt(variances[offset + j] + options.delta()));
        }
    }

    private void normalize(float[] x, int count, float[] state, float[] parameters) {
        for (int i = 0; i < count; i++) {
            for (int j = 0, at = positions.index(i); j < lanes; j++, at++) {
                float normal = (x[at] - state[mean + j]) * s[j];
                x[at] = Math.fma(parameters[gamma + j], normal, parameters[beta + j]);
            }
        }
    }

    @Override
    public void prepareTraining(Pass pass, int maxRows, Ports gradients) {
        n = new float[Math.multiplyExact(maxRows, rowStride)];
        means = new float[stride];
        variances = new float[stride];
        sums = new double[stride];
        products = new double[stride];
    }

    /** With mean and variance of the batch; one row has none and takes the running averages. */
    @Override
    public void forward(Pass pass, Ports values) {
        float[] x = values.y().floats();
        positions.find(pass);
        if (pass.rows() == 1) {
            System.arraycopy(pass.state(), mean, means, 0, stride);
            System.arraycopy(pass.state(), variance, variances, 0, stride);
        } else {
            measure(x, positions.count());
        }
        invert(variances, 0);
        normalizeByBatch(x, positions.count(), pass.parameters());
    }

    private void normalizeByBatch(float[] x, int count, float[] parameters) {
        for (int i = 0; i < count; i++) {
            for (int j = 0, at = positions.index(i); j < lanes; j++, at++) {
                n[at] = (x[at] - means[j]) * s[j];
                x[at] = Math.fma(parameters[gamma + j], n[at], parameters[beta + j]);
            }
        }
    }

    /** Two passes: the squares of x would cancel where the mean is large. */
    private void measure(float[] x, int count) {
        Arrays.fill(sums, 0);
        for (int i = 0; i < count; i++) {
            for (int j = 0, at = positions.index(i); j < lanes; j++, at++) {
                sums[j] += x[at];
            }
        }
        for (int j = 0; j < stride; j++) {
            sums[j] /= count;
            means[j] = (float) sums[j];
        }
        Arrays.fill(products, 0);
        for (int i = 0; i < count; i++) {
            for (int j = 0, at = positions.index(i); j < lanes; j++, at++) {
                double difference = x[at] - sums[j];
                products[j] += difference * difference;
            }
        }
        for (int j = 0; j < stride; j++) {
            variances[j] = (float) Math.min(products[j] / count, Float.MAX_VALUE);
        }
    }

    /**
     * {@code dx = gamma s (dy - mean(dy) - n mean(dy n))}, means over the rows; without the two means for one row, whose mean and variance are
     * constants. An element of {@code n} is at most {@code sqrt(rows)}.
     */
    @Override
    public double backward(Pass pass, Ports values, Ports gradients) {
        int count = positions.count();
        double bound = count * Math.sqrt(count) * gradients.y().largestMagnitude(pass);
        Arrays.fill(sums, 0);
        Arrays.fill(products, 0);
        sum(gradients.y().floats(), count, sums, products);
        gradients.x0().copy(gradients.y(), pass.rows()); // the same rows, unless tangent passes need both
        center(gradients.x0().floats(), count, share(pass), pass.parameters());
        return bound;
    }

    /** The weight of a row's position in the means; 0 for one row, whose mean and deviation are constants. */
    private double share(Pass pass) {
        return pass.rows() == 1 ? 0 : 1.0 / positions.count();
    }

    private void center(float[] dy, int count, double share, float[] parameters) {
        for (int i = 0; i < count; i++) {
            for (int j = 0, at = positions.index(i); j < lanes; j++, at++) {
                double centred = dy[at] - share * (sums[j] + n[at] * products[j]);
                dy[at] = (float) (centred * parameters[gamma + j] * s[j]);
            }
        }
    }

    /** Adds {@code sum_i z} and {@code sum_i z n}. */
    private void sum(float[] z, int count, double[] sums, double[] products) {
        for (int i = 0; i < count; i++) {
            for (int j = 0, at = positions.index(i); j < lanes; j++, at++) {
                sums[j] += z[at];
                products[j] += (double) z[at] * n[at];
            }
        }
    }

    /** {@code dgamma = sum_i dy n} and {@code dbeta = sum_i dy}. */
    @Override
    public void parameterGradient(Pass pass, Ports values, Ports gradients) {
        float[] gradient = pass.gradient();
        for (int j = 0; j < stride; j++) {
            gradient[gamma + j] = (float) products[j];
            gradient[beta + j] = (float) sums[j];
        }
    }

    /** Updates the running averages, if the batch had more than one row. */
    @Override
    public void updateState(Pass pass) {
        if (pass.rows() == 1) {
            return;
        }
        int count = positions.count();
        float[] state = pass.state();
        double momentum = options.momentum();
        double correction = options.unbiased() ? count / (count - 1.0) : 1;
        for (int j = 0; j < stride; j++) {
            float oldMean = state[mean + j];
            float oldVariance = state[variance + j];
            float newMean = (float) (oldMean + momentum * (means[j] - oldMean));
            double moved = oldVariance + momentum * (variances[j] * correction - oldVariance);
            float newVariance = (float) Math.min(moved, Float.MAX_VALUE);
            // as moments: those of dead units never decay into the denormals
            state[mean + j] = newMean + Optimizer.FLUSH - Optimizer.FLUSH;
            state[variance + j] = newVariance + Optimizer.FLUSH - Optimizer.FLUSH;
        }
    }

    @Override
    public boolean hasTangents() {
        return true;
    }

    @Override
    public boolean tangentsNeedGradient() {
        return true;
    }

    @Override
    public void prepareTangents(Pass pass, int maxRows, Ports gradients) {
        tangent = new float[n.length];
        relative = new double[stride];
        tangentSums = new double[stride];
        tangentProducts = new double[stride];
    }

    /**
     * {@code R(y) = R(gamma) n + gamma R(n) + R(beta)}, where {@code R(n) = s (R(x) - mean(R(x)) - n q)} and {@code R(s) = -s^2 q} with
     * {@code q = mean(n R(x))}. One row has constants for mean and deviation: then {@code R(s) = 0} and {@code R(n) = s R(x)}.
     */
    @Override
    public void forwardTangent(Pass pass, Ports values, Ports tangents) {
        int count = positions.count();
        float[] rx = tangents.y().floats();
        Arrays.fill(tangentSums, 0);
        Arrays.fill(tangentProducts, 0);
        if (pass.rows() > 1) {
            sum(rx, count, tangentSums, tangentProducts);
        }
        for (int j = 0; j < stride; j++) {
            tangentSums[j] /= count;
            tangentProducts[j] /= count;
            relative[j] = -s[j] * tangentProducts[j];
        }
        float[] parameters = pass.parameters();
        float[] v = pass.direction();
        for (int i = 0; i < count; i++) {
            for (int j = 0, at = positions.index(i); j < lanes; j++, at++) {
                tangent[at] = (float) ((rx[at] - tangentSums[j] - n[at] * tangentProducts[j]) * s[j]);
                float shifted = Math.fma(v[gamma + j], n[at], v[beta + j]);
                rx[at] = Math.fma(parameters[gamma + j], tangent[at], shifted);
            }
        }
    }

    /**
     * {@code R(dgamma) = sum_i R(dy) n + dy R(n)} and {@code R(dbeta) = sum_i R(dy)}. {@code dx = gamma s w} with
     * {@code w = dy - mean(dy) - n mean(dy n)}, so {@code R(dx) = s (R(gamma) + gamma R(s) / s) w + gamma s R(w)} and
     * {@code R(w) = R(dy) - mean(R(dy)) - R(n) mean(dy n) - n mean(R(dy) n + dy R(n))}; without the means for one row.
     */
    @Override
    public void backwardTangent(Pass pass, Ports values, Ports gradients, Ports tangents, Ports gradientTangents) {
        int count = positions.count();
        float[] dy = gradients.y().floats();
        float[] rdy = gradientTangents.y().floats();
        Arrays.fill(tangentSums, 0);
        Arrays.fill(tangentProducts, 0);
        sum(rdy, count, tangentSums, tangentProducts);
        for (int i = 0; i < count; i++) {
            for (int j = 0, at = positions.index(i); j < lanes; j++, at++) {
                tangentProducts[j] += (double) dy[at] * tangent[at];
            }
        }
        float[] product = pass.product();
        for (int j = 0; j < stride; j++) {
            product[gamma + j] += (float) tangentProducts[j];
            product[beta + j] += (float) tangentSums[j];
        }
        float[] parameters = pass.parameters();
        float[] v = pass.direction();
        float[] rdx = gradientTangents.x0().floats();
        double share = share(pass);
        for (int i = 0; i < count; i++) {
            for (int j = 0, at = positions.index(i); j < lanes; j++, at++) {
                double g = parameters[gamma + j];
                double w = dy[at] - share * (sums[j] + n[at] * products[j]);
                double rw = rdy[at] - share * (tangentSums[j] + tangent[at] * products[j] + n[at] * tangentProducts[j]);
                double scaled = (v[gamma + j] + g * relative[j]) * w;
                rdx[at] = (float) ((scaled + g * rw) * s[j]);
            }
        }
    }
}
