package io.millrace.nn.kernels;

/**
 * Uses plain Java until the vector kernels are compiled, and then the vector kernels. Both give the same bits. This is for the start of a
 * process: an interpreted vector is an object on the heap, so for a second or more the vector kernels would take fifty times as long as
 * plain Java.
 */
final class WarmingKernels implements Kernels {
    private final WarmUp warmUp;
    private final Kernels vector; // computes nothing itself: it makes instances
    private Kernels now = new ScalarKernels();
    private boolean changed;

    WarmingKernels(Kernels vector, WarmUp warmUp) {
        this.vector = vector;
        this.warmUp = warmUp;
    }

    /** The change allocates once, because scratch memory for both would cost memory in every loaded model. */
    private Kernels now() {
        if (!changed && warmUp.isDone()) {
            now = vector.newInstance();
            changed = true;
        }
        return now;
    }

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
        now().gemm(m, n, k, a, aOffset, aRow, aColumn, b, bOffset, bStride, c, cOffset, cStride);
    }

    @Override
    public void outer(int m, int n, float[] x, float[] y, float[] c, int cOffset) {
        now().outer(m, n, x, y, c, cOffset);
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
        now().adamOuter(m, n, x, y, w, s, r, offset, oneMinusRho1, oneMinusRho2, delta, minusRate);
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
        now().rmsProp(from, to, w, g, r, oneMinusRho, inside, outside, minusRate);
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
        now().rmsPropOuter(m, n, x, y, w, r, offset, oneMinusRho, inside, outside, minusRate);
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
        now().rmsPropRows(from, to, ids, values, y, n, w, r, offset, oneMinusRho, inside, outside, minusRate);
    }

    @Override
    public void addRows(
            int from, int to, int[] ids, float[] values, float[] t, int tOffset, int width, float[] y, int yOffset) {
        now().addRows(from, to, ids, values, t, tOffset, width, y, yOffset);
    }

    @Override
    public void addToRows(
            int from, int to, int[] ids, float[] values, float[] x, int xOffset, int width, float[] t, int tOffset) {
        now().addToRows(from, to, ids, values, x, xOffset, width, t, tOffset);
    }

    @Override
    public void rectifierGradient(float[] gradient, float[] output, int length, float slope) {
        now().rectifierGradient(gradient, output, length, slope);
    }

    @Override
    public float largestMagnitude(float[] x, int length) {
        return now().largestMagnitude(x, length);
    }

    @Override
    public void sigmoid(float[] z, int length) {
        now().sigmoid(z, length);
    }

    @Override
    public void tanh(float[] z, int length) {
        now().tanh(z, length);
    }

    @Override
    public Kernels newInstance() {
        return warmUp.isDone() ? vector.newInstance() : new WarmingKernels(vector, warmUp);
    }

    @Override
    public String name() {
        return vector.name();
    }

    @Override
    public int lanes() {
        return vector.lanes();
    }
}
