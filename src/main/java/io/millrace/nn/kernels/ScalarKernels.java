package io.millrace.nn.kernels;

/**
 * The kernels in plain Java, with the loops of {@link #gemm} in the shape that C2 vectorises by itself.
 *
 * <p>C2 (JDK 17 and 25) vectorises a loop of {@link Math#fma} only where every array index is the loop variable plus a constant.
 * So rows of {@code B} go through panels with a constant stride, and a row of {@code C} through an accumulator that starts at
 * index zero. Copying a float changes no bit. With nine range checks in the loop C2 gives up as well; the checks before the loop
 * remove them (four times faster, whether or not the loop is inlined).
 */
public final class ScalarKernels implements Kernels {
    /** Columns done at once. */
    private static final int WIDTH = 512;
    /** Rows of {@code B} in a panel, that is fused multiply-adds for each load and store of the accumulator. */
    private static final int DEPTH = 8;

    private static final int PANELS = 8;

    private final float[][] panels = new float[PANELS][DEPTH * WIDTH];
    private final float[] accumulator = new float[WIDTH];
    private final float[] row = new float[WIDTH];
    private final float[] value = new float[1];

    @Override
    public void gemm(
            int m,
            int n,
            int k,
            float[] a,
            int aOffset,
            int aRowStride,
            int aColumnStride,
            float[] b,
            int bOffset,
            int bStride,
            float[] c,
            int cOffset,
            int cStride) {
        for (int j = 0; j < n; j += WIDTH) {
            int width = Math.min(WIDTH, n - j);
            for (int p = 0; p < k; p += PANELS * DEPTH) {
                int depth = Math.min(PANELS * DEPTH, k - p);
                pack(b, bOffset + p * bStride + j, bStride, depth, width);
                for (int i = 0; i < m; i++) {
                    int cIndex = cOffset + i * cStride + j;
                    System.arraycopy(c, cIndex, accumulator, 0, width);
                    accumulate(depth, width, a, aOffset + i * aRowStride + p * aColumnStride, aColumnStride);
                    System.arraycopy(accumulator, 0, c, cIndex, width);
                }
            }
        }
    }

    private void pack(float[] b, int bIndex, int bStride, int depth, int width) {
        for (int q = 0; q < depth; q++) {
            System.arraycopy(b, bIndex + q * bStride, panels[q / DEPTH], q % DEPTH * WIDTH, width);
        }
    }

    private void accumulate(int depth, int width, float[] a, int aIndex, int s) {
        int q = 0;
        int i = aIndex;
        for (; q + DEPTH <= depth; q += DEPTH, i += DEPTH * s) {
            addPanel(
                    width,
                    a[i],
                    a[i + s],
                    a[i + 2 * s],
                    a[i + 3 * s],
                    a[i + 4 * s],
                    a[i + 5 * s],
                    a[i + 6 * s],
                    a[i + 7 * s],
                    panels[q / DEPTH],
                    accumulator);
        }
        for (; q < depth; q++, i += s) {
            System.arraycopy(panels[q / DEPTH], q % DEPTH * WIDTH, row, 0, width);
            addRow(width, a[i], row, accumulator);
        }
    }

    private static void addPanel(
            int width,
            float a0,
            float a1,
            float a2,
            float a3,
            float a4,
            float a5,
            float a6,
            float a7,
            float[] b,
            float[] sum) {
        int n = Math.min(width, WIDTH);
        if (b.length < DEPTH * WIDTH || sum.length < WIDTH) {
            throw new IndexOutOfBoundsException("a panel is too short");
        }
        for (int j = 0; j < n; j++) {
            float s = Math.fma(a0, b[j], sum[j]);
            s = Math.fma(a1, b[WIDTH + j], s);
            s = Math.fma(a2, b[2 * WIDTH + j], s);
            s = Math.fma(a3, b[3 * WIDTH + j], s);
            s = Math.fma(a4, b[4 * WIDTH + j], s);
            s = Math.fma(a5, b[5 * WIDTH + j], s);
            s = Math.fma(a6, b[6 * WIDTH + j], s);
            sum[j] = Math.fma(a7, b[7 * WIDTH + j], s);
        }
    }

    private static void addRow(int width, float a, float[] b, float[] sum) {
        for (int j = 0; j < width; j++) {
            sum[j] = Math.fma(a, b[j], sum[j]);
        }
    }

    @Override
    public void outer(int m, int n, float[] x, float[] y, float[] c, int cOffset) {
        for (int j = 0; j < n; j += WIDTH) {
            int width = Math.min(WIDTH, n - j);
            System.arraycopy(y, j, accumulator, 0, width);
            for (int i = 0; i < m; i++) {
                scale(width, x[i], accumulator, row);
                System.arraycopy(row, 0, c, cOffset + i * n + j, width);
            }
        }
    }

    private static void scale(int width, float a, float[] b, float[] product) {
        for (int j = 0; j < width; j++) {
            product[j] = Math.fma(a, b[j], 0f); // not a product: the signs of zeros differ
        }
    }

    @Override
    public void adamOuter(
            int m,
            int n,
            float[] x,
            float[] y,
            float[] w,
            float[] s,
            float[] r,
            int offset,
            float oneMinusRho1,
            float oneMinusRho2,
            float delta,
            float minusRate) {
        for (int i = 0; i < m; i++) {
            for (int j = 0, p = offset + i * n; j < n; j++, p++) {
                float g = Math.fma(x[i], y[j], 0f);
                float mean = Math.fma(oneMinusRho1, g - s[p], s[p]) + FLUSH - FLUSH;
                float meanSquare = Math.fma(oneMinusRho2, Math.fma(g, g, -r[p]), r[p]) + FLUSH - FLUSH;
                s[p] = mean;
                r[p] = meanSquare;
                w[p] = Math.fma(minusRate, mean / ((float) Math.sqrt(meanSquare) + delta), w[p]);
            }
        }
    }

