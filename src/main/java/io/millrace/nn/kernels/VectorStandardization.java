package io.millrace.nn.kernels;

import static io.millrace.nn.kernels.Standardization.CLIP;
import static io.millrace.nn.kernels.Standardization.FLUSH;
import static io.millrace.nn.kernels.Standardization.MIN_VARIANCE;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link VectorKernels#standardize}: lanes along the features, since the rows of a feature depend on each other.
 *
 * <p>A vector of floats has twice as many lanes as one of doubles, and only its lower half is used. Half a vector of floats would be a second shape
 * of {@code FloatVector}, and where there are two, C2 no longer knows which one a loop holds: all kernels would then have their vectors on the
 * heap. What is stored behind the lower half is overwritten by the next store, or lies between rows: so the results have memory of their own.
 */
final class VectorStandardization {
    static final VectorSpecies<Double> SPECIES = VectorGemm.LANES == 16
            ? DoubleVector.SPECIES_512
            : VectorGemm.LANES == 8 ? DoubleVector.SPECIES_256 : DoubleVector.SPECIES_128;
    static final int LANES = SPECIES.length();

    /** Below this many numbers plain Java is as fast. */
    private static final int MIN_NUMBERS = 64;

    private static final int COLUMNS = 512;
    private static final int ROWS = 64;

    private final float[] entered = new float[8 * COLUMNS + LANES]; // rows of features
    private final float[] scaled = new float[entered.length + ROWS * LANES];
    private final double[] weights = new double[ROWS];
    private final double[] lastMeans = new double[LANES];
    private final double[] lastVariances = new double[LANES];

    void standardize(
            int rows,
            int width,
            float[] x,
            int xOffset,
            double[] means,
            double[] variances,
            long seen,
            double least,
            double[] scratch) {
        if (rows == 1 || rows * width < MIN_NUMBERS) { // one row took longer than in plain Java in some processes
            Standardization.standardize(rows, width, x, xOffset, means, variances, seen, least, scratch);
            return;
        }
        int rest = width % LANES;
        int whole = width - rest;
        for (int j = 0; j < whole; j += COLUMNS) {
            int count = Math.min(COLUMNS, whole - j);
            columns(count, count, rows, width, x, xOffset + j, means, variances, j, seen, least);
        }
        if (rest > 0) { // features that fill no vector: with statistics that do
            System.arraycopy(means, whole, lastMeans, 0, rest);
            System.arraycopy(variances, whole, lastVariances, 0, rest);
            columns(rest, LANES, rows, width, x, xOffset + whole, lastMeans, lastVariances, 0, seen, least);
            System.arraycopy(lastMeans, 0, means, whole, rest);
            System.arraycopy(lastVariances, 0, variances, whole, rest);
        }
    }

    /**
     * Some columns.
     *
     * @param stride {@code count}, rounded up to vectors; what is computed there nobody reads
     * @param from of the statistics
     */
    private void columns(
            int count,
            int stride,
            int rows,
            int width,
            float[] x,
            int x0,
            double[] means,
            double[] variances,
            int from,
            long seen,
            double least) {
        int scaledStride = stride == LANES ? stride : stride + LANES;
        int most = Math.min(ROWS, 8 * COLUMNS / stride);
        for (int i = 0; i < rows; i += most) {
            int height = Math.min(most, rows - i);
            int row = x0 + i * width;
            for (int k = 0; k < height; k++) {
                weights[k] = Standardization.weight(seen + i + k + 1, least);
            }
            copy(height, count, x, row, width, entered, 0, stride);
            for (int j = 0; j < stride; j += LANES) {
                vector(height, stride, entered, scaledStride, scaled, j, weights, means, variances, from + j);
            }
            copy(height, count, scaled, 0, scaledStride, x, row, width);
        }
    }

    private static void copy(int rows, int count, float[] x, int x0, int xStride, float[] y, int y0, int yStride) {
        if (xStride == yStride && xStride == count) {
            System.arraycopy(x, x0, y, y0, rows * count);
            return;
        }
        for (int i = 0; i < rows; i++) {
            System.arraycopy(x, x0 + i * xStride, y, y0 + i * yStride, count);
        }
    }

    /** The statistics of one vector of features stay in registers while the rows run. */
    private static void vector(
            int rows,
            int stride,
            float[] x,
            int scaledStride,
            float[] scaled,
            int j,
            double[] weights,
            double[] means,
            double[] variances,
            int from) {
        DoubleVector mean = DoubleVector.fromArray(SPECIES, means, from);
        DoubleVector variance = DoubleVector.fromArray(SPECIES, variances, from);
        for (int i = 0, at = j, to = j; i < rows; i++, at += stride, to += scaledStride) {
            DoubleVector value = (DoubleVector)
                    FloatVector.fromArray(VectorGemm.SPECIES, x, at).convertShape(VectorOperators.F2D, SPECIES, 0);
            DoubleVector difference = value.sub(mean);
            DoubleVector step = difference.mul(weights[i]);
            mean = mean.add(step).add(FLUSH).sub(FLUSH);
            variance = variance.add(step.mul(difference))
                    .mul(1 - weights[i])
                    .add(FLUSH)
                    .sub(FLUSH);
            DoubleVector z = value.sub(mean).div(variance.lanewise(VectorOperators.SQRT));
            z = z.blend(CLIP, z.compare(VectorOperators.GT, CLIP)); // min takes longer, for the sake of NaN
            z = z.blend(-CLIP, z.compare(VectorOperators.LT, -CLIP));
            DoubleVector.zero(SPECIES)
                    .blend(z, variance.compare(VectorOperators.GT, MIN_VARIANCE))
                    .convertShape(VectorOperators.D2F, VectorGemm.SPECIES, 0)
                    .reinterpretAsFloats()
                    .intoArray(scaled, to);
        }
        mean.intoArray(means, from);
        variance.intoArray(variances, from);
    }
}
