package io.millrace.nn.kernels;

import static io.millrace.nn.kernels.VectorGemm.LANES;
import static io.millrace.nn.kernels.VectorGemm.SPECIES;
import static io.millrace.nn.kernels.VectorGemm.WIDE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The kernels on the Vector API, at the widest vectors of the processor up to 16 floats. Only {@link KernelsProvider} loads this
 * class, by name, and only where the incubator module is present.
 */
public final class VectorKernels implements Kernels {
    /** Elements whose exponentials are held between two passes. */
    private static final int BLOCK = 1024;

    private VectorPanels panels; // null until a product is large: a small network needs none of this memory
    private VectorStandardization standardization; // null until something is standardised: most instances never do it
    private final float[] exponentials = new float[BLOCK];

    @Override
    public void gemm(
            int m,
            int n,
            int k,
            float[] a,
            int aOffset,
            int aRow,
            int aColumn,
            float[] b,
            int bOffset,
            int bStride,
            float[] c,
            int cOffset,
            int cStride) {
        int j = 0;
        if (m < 4) {
            for (; j + 2 * WIDE <= n; j += 2 * WIDE) {
                for (int i = 0; i < m; i++) {
                    int ci = cOffset + i * cStride + j;
                    VectorGemm.oneByEight(k, a, aOffset + i * aRow, aColumn, b, bOffset + j, bStride, c, ci);
                }
            }
            for (; j + WIDE <= n; j += WIDE) {
                for (int i = 0; i < m; i++) {
                    int ci = cOffset + i * cStride + j;
                    VectorGemm.oneByFour(k, a, aOffset + i * aRow, aColumn, b, bOffset + j, bStride, c, ci);
                }
            }
            for (; j + 2 * LANES <= n; j += 2 * LANES) {
                for (int i = 0; i < m; i++) {
                    int ci = cOffset + i * cStride + j;
                    VectorGemm.oneByTwo(k, a, aOffset + i * aRow, aColumn, b, bOffset + j, bStride, c, ci);
                }
            }
        } else {
            j = VectorPanels.columns(m, n);
            if (j > 0) {
                if (panels == null) {
                    panels = new VectorPanels();
                }
                panels.multiply(m, j, k, a, aOffset, aRow, aColumn, b, bOffset, bStride, c, cOffset, cStride);
            }
            for (; j + WIDE <= n; j += WIDE) {
                int i = 0;
                for (; i + 4 <= m; i += 4) {
                    int ci = cOffset + i * cStride + j;
                    VectorGemm.fourByFour(
                            k, a, aOffset + i * aRow, aRow, aColumn, b, bOffset + j, bStride, c, ci, cStride);
                }
                for (; i < m; i++) {
                    int ci = cOffset + i * cStride + j;
                    VectorGemm.oneByFour(k, a, aOffset + i * aRow, aColumn, b, bOffset + j, bStride, c, ci);
                }
            }
            for (; j + 2 * LANES <= n; j += 2 * LANES) {
                int i = 0;
                for (; i + 4 <= m; i += 4) {
                    int ci = cOffset + i * cStride + j;
                    VectorGemm.fourByTwo(
                            k, a, aOffset + i * aRow, aRow, aColumn, b, bOffset + j, bStride, c, ci, cStride);
                }
                for (; i < m; i++) {
                    int ci = cOffset + i * cStride + j;
                    VectorGemm.oneByTwo(k, a, aOffset + i * aRow, aColumn, b, bOffset + j, bStride, c, ci);
                }
            }
        }
        for (; j + LANES <= n; j += LANES) {
            int i = 0;
            for (; i + 8 <= m; i += 8) {
                int ci = cOffset + i * cStride + j;
                VectorGemm.eightByOne(k, a, aOffset + i * aRow, aRow, aColumn, b, bOffset + j, bStride, c, ci, cStride);
            }
            for (; i < m; i++) {
                int ci = cOffset + i * cStride + j;
                VectorGemm.oneByOne(k, a, aOffset + i * aRow, aColumn, b, bOffset + j, bStride, c, ci);
            }
        }
        for (; j < n; j++) {
            for (int i = 0; i < m; i++) {
                int ci = cOffset + i * cStride + j;
                VectorGemm.scalar(k, a, aOffset + i * aRow, aColumn, b, bOffset + j, bStride, c, ci);
            }
        }
    }

