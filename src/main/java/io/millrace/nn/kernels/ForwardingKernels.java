package io.millrace.nn.kernels;

/** Kernels that other kernels compute, each by those that {@link #of} names. */
abstract class ForwardingKernels implements Kernels {
    /** What computes a kernel now. */
    abstract Kernels of(Kernel kernel);

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
        of(Kernel.GEMM).gemm(m, n, k, a, aOffset, aRow, aColumn, b, bOffset, bStride, c, cOffset, cStride);
    }

    @Override
    public void outer(int m, int n, float[] x, float[] y, float[] c, int cOffset) {
        of(Kernel.OUTER).outer(m, n, x, y, c, cOffset);
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
        of(Kernel.ADAM_OUTER).adamOuter(m, n, x, y, w, s, r, offset, oneMinusRho1, oneMinusRho2, delta, minusRate);
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
        of(Kernel.RMS_PROP).rmsProp(from, to, w, g, r, oneMinusRho, inside, outside, minusRate);
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
        of(Kernel.RMS_PROP_OUTER).rmsPropOuter(m, n, x, y, w, r, offset, oneMinusRho, inside, outside, minusRate);
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
        of(Kernel.RMS_PROP_ROWS)
                .rmsPropRows(from, to, ids, values, y, n, w, r, offset, oneMinusRho, inside, outside, minusRate);
    }

    @Override
    public void addRows(
            int from, int to, int[] ids, float[] values, float[] t, int tOffset, int width, float[] y, int yOffset) {
        of(Kernel.ADD_ROWS).addRows(from, to, ids, values, t, tOffset, width, y, yOffset);
    }

    @Override
    public void addToRows(
            int from, int to, int[] ids, float[] values, float[] x, int xOffset, int width, float[] t, int tOffset) {
        of(Kernel.ADD_TO_ROWS).addToRows(from, to, ids, values, x, xOffset, width, t, tOffset);
    }

    @Override
    public void rectifierGradient(float[] gradient, float[] output, int length, float slope) {
        of(Kernel.RECTIFIER_GRADIENT).rectifierGradient(gradient, output, length, slope);
    }

    @Override
    public float largestMagnitude(float[] x, int length) {
        return of(Kernel.LARGEST_MAGNITUDE).largestMagnitude(x, length);
    }

    @Override
    public void sigmoid(float[] z, int from, int to) {
        of(Kernel.SIGMOID).sigmoid(z, from, to);
    }

    @Override
    public void tanh(float[] z, int from, int to) {
        of(Kernel.TANH).tanh(z, from, to);
    }

    @Override
    public void expOfMagnitude(float[] x, int length) {
        of(Kernel.EXP_OF_MAGNITUDE).expOfMagnitude(x, length);
    }

    @Override
    public void log(double[] x, int length) {
        of(Kernel.LOG).log(x, length);
    }

    @Override
    public void addFloats(float[] x, int length, double[] sums) {
        of(Kernel.ADD_FLOATS).addFloats(x, length, sums);
    }

    @Override
    public void addDoubles(double[] x, int length, double[] sums) {
        of(Kernel.ADD_DOUBLES).addDoubles(x, length, sums);
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
        of(Kernel.STANDARDIZE).standardize(rows, width, x, xOffset, means, variances, seen, least, scratch);
    }
}
