package io.millrace.nn.layer;

import io.millrace.nn.initializer.Initializer;
import io.millrace.nn.initializer.SplitMix64;
import java.util.Arrays;

/**
 * Normalisation of the channels of each position, {@code y = gamma n + beta} with the normal {@code n = s (x - mean)} and the inverse deviation
 * {@code s = 1 / sqrt(var + delta)}; see {@link LayerNorm}. Sums run over the channels of a position in increasing order, and those of the parameter
 * gradient over rows and then positions, in double. The backward pass computes {@code n} again from {@code x}, so that a position keeps two numbers only.
 */
final class LayerNormNode implements Node {
    private static final float[] ONE = {1f};

    private final Shape shape;
    private final double delta;
    private final int channels;
    private final int stride; // of the channels
    private final Block gamma; // [1 x stride]
    private final Block beta; // [1 x stride]; null where what follows shifts
    private float[] n; // [stride], of one position

    // between forward and backward
    private double[] mean; // [maxRows x positions]
    private double[] s; // [maxRows x positions]

    private float[] gradient; // [stride], of gamma or beta
    private double[] sums; // [stride]: of dy
    private double[] products; // [stride]: of dy n

    // between the tangent passes
    private float[] tangent; // R(n) [stride], of one position
    private double[] tangentMean; // mean(R(x)) [maxRows x positions]
    private double[] q; // mean(n R(x)) [maxRows x positions]

    LayerNormNode(LayerKind.Context context, LayerNorm kind) {
        shape = kind.in();
        delta = kind.delta();
        channels = shape.channels();
        stride = Layout.pad(channels);
        gamma = context.parameters().vector("gamma", channels);
        beta = context.shifted() ? null : context.parameters().vector("beta", channels);
    }

    @Override
    public int width() {
        return shape.size();
    }

    @Override
    public boolean writesOuterProducts() {
        return true;
    }

    @Override
    public void initialize(float[] parameters, Initializer initializer, SplitMix64 random) {
        Arrays.fill(parameters, gamma.offset(), gamma.offset() + channels, 1f);
    }

    @Override
    public void prepare(Pass pass, int maxRows) {
        int positions = Math.multiplyExact(maxRows, shape.positions());
        n = new float[stride];
        mean = new double[positions];
        s = new double[positions];
    }

    /** Number of positions of all rows. */
    private int count(Pass pass) {
        return pass.rows() * shape.positions();
    }

    /** Index of the first channel of a position, counted over all rows. */
    private int index(Rows rows, int position) {
        return position / shape.positions() * rows.stride() + position % shape.positions() * channels;
    }

    @Override
    public void predict(Pass pass, Ports values) {
        for (int p = 0; p < count(pass); p++) {
            int at = index(values.x0(), p);
            measure(values.x0().floats(), at, p);
            normalize(values.x0().floats(), at, p);
            affine(pass.parameters(), values.y().floats(), index(values.y(), p));
        }
    }

    /** Two passes: the squares of x would cancel where the mean is large. */
    private void measure(float[] x, int at, int position) {
        double sum = 0;
        for (int j = 0; j < channels; j++) {
            sum += x[at + j];
        }
        double center = sum / channels;
        double squares = 0;
        for (int j = 0; j < channels; j++) {
            double difference = x[at + j] - center;
            squares += difference * difference;
        }
        mean[position] = center;
        s[position] = 1 / Math.sqrt(squares / channels + delta);
    }

    /** {@code n} of a position. */
    private void normalize(float[] x, int at, int position) {
        double center = mean[position];
        double scale = s[position];
        for (int j = 0; j < channels; j++) {
            n[j] = (float) ((x[at + j] - center) * scale);
        }
    }

    /** {@code y = gamma n + beta}, for the channels of a position. */
    private void affine(float[] parameters, float[] y, int at) {
        for (int j = 0; j < channels; j++) {
            float shift = beta == null ? 0f : parameters[beta.offset() + j];
            y[at + j] = Math.fma(parameters[gamma.offset() + j], n[j], shift);
        }
    }