    @Override
    public void outer(int m, int n, float[] x, float[] y, float[] c, int cOffset) {
        for (int i = 0; i < m; i++) {
            int ci = cOffset + i * n;
            FloatVector xi = FloatVector.broadcast(SPECIES, x[i]);
            int j = 0;
            for (; j <= n - LANES; j += LANES) {
                // not a product: the signs of zeros differ
                xi.fma(FloatVector.fromArray(SPECIES, y, j), FloatVector.zero(SPECIES))
                        .intoArray(c, ci + j);
            }
            for (; j < n; j++) {
                c[ci + j] = Math.fma(x[i], y[j], 0f);
            }
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
        int end = offset + m * n;
        int i = 0;
        int j = 0;
        // one loop, since a loop along a row of one vector would never leave its first, unoptimised turn
        for (int p = offset; p < end; p += LANES) {
            FloatVector g = FloatVector.broadcast(SPECIES, x[i])
                    .fma(FloatVector.fromArray(SPECIES, y, j), FloatVector.zero(SPECIES));
            FloatVector mean = FloatVector.fromArray(SPECIES, s, p);
            FloatVector meanSquare = FloatVector.fromArray(SPECIES, r, p);
            mean = g.sub(mean).fma(FloatVector.broadcast(SPECIES, oneMinusRho1), mean);
            mean = mean.add(FLUSH).sub(FLUSH);
            meanSquare = g.fma(g, meanSquare.neg()).fma(FloatVector.broadcast(SPECIES, oneMinusRho2), meanSquare);
            meanSquare = meanSquare.add(FLUSH).sub(FLUSH);
            mean.intoArray(s, p);
            meanSquare.intoArray(r, p);
            mean.div(meanSquare.lanewise(VectorOperators.SQRT).add(delta))
                    .fma(FloatVector.broadcast(SPECIES, minusRate), FloatVector.fromArray(SPECIES, w, p))
                    .intoArray(w, p);
            j += LANES;
            if (j == n) {
                j = 0;
                i++;
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
        VectorRmsProp.update(from, to, w, g, r, oneMinusRho, inside, outside, minusRate);
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
        VectorRmsProp.updateOuter(m, n, x, y, w, r, offset, oneMinusRho, inside, outside, minusRate);
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
        VectorRmsProp.updateRows(from, to, ids, values, y, n, w, r, offset, oneMinusRho, inside, outside, minusRate);
    }

    @Override
    public void addRows(
            int from, int to, int[] ids, float[] values, float[] t, int tOffset, int width, float[] y, int yOffset) {
        VectorSparse.addRows(from, to, ids, values, t, tOffset, width, y, yOffset);
    }

    @Override
    public void addToRows(
            int from, int to, int[] ids, float[] values, float[] x, int xOffset, int width, float[] t, int tOffset) {
        VectorSparse.addToRows(from, to, ids, values, x, xOffset, width, t, tOffset);
    }

    @Override
    public void rectifierGradient(float[] gradient, float[] output, int length, float slope) {
        int i = 0;
        for (; i <= length - LANES; i += LANES) {
            FloatVector g = FloatVector.fromArray(SPECIES, gradient, i);
            VectorMask<Float> positive =
                    FloatVector.fromArray(SPECIES, output, i).compare(VectorOperators.GT, 0f);
            g.mul(slope).blend(g, positive).intoArray(gradient, i);
        }
        for (; i < length; i++) {
            gradient[i] = output[i] > 0f ? gradient[i] : slope * gradient[i];
        }
    }

    @Override
    public float largestMagnitude(float[] x, int length) {
        int mask = 0x7fffffff; // not abs: as long as it is not compiled, Java 17 leaves the sign of NaN, whose bits are
        // then negative
        IntVector a = FloatVector.zero(SPECIES).reinterpretAsInts();
        IntVector b = a;
        int i = 0;
        for (; i <= length - 2 * LANES; i += 2 * LANES) {
            a = a.max(FloatVector.fromArray(SPECIES, x, i).reinterpretAsInts().and(mask));
            b = b.max(FloatVector.fromArray(SPECIES, x, i + LANES)
                    .reinterpretAsInts()
                    .and(mask));
        }
        for (; i <= length - LANES; i += LANES) {
            a = a.max(FloatVector.fromArray(SPECIES, x, i).reinterpretAsInts().and(mask));
        }
        int largest = a.max(b).reduceLanes(VectorOperators.MAX);
        for (; i < length; i++) {
            largest = Math.max(largest, Float.floatToRawIntBits(x[i]) & mask);
        }
        return Float.intBitsToFloat(largest);
    }

    @Override
    public void sigmoid(float[] z, int from, int to) {
        for (int start = from; start < to; start += BLOCK) {
            int end = Math.min(start + BLOCK, to);
            expOfMagnitude(-1f, z, start, end, exponentials);
            int i = start;
            for (; i <= end - LANES; i += LANES) {
                FloatVector e = FloatVector.fromArray(SPECIES, exponentials, i - start);
                VectorMask<Float> negative =
                        FloatVector.fromArray(SPECIES, z, i).compare(VectorOperators.LT, 0f);
                FloatVector one = FloatVector.broadcast(SPECIES, 1f);
                one.blend(e, negative).div(e.add(1f)).intoArray(z, i);
            }
            for (; i < end; i++) {
                z[i] = Reproducible.sigmoid(z[i]);
            }
        }
    }

    @Override
    public void tanh(float[] z, int from, int to) {
        for (int start = from; start < to; start += BLOCK) {
            int end = Math.min(start + BLOCK, to);
            expOfMagnitude(-2f, z, start, end, exponentials);
            int i = start;
            for (; i <= end - LANES; i += LANES) {
                FloatVector x = FloatVector.fromArray(SPECIES, z, i);
                FloatVector s = x.mul(x);
                FloatVector p = FloatVector.broadcast(SPECIES, Reproducible.TANH_0)
                        .fma(s, FloatVector.broadcast(SPECIES, Reproducible.TANH_1));
                p = p.fma(s, FloatVector.broadcast(SPECIES, Reproducible.TANH_2));
                p = p.fma(s, FloatVector.broadcast(SPECIES, Reproducible.TANH_3));
                p = p.fma(s, FloatVector.broadcast(SPECIES, Reproducible.TANH_4));
                FloatVector small = p.mul(s).fma(x, x);
                FloatVector e = FloatVector.fromArray(SPECIES, exponentials, i - start);
                FloatVector one = FloatVector.broadcast(SPECIES, 1f);
                FloatVector t = one.sub(e).div(one.add(e));
                FloatVector large = t.blend(t.neg(), x.compare(VectorOperators.LT, 0f));
                VectorMask<Float> isSmall = x.abs().compare(VectorOperators.LT, Reproducible.TANH_SMALL);
                large.blend(small, isSmall).intoArray(z, i);
            }
            for (; i < end; i++) {
                z[i] = Reproducible.tanh(z[i]);
            }
        }
    }

    /** {@code e[i - from] = Reproducible.exp(factor * |z[i]|)} for whole vectors of {@code from..to}; the rest is the caller's. */
    private static void expOfMagnitude(float factor, float[] z, int from, int to, float[] e) {
        for (int i = from; i <= to - LANES; i += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, z, i).abs().mul(factor);
            FloatVector shifted = x.fma(
                    FloatVector.broadcast(SPECIES, Reproducible.LOG2_E),
                    FloatVector.broadcast(SPECIES, Reproducible.ROUND));
            FloatVector n = shifted.sub(Reproducible.ROUND);
            FloatVector r = n.fma(FloatVector.broadcast(SPECIES, -Reproducible.LN2_HIGH), x);
            r = n.fma(FloatVector.broadcast(SPECIES, -Reproducible.LN2_LOW), r);
            FloatVector p = FloatVector.broadcast(SPECIES, Reproducible.EXP_0)
                    .fma(r, FloatVector.broadcast(SPECIES, Reproducible.EXP_1));
            p = p.fma(r, FloatVector.broadcast(SPECIES, Reproducible.EXP_2));
            p = p.fma(r, FloatVector.broadcast(SPECIES, Reproducible.EXP_3));
            p = p.fma(r, FloatVector.broadcast(SPECIES, Reproducible.EXP_4));
            p = p.fma(r, FloatVector.broadcast(SPECIES, Reproducible.EXP_5));
            p = p.fma(r.mul(r), r).add(1f);
            IntVector power = shifted.reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, 23)
                    .add(Reproducible.ONE_BITS);
            VectorMask<Float> underflow = x.compare(VectorOperators.LT, Reproducible.EXP_MIN);
            p.mul(power.reinterpretAsFloats()).blend(0f, underflow).intoArray(e, i - from);
        }
    }

    @Override
    public void expOfMagnitude(float[] x, int length) {
        expOfMagnitude(-1f, x, 0, length, x);
        for (int i = length - length % LANES; i < length; i++) {
            x[i] = Reproducible.exp(-Math.abs(x[i]));
        }
    }

    @Override
    public void log(double[] x, int length) {
        VectorLog.log(x, length);
    }

    @Override
    public void addFloats(float[] x, int length, double[] sums) {
        VectorSums.addFloats(x, length, sums);
    }

    @Override
    public void addDoubles(double[] x, int length, double[] sums) {
        VectorSums.addDoubles(x, length, sums);
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
        if (standardization == null) {
            standardization = new VectorStandardization();
        }
        standardization.standardize(rows, width, x, xOffset, means, variances, seen, least, scratch);
    }

    @Override
    public Kernels newInstance() {
        return new VectorKernels();
    }

    @Override
    public String name() {
        return "vector";
    }

    @Override
    public int lanes() {
        return LANES;
    }
}
