package io.millrace.nn.kernels;

/**
 * Reproducible float kernels on raw arrays. Every implementation gives the same bits: an output element of {@link #gemm} is one
 * chain of fused multiply-adds over increasing {@code k}, started from the value that is already there; the elementwise kernels
 * are {@link Reproducible}'s functions. Blocking, packing and the number of lanes are free, since they change no bit.
 *
 * <p>Kernels own scratch memory, so an instance is for one thread at a time: use a {@link #newInstance()} for each. No method
 * except {@link #newInstance()} allocates. Ranges are not checked beyond Java's own array bounds; arrays must not overlap.
 */
public interface Kernels {

    /** {@code x + FLUSH - FLUSH} rounds a tiny {@code x} to a multiple of 2^-123 and does not change numbers of ordinary size. */
    float FLUSH = 1e-30f;

    /**
     * {@code C += A B}, with {@code A} {@code [m x k]}, {@code B} {@code [k x n]}, {@code C} {@code [m x n]}.
     *
     * @param a element {@code (i, p)} is {@code a[aOffset + i * aRowStride + p * aColumnStride]}, so that a transposed matrix
     *     needs no copy
     * @param b row-major, element {@code (p, j)} is {@code b[bOffset + p * bStride + j]}
     * @param c row-major, element {@code (i, j)} is {@code c[cOffset + i * cStride + j]}
     */
    void gemm(
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
            int cStride);

    /**
     * {@code C = x y^T}: the product {@link #gemm} with {@code k = 1} gives from a {@code C} of zeros, bit by bit, without reading
     * it.
     *
     * @param x {@code [m]} from 0
     * @param y {@code [n]} from 0
     * @param c row-major without gaps, {@code [m x n]} from {@code cOffset}, overwritten
     */
    void outer(int m, int n, float[] x, float[] y, float[] c, int cOffset);

    /**
     * Adam's update of {@code W} and its moments with the gradient {@code G = x y^T} of {@link #outer}, which is not written to memory:
     * {@code s += oneMinusRho1 (g - s)}, {@code r += oneMinusRho2 (g^2 - r)}, both fused and flushed by {@link #FLUSH}, then
     * {@code w += minusRate s / (sqrt(r) + delta)}, fused.
     *
     * @param x {@code [m]} from 0
     * @param y {@code [n]} from 0
     * @param n a multiple of 16
     * @param w row-major without gaps, {@code [m x n]} from {@code offset}, as {@code s} and {@code r}
     */
    void adamOuter(
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
            float minusRate);

    /**
     * The update of RMSProp: {@code r += oneMinusRho (g^2 - r)}, fused and flushed by {@link #FLUSH}, then
     * {@code w += minusRate g / (sqrt(r + inside) + outside)}, fused.
     *
     * @param from first element of {@code w}, {@code g} and {@code r}
     * @param to after the last element
     */
    void rmsProp(
            int from,
            int to,
            float[] w,
            float[] g,
            float[] r,
            float oneMinusRho,
            float inside,
            float outside,
            float minusRate);

    /**
     * {@link #rmsProp} with the gradient {@code G = x y^T} of {@link #outer}, which is not written to memory.
     *
     * @param x {@code [m]} from 0
     * @param y {@code [n]} from 0
     * @param n a multiple of 16
     * @param w row-major without gaps, {@code [m x n]} from {@code offset}, as {@code r}
     */
    void rmsPropOuter(
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
            float minusRate);

    /**
     * {@link #rmsPropOuter} of single rows of {@code W}, one after the other: row {@code ids[i]} has the gradient {@code values[i] y}, for
     * {@code i} in {@code from..to}.
     *
     * @param y {@code [n]} from 0
     * @param n a multiple of 16
     * @param w row-major without gaps, rows of {@code n} floats from {@code offset}, as {@code r}
     */
    void rmsPropRows(
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
            float minusRate);

    /**
     * {@code y += sum_i values[i] T[ids[i]]} for {@code i} in {@code from..to}, in this order: a product with a sparse row.
     *
     * @param t row-major without gaps, rows of {@code width} floats from {@code tOffset}
     * @param width a multiple of 16
     * @param y {@code [width]} from {@code yOffset}
     */
    void addRows(
            int from, int to, int[] ids, float[] values, float[] t, int tOffset, int width, float[] y, int yOffset);

    /**
     * {@code T[ids[i]] += values[i] x} for {@code i} in {@code from..to}, in this order: the gradient of {@link #addRows}.
     *
     * @param x {@code [width]} from {@code xOffset}
     * @param width a multiple of 16
     * @param t row-major without gaps, rows of {@code width} floats from {@code tOffset}
     */
    void addToRows(
            int from, int to, int[] ids, float[] values, float[] x, int xOffset, int width, float[] t, int tOffset);

    /**
     * {@code gradient[i] = output[i] > 0 ? gradient[i] : slope * gradient[i]} for {@code i < length}: back through a (leaky)
     * rectifier whose outputs are {@code output}.
     */
    void rectifierGradient(float[] gradient, float[] output, int length, float slope);

    /** The largest {@code |x[i]|} for {@code i < length}; NaN if one is NaN. 0 for none. */
    float largestMagnitude(float[] x, int length);

    /** {@code z[i] = Reproducible.sigmoid(z[i])} for {@code from <= i < to}. */
    void sigmoid(float[] z, int from, int to);

    /** {@code z[i] = Reproducible.tanh(z[i])} for {@code from <= i < to}. */
    void tanh(float[] z, int from, int to);

    /** {@code x[i] = Reproducible.exp(-|x[i]|)} for {@code i < length}. */
    void expOfMagnitude(float[] x, int length);

    /** {@code x[i] = Reproducible.log(x[i])} for {@code i < length}. */
    void log(double[] x, int length);

    /** {@code sums[i] += x[i]} for {@code i < length}. Java 17 does not vectorise the conversion. */
    void addFloats(float[] x, int length, double[] sums);

    /** {@code sums[i] += x[i]} for {@code i < length}, where {@code x[i]} is not NaN. */
    void addDoubles(double[] x, int length, double[] sums);

    /**
     * Standardises rows in place, one after the other: each enters the statistics as {@link Standardization#update} does, and is then scaled by
     * them as {@link Standardization#scale} does.
     *
     * @param width number of features, the length of {@code means} and {@code variances}
     * @param x finite, row-major without gaps, {@code [rows x width]} from {@code xOffset}
     * @param seen number of rows in the statistics so far
     * @param least minimum weight of a row, see {@link Standardization#weight}
     * @param scratch {@code [width]}, overwritten
     */
    void standardize(
            int rows,
            int width,
            float[] x,
            int xOffset,
            double[] means,
            double[] variances,
            long seen,
            double least,
            double[] scratch);

    /** The same kernels with separate scratch memory, for another thread. */
    Kernels newInstance();

    /** {@code "scalar"} or {@code "vector"}, the values of {@code -Dmillrace.kernels}. */
    String name();

    /** Floats that one vector of this implementation holds; 1 when the compiler decides. */
    int lanes();
}