    @Override
    public void prepareTraining(Pass pass, int maxRows, Ports gradients) {
        gradient = new float[stride];
        sums = new double[stride];
        products = new double[stride];
    }

    /** {@code dx = s (g - mean(g) - n mean(g n))} with {@code g = gamma dy}, means over the channels. An element of {@code n} is below {@code sqrt(channels)}. */
    @Override
    public double backward(Pass pass, Ports values, Ports gradients) {
        for (int p = 0; p < count(pass) && gradients.x0() != null; p++) {
            normalize(values.x0().floats(), index(values.x0(), p), p);
            inputGradient(pass.parameters(), gradients, p);
        }
        return count(pass) * Math.sqrt(channels) * gradients.y().largestMagnitude(pass);
    }

    private void inputGradient(float[] w, Ports gradients, int position) {
        float[] dy = gradients.y().floats();
        float[] dx = gradients.x0().floats();
        int from = index(gradients.y(), position);
        int to = index(gradients.x0(), position);
        double meanOfG = mean(w, dy, from);
        double meanOfProducts = meanOfProducts(w, dy, from, n);
        double scale = s[position];
        for (int j = 0; j < channels; j++) {
            double g = (double) w[gamma.offset() + j] * dy[from + j];
            dx[to + j] = (float) ((g - meanOfG - n[j] * meanOfProducts) * scale);
        }
    }

    /** The mean of {@code c dy} over the channels of a position, with the factors {@code c} where the parameters have gamma. */
    private double mean(float[] factors, float[] dy, int at) {
        double sum = 0;
        for (int j = 0; j < channels; j++) {
            sum += (double) factors[gamma.offset() + j] * dy[at + j];
        }
        return sum / channels;
    }

    /** The mean of {@code c dy z} over the channels of a position. */
    private double meanOfProducts(float[] factors, float[] dy, int at, float[] z) {
        double sum = 0;
        for (int j = 0; j < channels; j++) {
            sum += (double) factors[gamma.offset() + j] * dy[at + j] * z[j];
        }
        return sum / channels;
    }

    /** {@code dgamma = sum_p dy n} and {@code dbeta = sum_p dy}, over the positions of all rows. */
    @Override
    public void parameterGradient(Pass pass, Ports values, Ports gradients) {
        Arrays.fill(sums, 0);
        Arrays.fill(products, 0);
        for (int p = 0; p < count(pass); p++) {
            normalize(values.x0().floats(), index(values.x0(), p), p);
            add(gradients.y().floats(), index(gradients.y(), p));
        }
        write(pass, gamma, products);
        if (beta != null) {
            write(pass, beta, sums);
        }
    }

    /** Adds {@code dy} and {@code dy n} of a position. */
    private void add(float[] dy, int at) {
        for (int j = 0; j < channels; j++) {
            sums[j] += dy[at + j];
            products[j] += (double) dy[at + j] * n[j];
        }
    }

    private void write(Pass pass, Block block, double[] sum) {
        for (int j = 0; j < channels; j++) {
            gradient[j] = (float) sum[j];
        }
        if (pass.adding()) {
            Rows.add(gradient, 0, pass.gradient(), block.offset(), channels);
        } else {
            pass.outer(1, stride, ONE, gradient, block.offset());
        }
    }

    @Override
    public boolean hasTangents() {
        return true;
    }

    @Override
    public void prepareTangents(Pass pass, int maxRows, Ports gradients) {
        tangent = new float[stride];
        tangentMean = new double[mean.length];
        q = new double[mean.length];
    }

