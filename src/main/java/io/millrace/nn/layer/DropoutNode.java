package io.millrace.nn.layer;

import io.millrace.nn.initializer.SplitMix64;

/**
 * Inverted dropout (Srivastava et al., 2014) of a layer's inputs. In training an element becomes zero with probability {@code p} and
 * {@code x / (1 - p)} otherwise. Its expectation is {@code x}, so predictions skip this node. Each choice is a function of seed, step, layer,
 * row and column ({@link SplitMix64#at}), so a checkpoint needs only the step counter.
 */
final class DropoutNode implements Node {
    private final int layer;
    private final int width;
    private final int period; // columns after which the choices repeat
    private final long threshold; // of 53 random bits
    private final float scale;
    private Rows mask; // [maxRows x stride]: 0 or 1 / (1 - p)

    /**
     * Drops elements with the probability {@code p}.
     *
     * @param period columns after which the choices repeat, {@code width} or a divisor of it
     * @param layer whose inputs are dropped, counted from 0
     */
    DropoutNode(double p, int width, int period, int layer) {
        this.layer = layer;
        this.width = width;
        this.period = period;
        this.threshold = (long) (p * 0x1.0p53);
        this.scale = (float) (1 / (1 - p));
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public boolean trainingOnly() {
        return true;
    }

    @Override
    public boolean passesOn() {
        return true;
    }

    @Override
    public void predict(Pass pass, Ports values) {
        throw new UnsupportedOperationException("predictions skip dropout");
    }

    @Override
    public void prepareTraining(Pass pass, int maxRows, Ports gradients) {
        mask = new Rows(maxRows, width);
    }

    @Override
    public void forward(Pass pass, Ports values) {
        long key = SplitMix64.key(pass.seed(), pass.step(), layer);
        for (int i = 0; i < pass.rows(); i++) {
            int at = i * mask.stride();
            draw(key, (long) i * period, mask.floats(), at, period, threshold, scale);
            for (int done = period; done < width; done *= 2) {
                System.arraycopy(mask.floats(), at, mask.floats(), at + done, Math.min(done, width - done));
            }
        }
        multiply(pass, values.x0(), values.y());
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

    /** {@code dx = mask dy}, elementwise. */
    @Override
    public double backward(Pass pass, Ports values, Ports gradients) {
        multiply(pass, gradients.y(), gradients.x0());
        return 0;
    }

    private void multiply(Pass pass, Rows x, Rows y) {
        if (x.stride() == y.stride()) {
            multiply(mask.floats(), 0, x.floats(), 0, y.floats(), 0, pass.rows() * y.stride());
            return;
        }
        for (int i = 0; i < pass.rows(); i++) {
            multiply(mask.floats(), i * mask.stride(), x.floats(), i * x.stride(), y.floats(), i * y.stride(), width);
        }
    }

    private static void multiply(float[] mask, int m, float[] x, int from, float[] y, int to, int length) {
        for (int j = 0; j < length; j++) {
            y[to + j] = mask[m + j] * x[from + j];
        }
    }

    @Override
    public boolean hasTangents() {
        return true;
    }

    /** {@code R(y) = mask R(x)}. */
    @Override
    public void forwardTangent(Pass pass, Ports values, Ports tangents) {
        multiply(pass, tangents.x0(), tangents.y());
    }

    @Override
    public void backwardTangent(Pass pass, Ports values, Ports gradients, Ports tangents, Ports gradientTangents) {
        multiply(pass, gradientTangents.y(), gradientTangents.x0());
    }
}