    @Override
    public void rmsProp(
            int from,
            int to,
            float[] w,
            float[] g,
            float[] r,
            float oneMinusRho,
            float inside,
            float outside,
            float minusRate) {
        for (int i = from; i < to; i++) {
            // r + (1 - rho)(g^2 - r): no drift, which separate rounding of rho and 1 - rho would cause
            float meanSquare = Math.fma(oneMinusRho, Math.fma(g[i], g[i], -r[i]), r[i]) + FLUSH - FLUSH;
            r[i] = meanSquare;
            w[i] = Math.fma(minusRate, g[i] / ((float) Math.sqrt(meanSquare + inside) + outside), w[i]);
        }
    }

    @Override
    public void rmsPropOuter(
            int m,
            int n,
            float[] x,
            float[] y,
            float[] w,
            float[] r,
            int offset,
            float oneMinusRho,
            float inside,
            float outside,
            float minusRate) {
        for (int i = 0; i < m; i++) {
            for (int j = 0, p = offset + i * n; j < n; j++, p++) {
                float g = Math.fma(x[i], y[j], 0f);
                float meanSquare = Math.fma(oneMinusRho, Math.fma(g, g, -r[p]), r[p]) + FLUSH - FLUSH;
                r[p] = meanSquare;
                w[p] = Math.fma(minusRate, g / ((float) Math.sqrt(meanSquare + inside) + outside), w[p]);
            }
        }
    }

    @Override
    public void rmsPropRows(
            int from,
            int to,
            int[] ids,
            float[] values,
            float[] y,
            int n,
            float[] w,
            float[] r,
            int offset,
            float oneMinusRho,
            float inside,
            float outside,
            float minusRate) {
        for (int i = from; i < to; i++) {
            value[0] = values[i];
            rmsPropOuter(1, n, value, y, w, r, offset + ids[i] * n, oneMinusRho, inside, outside, minusRate);
        }
    }

    @Override
    public void addRows(
            int from, int to, int[] ids, float[] values, float[] t, int tOffset, int width, float[] y, int yOffset) {
        for (int i = from; i < to; i++) {
            add(width, values[i], t, tOffset + ids[i] * width, y, yOffset);
        }
    }

    @Override
    public void addToRows(
            int from, int to, int[] ids, float[] values, float[] x, int xOffset, int width, float[] t, int tOffset) {
        for (int i = from; i < to; i++) {
            add(width, values[i], x, xOffset, t, tOffset + ids[i] * width);
        }
    }

    private static void add(int width, float a, float[] x, int from, float[] sum, int to) {
        for (int j = 0; j < width; j++) {
            sum[to + j] = Math.fma(a, x[from + j], sum[to + j]);
        }
    }

    @Override
    public void rectifierGradient(float[] gradient, float[] output, int length, float slope) {
        for (int i = 0; i < length; i++) {
            gradient[i] = output[i] > 0f ? gradient[i] : slope * gradient[i];
        }
    }

    /** As integers, whose order is that of the magnitudes with NaN above all. Four at once: a maximum waits for its predecessor alone. */
    @Override
    public float largestMagnitude(float[] x, int length) {
        int mask = 0x7fffffff;
        int a = 0;
        int b = 0;
        int c = 0;
        int d = 0;
        int i = 0;
        for (; i + 4 <= length; i += 4) {
            a = Math.max(a, Float.floatToRawIntBits(x[i]) & mask);
            b = Math.max(b, Float.floatToRawIntBits(x[i + 1]) & mask);
            c = Math.max(c, Float.floatToRawIntBits(x[i + 2]) & mask);
            d = Math.max(d, Float.floatToRawIntBits(x[i + 3]) & mask);
        }
        for (; i < length; i++) {
            a = Math.max(a, Float.floatToRawIntBits(x[i]) & mask);
        }
        return Float.intBitsToFloat(Math.max(Math.max(a, b), Math.max(c, d)));
    }

    @Override
    public void sigmoid(float[] z, int from, int to) {
        for (int i = from; i < to; i++) {
            z[i] = Reproducible.sigmoid(z[i]);
        }
    }

    @Override
    public void tanh(float[] z, int from, int to) {
        for (int i = from; i < to; i++) {
            z[i] = Reproducible.tanh(z[i]);
        }
    }

    @Override
    public void expOfMagnitude(float[] x, int length) {
        for (int i = 0; i < length; i++) {
            x[i] = Reproducible.exp(-Math.abs(x[i]));
        }
    }

    @Override
    public void log(double[] x, int length) {
        for (int i = 0; i < length; i++) {
            x[i] = Reproducible.log(x[i]);
        }
    }

    @Override
    public void addFloats(float[] x, int length, double[] sums) {
        Sums.addFloats(x, 0, length, sums);
    }

    @Override
    public void addDoubles(double[] x, int length, double[] sums) {
        Sums.addDoubles(x, 0, length, sums);
    }

    @Override
    public void standardize(
            int rows,
            int width,
            float[] x,
            int xOffset,
            double[] means,
            double[] variances,
            long seen,
            double least,
            double[] scratch) {
        Standardization.standardize(rows, width, x, xOffset, means, variances, seen, least, scratch);
    }

    @Override
    public Kernels newInstance() {
        return new ScalarKernels();
    }

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public int lanes() {
        return 1;
    }
}