    /**
     * {@code R(y) = R(gamma) n + gamma R(n) + R(beta)}, where {@code R(n) = s (R(x) - mean(R(x)) - n q)} and {@code R(s) = -s^2 q} with
     * {@code q = mean(n R(x))}.
     */
    @Override
    public void forwardTangent(Pass pass, Ports values, Ports tangents) {
        float[] ry = tangents.y().floats();
        for (int p = 0; p < count(pass); p++) {
            int at = index(tangents.y(), p);
            normalize(values.x0().floats(), index(values.x0(), p), p);
            affine(pass.direction(), ry, at);
            if (tangents.x0() != null) {
                measureTangent(tangents.x0().floats(), index(tangents.x0(), p), p);
                differentiate(tangents, p);
                for (int j = 0; j < channels; j++) {
                    ry[at + j] = Math.fma(pass.parameters()[gamma.offset() + j], tangent[j], ry[at + j]);
                }
            }
        }
    }

    private void measureTangent(float[] rx, int at, int position) {
        double sum = 0;
        double product = 0;
        for (int j = 0; j < channels; j++) {
            sum += rx[at + j];
            product += (double) rx[at + j] * n[j];
        }
        tangentMean[position] = sum / channels;
        q[position] = product / channels;
    }

    /** {@code R(n)} of a position, whose {@code n} is there; zero without {@code R(x)}. */
    private void differentiate(Ports tangents, int position) {
        if (tangents.x0() == null) {
            return; // as it was made
        }
        float[] rx = tangents.x0().floats();
        int at = index(tangents.x0(), position);
        for (int j = 0; j < channels; j++) {
            tangent[j] = (float) ((rx[at + j] - tangentMean[position] - n[j] * q[position]) * s[position]);
        }
    }

    /**
     * {@code R(dgamma) = sum_p R(dy) n + dy R(n)} and {@code R(dbeta) = sum_p R(dy)}. {@code dx = s w} with {@code w = g - mean(g) - n mean(g n)}, so
     * {@code R(dx) = s (R(w) - s q w)} and {@code R(w) = R(g) - mean(R(g)) - R(n) mean(g n) - n mean(R(g) n + g R(n))} with
     * {@code R(g) = gamma R(dy) + R(gamma) dy}.
     */
    @Override
    public void backwardTangent(Pass pass, Ports values, Ports gradients, Ports tangents, Ports gradientTangents) {
        float[] dy = gradients.y().floats();
        float[] rdy = gradientTangents.y().floats();
        Arrays.fill(sums, 0);
        Arrays.fill(products, 0);
        for (int p = 0; p < count(pass); p++) {
            int from = index(gradients.y(), p);
            normalize(values.x0().floats(), index(values.x0(), p), p);
            differentiate(tangents, p);
            add(rdy, from);
            for (int j = 0; j < channels; j++) {
                products[j] += (double) dy[from + j] * tangent[j];
            }
            if (gradientTangents.x0() != null) {
                inputTangent(pass, dy, rdy, from, p, gradientTangents.x0());
            }
        }
        for (int j = 0; j < channels; j++) {
            pass.product()[gamma.offset() + j] += (float) products[j];
            if (beta != null) {
                pass.product()[beta.offset() + j] += (float) sums[j];
            }
        }
    }

    private void inputTangent(Pass pass, float[] dy, float[] rdy, int from, int position, Rows rdx) {
        float[] w = pass.parameters();
        float[] v = pass.direction();
        double meanOfG = mean(w, dy, from);
        double meanOfProducts = meanOfProducts(w, dy, from, n);
        double meanOfTangents = mean(w, rdy, from) + mean(v, dy, from);
        double meanOfTangentProducts =
                meanOfProducts(w, rdy, from, n) + meanOfProducts(v, dy, from, n) + meanOfProducts(w, dy, from, tangent);
        double scale = s[position];
        int to = index(rdx, position);
        for (int j = 0; j < channels; j++) {
            double gain = w[gamma.offset() + j];
            double centred = gain * dy[from + j] - meanOfG - n[j] * meanOfProducts;
            double moved = gain * rdy[from + j]
                    + (double) v[gamma.offset() + j] * dy[from + j]
                    - meanOfTangents
                    - tangent[j] * meanOfProducts
                    - n[j] * meanOfTangentProducts;
            rdx.floats()[to + j] = (float) ((moved - scale * q[position] * centred) * scale);
        }
    }
}
