package io.millrace.nn.network;

import io.millrace.nn.initializer.SplitMix64;

/**
 * Dropout of one thing that enters a layer, forward and backward, with the mask between the two; for one thread.
 *
 * <p>Inverted dropout (Srivastava et al., 2014): in training an input is zero with probability {@code p} and {@code x / (1 - p)}
 * otherwise, so that its expectation is {@code x} and evaluation does nothing. A decision is a function of seed, step, layer, row
 * and input ({@link SplitMix64#at}), so that a checkpoint needs no more than the step counter.
 */
final class DropoutMask {
    private final int layer;
    private final long seed;
    private final int width; // of what enters here
    private final int stride; // from row to row of it
    private final int all; // width of all that enters the layer
    private final int first; // place of the first element here among all
    private final long threshold; // of 53 random bits
    private final float scale;
    private final float[] mask; // [maxRows x stride]: 0 or 1 / (1 - p); padding 0
    private final float[] left; // [maxRows x stride]: mask * x; padding 0

    /** Dropout, which has not dropped anything yet, of the {@code s}-th thing that enters layer {@code l}. */
    DropoutMask(Network network, int l, int s, long seed, int maxRows) {
        Graph graph = network.graph();
        double p = network.architecture().layers().get(l).inputDropout();
        this.layer = l;
        this.seed = seed;
        this.width = graph.width(graph.source(l, s));
        this.stride = network.stride(graph.source(l, s));
        this.all = graph.inputsOf(l);
        this.first = graph.firstRow(l, s);
        this.threshold = (long) (p * 0x1.0p53);
        this.scale = (float) (1 / (1 - p));
        this.mask = new float[Math.multiplyExact(maxRows, stride)];
        this.left = new float[mask.length];
    }

    /**
     * What is left of the inputs.
     *
     * @param x {@code [rows x stride]}, not modified
     * @param step updates made so far
     * @return {@code [rows x stride]}, valid until the next call
     */
    float[] forward(float[] x, int rows, long step) {
        long key = SplitMix64.key(seed, step, layer);
        for (int i = 0; i < rows; i++) {
            draw(key, (long) i * all + first, mask, i * stride, width, threshold, scale);
        }
        multiply(mask, x, left, rows * stride);
        return left;
    }

    private static void draw(long key, long index, float[] mask, int at, int width, long threshold, float scale) {
        int scaleBits = Float.floatToRawIntBits(scale);
        for (int j = 0; j < width; j++) {
            long bits = SplitMix64.at(key, index + j) >>> 11;
            // the sign of the difference, all ones for bits >= threshold: the processor cannot predict a branch on
            // random bits
            mask[at + j] = Float.intBitsToFloat((int) ((threshold - 1 - bits) >> 63) & scaleBits);
        }
    }

    /** The same of something else as of the inputs of the last {@link #forward}: {@code product = mask x}, {@code [rows x stride]}. */
    void apply(float[] x, float[] product, int rows) {
        multiply(mask, x, product, rows * stride);
    }

    /** What {@link #forward} returned last. */
    float[] left() {
        return left;
    }

    /** Turns the gradient by what was left into the gradient by the inputs, {@code [rows x stride]}. */
    void backward(float[] gradient, int rows) {
        multiply(mask, gradient, gradient, rows * stride);
    }

    private static void multiply(float[] mask, float[] x, float[] product, int length) {
        for (int i = 0; i < length; i++) {
            product[i] = mask[i] * x[i];
        }
    }
}
