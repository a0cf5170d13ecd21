package io.millrace.nn.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.nn.optimizer.Adam;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The twins give the same bits, and the bits that the contract names: those of the naive loops in this class. */
class KernelsEqualityTest {
    private final Kernels scalar = new ScalarKernels();
    private final Kernels vector = new VectorKernels();

    @Property(tries = 400)
    void shouldMultiplyLikeTheNaiveChainOnAnyShape(
            @ForAll @IntRange(min = 1, max = 40) int m,
            @ForAll @IntRange(min = 1, max = 600) int n,
            @ForAll @IntRange(min = 1, max = 300) int k,
            @ForAll long seed) {
        Random random = new Random(seed);
        boolean transposed = random.nextBoolean();
        int aRow = transposed ? 1 : k + random.nextInt(3);
        int aColumn = transposed ? m + random.nextInt(3) : 1;
        int aOffset = random.nextInt(5);
        int bOffset = random.nextInt(5);
        int cOffset = random.nextInt(5);
        int bStride = n + random.nextInt(4);
        int cStride = n + random.nextInt(4);
        float[] a = Floats.awkward(random, aOffset + m * k + 3 * Math.max(m, k) + 3);
        float[] b = Floats.awkward(random, bOffset + k * bStride);
        float[] c = Floats.awkward(random, cOffset + m * cStride);
        float[] naive = c.clone();
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                int ci = cOffset + i * cStride + j;
                for (int p = 0; p < k; p++) {
                    naive[ci] = Math.fma(a[aOffset + i * aRow + p * aColumn], b[bOffset + p * bStride + j], naive[ci]);
                }
            }
        }
        for (Kernels kernels : new Kernels[] {scalar, vector}) {
            float[] got = c.clone();
            kernels.gemm(m, n, k, a, aOffset, aRow, aColumn, b, bOffset, bStride, got, cOffset, cStride);
            Floats.assertSameBits(kernels.name(), got, naive);
        }
    }

    @Test
    void shouldMultiplyLargeMatricesAlike() {
        Random random = new Random(7);
        for (int m : new int[] {16, 22, 31, 264, 531, 557}) { // around blocks of rows, with every remainder of tiles
            for (boolean transposed : new boolean[] {false, true}) {
                int n = 144;
                int k = 300;
                float[] a = Floats.awkward(random, m * k);
                float[] b = Floats.awkward(random, k * n);
                float[] c = Floats.awkward(random, m * n);
                float[] byScalar = c.clone();
                float[] byVector = c.clone();
                int aRow = transposed ? 1 : k;
                int aColumn = transposed ? m : 1;
                scalar.gemm(m, n, k, a, 0, aRow, aColumn, b, 0, n, byScalar, 0, n);
                vector.gemm(m, n, k, a, 0, aRow, aColumn, b, 0, n, byVector, 0, n);
                Floats.assertSameBits(m + " rows", byVector, byScalar);
            }
        }
    }

    @Test
    void shouldBroadcastWhereStridesAreZero() {
        Random random = new Random(3);
        float[] b = Floats.awkward(random, 20 * 48);
        float[] one = {1f};
        float[] byScalar = new float[48];
        float[] byVector = new float[48];
        scalar.gemm(1, 48, 20, one, 0, 0, 0, b, 0, 48, byScalar, 0, 48);
        vector.gemm(1, 48, 20, one, 0, 0, 0, b, 0, 48, byVector, 0, 48);
        Floats.assertSameBits("column sums", byVector, byScalar);
    }

    @Property(tries = 200)
    void shouldMultiplyVectorsLikeGemmFromZero(
            @ForAll @IntRange(min = 1, max = 40) int m,
            @ForAll @IntRange(min = 1, max = 1200) int n,
            @ForAll long seed) {
        Random random = new Random(seed);
        int offset = random.nextInt(5);
        float[] x = Floats.awkward(random, m);
        float[] y = Floats.awkward(random, n);
        float[] want = new float[offset + m * n];
        scalar.gemm(m, n, 1, x, 0, 1, m, y, 0, n, want, offset, n);
        for (Kernels kernels : new Kernels[] {scalar, vector}) {
            float[] got = Floats.awkward(random, want.length);
            System.arraycopy(want, 0, got, 0, offset);
            kernels.outer(m, n, x, y, got, offset);
            Floats.assertSameBits(kernels.name(), got, want);
        }
    }

    @Property(tries = 200)
    void shouldFollowProductsOfVectorsLikeAdam(
            @ForAll @IntRange(min = 1, max = 40) int m,
            @ForAll @IntRange(min = 1, max = 70) int vectors,
            @ForAll long seed) {
        Random random = new Random(seed);
        int n = 16 * vectors;
        int offset = random.nextInt(5);
        int length = offset + m * n;
        float[] x = Floats.awkward(random, m);
        float[] y = Floats.awkward(random, n);
        float[] w = Floats.awkward(random, length + 3);
        float[] s = Floats.awkward(random, length + 3);
        float[] r = Floats.awkward(random, length + 3);
        float[] gradient = new float[length + 3];
        scalar.outer(m, n, x, y, gradient, offset);
        float[] wantW = w.clone();
        float[][] want = {s.clone(), r.clone()};
        Adam adam = new Adam(0.9, 0.999, 1e-8);
        adam.update(wantW, gradient, want, offset, length, 0.01f, 1_000_000); // so late that nothing is corrected
        for (Kernels kernels : new Kernels[] {scalar, vector}) {
            float[] gotW = w.clone();
            float[] gotS = s.clone();
            float[] gotR = r.clone();
            kernels.adamOuter(
                    m,
                    n,
                    x,
                    y,
                    gotW,
                    gotS,
                    gotR,
                    offset,
                    (float) (1 - adam.beta1()),
                    (float) (1 - adam.beta2()),
                    1e-8f,
                    -0.01f);
            Floats.assertSameBits(kernels.name() + " s", gotS, want[0]);
            Floats.assertSameBits(kernels.name() + " r", gotR, want[1]);
            Floats.assertSameBits(kernels.name() + " w", gotW, wantW);
        }
    }

    @Property(tries = 200)
    void shouldFollowGradientsAndProductsOfVectorsLikeRmsProp(
            @ForAll @IntRange(min = 1, max = 40) int m,
            @ForAll @IntRange(min = 1, max = 70) int vectors,
            @ForAll boolean inside,
            @ForAll long seed) {
        Random random = new Random(seed);
        int n = 16 * vectors;
        int offset = random.nextInt(5);
        int end = offset + m * n;
        float[] x = Floats.awkward(random, m);
        float[] y = Floats.awkward(random, n);
        float[] w = Floats.awkward(random, end + 3);
        float[] r = Floats.awkward(random, end + 3);
        float[] gradient = new float[end + 3];
        scalar.outer(m, n, x, y, gradient, offset);
        float before = inside ? 1e-6f : 0;
        float after = inside ? 0 : 1e-8f;
        float[] wantW = w.clone();
        float[] wantR = r.clone();
        for (int i = offset; i < end; i++) {
            float g = gradient[i];
            wantR[i] = Math.fma(0.01f, Math.fma(g, g, -r[i]), r[i]) + Kernels.FLUSH - Kernels.FLUSH;
            wantW[i] = Math.fma(-0.02f, g / ((float) Math.sqrt(wantR[i] + before) + after), w[i]);
        }
        for (Kernels kernels : new Kernels[] {scalar, vector}) {
            float[] gotW = w.clone();
            float[] gotR = r.clone();
            kernels.rmsProp(offset, end, gotW, gradient, gotR, 0.01f, before, after, -0.02f);
            Floats.assertSameBits(kernels.name() + " r", gotR, wantR);
            Floats.assertSameBits(kernels.name() + " w", gotW, wantW);
            gotW = w.clone();
            gotR = r.clone();
            kernels.rmsPropOuter(m, n, x, y, gotW, gotR, offset, 0.01f, before, after, -0.02f);
            Floats.assertSameBits(kernels.name() + " r of products", gotR, wantR);
            Floats.assertSameBits(kernels.name() + " w of products", gotW, wantW);
        }
    }

    @Property(tries = 200)
    void shouldUpdateSparseRowsLikeProductsOfOneRowEach(
            @ForAll @IntRange(min = 0, max = 40) int count,
            @ForAll @IntRange(min = 1, max = 20) int vectors,
            @ForAll long seed) {
        Random random = new Random(seed);
        int n = 16 * vectors;
        int from = random.nextInt(3);
        int offset = random.nextInt(3);
        int[] ids = random.ints(from + count, 0, 9).toArray(); // some twice
        float[] values = Floats.awkward(random, from + count);
        float[] y = Floats.awkward(random, n);
        float[] w = Floats.awkward(random, offset + 9 * n + 2);
        float[] r = Floats.awkward(random, offset + 9 * n + 2);
        float[] wantW = w.clone();
        float[] wantR = r.clone();
        for (int i = from; i < from + count; i++) {
            float[] value = {values[i]};
            scalar.rmsPropOuter(1, n, value, y, wantW, wantR, offset + ids[i] * n, 0.01f, 0, 1e-8f, -0.02f);
        }
        for (Kernels kernels : new Kernels[] {scalar, vector}) {
            float[] gotW = w.clone();
            float[] gotR = r.clone();
            kernels.rmsPropRows(from, from + count, ids, values, y, n, gotW, gotR, offset, 0.01f, 0, 1e-8f, -0.02f);
            Floats.assertSameBits(kernels.name() + " r", gotR, wantR);
            Floats.assertSameBits(kernels.name() + " w", gotW, wantW);
        }
    }

    @Property(tries = 200)
    void shouldAddSparseRowsLikeTheNaiveChain(
            @ForAll @IntRange(min = 0, max = 40) int count,
            @ForAll @IntRange(min = 1, max = 20) int vectors,
            @ForAll long seed) {
        Random random = new Random(seed);
        int width = 16 * vectors;
        int from = random.nextInt(3);
        int xOffset = random.nextInt(3);
        int tOffset = random.nextInt(3);
        int[] ids = random.ints(from + count, 0, 9).toArray(); // some twice
        float[] values = Floats.awkward(random, from + count);
        float[] x = Floats.awkward(random, xOffset + width + 2);
        float[] t = Floats.awkward(random, tOffset + 9 * width + 2);
        float[] sum = x.clone();
        float[] table = t.clone();
        for (int i = from; i < from + count; i++) {
            for (int j = 0; j < width; j++) {
                int at = tOffset + ids[i] * width + j;
                sum[xOffset + j] = Math.fma(values[i], t[at], sum[xOffset + j]);
                table[at] = Math.fma(values[i], x[xOffset + j], table[at]);
            }
        }
        for (Kernels kernels : new Kernels[] {scalar, vector}) {
            float[] gotSum = x.clone();
            float[] gotTable = t.clone();
            kernels.addRows(from, from + count, ids, values, t, tOffset, width, gotSum, xOffset);
            kernels.addToRows(from, from + count, ids, values, x, xOffset, width, gotTable, tOffset);
            Floats.assertSameBits(kernels.name() + " sum", gotSum, sum);
            Floats.assertSameBits(kernels.name() + " table", gotTable, table);
        }
    }

    @Property(tries = 200)
    void shouldGoBackThroughRectifiersAlike(@ForAll @IntRange(min = 0, max = 3000) int length, @ForAll long seed) {
        Random random = new Random(seed);
        float[] gradient = Floats.awkward(random, length + 5);
        float[] output = Floats.awkward(random, length + 5);
        for (float slope : new float[] {0f, 0.01f, 0.3f}) {
            float[] naive = gradient.clone();
            for (int i = 0; i < length; i++) {
                naive[i] = output[i] > 0f ? gradient[i] : slope * gradient[i];
            }
            for (Kernels kernels : new Kernels[] {scalar, vector}) {
                float[] got = gradient.clone();
                kernels.rectifierGradient(got, output, length, slope);
                Floats.assertSameBits(kernels.name(), got, naive);
            }
        }
    }

    @Property(tries = 200)
    void shouldSquashAlike(@ForAll @IntRange(min = 0, max = 3000) int length, @ForAll long seed) {
        Random random = new Random(seed);
        int from = random.nextInt(20);
        int to = from + length;
        float[] z = Floats.awkward(random, to + 5);
        float scale = new float[] {0.1f, 1f, 30f}[random.nextInt(3)];
        float[] sigmoid = z.clone();
        float[] tanh = z.clone();
        for (int i = 0; i < z.length; i++) {
            z[i] *= scale;
            sigmoid[i] = i >= from && i < to ? Reproducible.sigmoid(z[i]) : z[i];
            tanh[i] = i >= from && i < to ? Reproducible.tanh(z[i]) : z[i];
        }
        for (Kernels kernels : new Kernels[] {scalar, vector}) {
            float[] got = z.clone();
            kernels.sigmoid(got, from, to);
            Floats.assertSameBits(kernels.name() + " sigmoid", got, sigmoid);
            got = z.clone();
            kernels.tanh(got, from, to);
            Floats.assertSameBits(kernels.name() + " tanh", got, tanh);
        }
    }

    @Property(tries = 200)
    void shouldTakeExponentialsAndLogarithmsAlike(@ForAll @IntRange(min = 0, max = 300) int length, @ForAll long seed) {
        Random random = new Random(seed);
        float[] x = Floats.awkward(random, length + 5);
        double[] y = new double[length + 5];
        for (int i = 0; i < y.length; i++) {
            y[i] = random.nextInt(10) == 0
                    ? new double[] {1, 2, Double.MIN_NORMAL, Double.MAX_VALUE, Double.NaN, -Double.NaN}
                            [random.nextInt(6)]
                    : 1 + Math.exp(10 * random.nextGaussian());
        }
        float[] exponentials = x.clone();
        double[] logarithms = y.clone();
        for (int i = 0; i < length; i++) {
            exponentials[i] = Reproducible.exp(-Math.abs(x[i]));
            logarithms[i] = Reproducible.log(y[i]);
        }
        for (Kernels kernels : new Kernels[] {scalar, vector}) {
            float[] gotExponentials = x.clone();
            double[] gotLogarithms = y.clone();
            kernels.expOfMagnitude(gotExponentials, length);
            kernels.log(gotLogarithms, length);
            Floats.assertSameBits(kernels.name(), gotExponentials, exponentials);
            assertThat(Arrays.equals(gotLogarithms, logarithms))
                    .as(kernels.name())
                    .isTrue();
        }
    }

    @Property(tries = 200)
    void shouldAddNumbersToSumsAlike(@ForAll @IntRange(min = 0, max = 100) int length, @ForAll long seed) {
        Random random = new Random(seed);
        float[] x = Floats.awkward(random, length);
        double[] y = new double[length];
        double[] sums = new double[length + 3];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = random.nextGaussian();
        }
        for (int i = 0; i < length; i++) {
            y[i] = random.nextInt(4) == 0 ? Double.NaN : random.nextGaussian();
        }
        double[] ofFloats = sums.clone();
        double[] ofDoubles = sums.clone();
        for (int i = 0; i < length; i++) {
            ofFloats[i] += x[i];
            ofDoubles[i] = Double.isNaN(y[i]) ? sums[i] : sums[i] + y[i];
        }
        for (Kernels kernels : new Kernels[] {scalar, vector}) {
            double[] gotOfFloats = sums.clone();
            double[] gotOfDoubles = sums.clone();
            kernels.addFloats(x, length, gotOfFloats);
            kernels.addDoubles(y, length, gotOfDoubles);
            assertThat(gotOfFloats).as(kernels.name()).isEqualTo(ofFloats);
            assertThat(gotOfDoubles).as(kernels.name()).isEqualTo(ofDoubles);
        }
    }

    @Property(tries = 200)
    void shouldStandardizeRowsLikeTheFormula(
            @ForAll @IntRange(min = 1, max = 12) int rows,
            @ForAll @IntRange(min = 1, max = 70) int width,
            @ForAll @IntRange(min = 0, max = 2000) int seen,
            @ForAll long seed) {
        Random random = new Random(seed);
        int offset = random.nextInt(3);
        float[] x = Floats.awkward(random, offset + rows * width + 3);
        double[] means = new double[width];
        double[] variances = new double[width];
        for (int j = 0; j < width && seen > 0; j++) {
            means[j] = random.nextGaussian();
            variances[j] = new double[] {0, 1e-13, 1e-9, 1, 1e30}[random.nextInt(5)];
        }
        float[] want = x.clone();
        double[] wantMeans = means.clone();
        double[] wantVariances = variances.clone();
        for (int i = 0; i < rows; i++) {
            double weight = Math.max(1.0 / (seen + i + 1), 0.001);
            for (int j = 0; j < width; j++) {
                int at = offset + i * width + j;
                double difference = x[at] - wantMeans[j];
                wantMeans[j] = wantMeans[j] + weight * difference + 1e-130 - 1e-130;
                wantVariances[j] =
                        (1 - weight) * (wantVariances[j] + weight * difference * difference) + 1e-130 - 1e-130;
                double z = (x[at] - wantMeans[j]) / Math.sqrt(wantVariances[j]);
                want[at] = wantVariances[j] > 1e-12 ? (float) Math.max(-10, Math.min(10, z)) : 0f;
            }
        }
        for (Kernels kernels : new Kernels[] {scalar, vector}) {
            float[] got = x.clone();
            double[] gotMeans = means.clone();
            double[] gotVariances = variances.clone();
            kernels.standardize(rows, width, got, offset, gotMeans, gotVariances, seen, 0.001, new double[width]);
            Floats.assertSameBits(kernels.name(), got, want);
            assertThat(Arrays.equals(gotMeans, wantMeans)).as(kernels.name()).isTrue();
            assertThat(Arrays.equals(gotVariances, wantVariances))
                    .as(kernels.name())
                    .isTrue();
        }
    }

    @Test
    void shouldKeepItsScratchToItself() {
        for (Kernels kernels : new Kernels[] {scalar, vector}) {
            assertThat(kernels.newInstance()).isNotSameAs(kernels).hasSameClassAs(kernels);
        }
    }

    /** The NaN of {@code 0 / 0} has a sign on x86. Before a method is compiled, Java 17 does not remove it in {@code abs}. */
    @Test
    void shouldFindANaNOfEitherSignAtAnyPlace() {
        for (int bits : new int[] {0x7fc00000, 0xffc00000}) {
            for (int place = 0; place < 70; place++) {
                float[] x = new float[70];
                x[place] = Float.intBitsToFloat(bits);
                assertThat(scalar.largestMagnitude(x, x.length)).isNaN();
                assertThat(vector.largestMagnitude(x, x.length)).isNaN();
            }
        }
    }
}
