package io.millrace.nn.kernels;

/**
 * Computes large products in a {@link KernelTeam}, and everything else in the calling thread. A product is cut along its rows or its columns: each
 * chain stays whole, so that the bits are those of one thread. An update is not cut: its time is that of the memory, and parts of the weights
 * would go from one processor's cache to the other's.
 */
final class SharedKernels implements Kernels {
    /** Below this many multiply-adds, some 10 us, a product is not worth waking a thread. */
    private static final long LEAST_WORK = 1 << 19;
    /** Parts begin at multiples of this: of columns it is a wide tile of any vector, of rows twice two heights of tiles. */
    private static final int COLUMNS = 64;

    private static final int ROWS = 24;

    private final Kernels own;
    private final KernelTeam team;
    private final Product product = new Product();

    /** @param kernels makes the instance that computes in the calling thread */
    SharedKernels(Kernels kernels, KernelTeam team) {
        own = kernels.newInstance();
        this.team = team;
    }

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
        if ((long) m * n * k < LEAST_WORK) {
            own.gemm(m, n, k, a, aOffset, aRowStride, aColumnStride, b, bOffset, bStride, c, cOffset, cStride);
            return;
        }
        product.m = m;
        product.n = n;
        product.k = k;
        product.a = a;
        product.aOffset = aOffset;
        product.aRowStride = aRowStride;
        product.aColumnStride = aColumnStride;
        product.b = b;
        product.bOffset = bOffset;
        product.bStride = bStride;
        product.c = c;
        product.cOffset = cOffset;
        product.cStride = cStride;
        product.byRows = m >= n;
        int length = product.byRows ? m : n;
        product.size = partSize(length, product.byRows ? ROWS : COLUMNS);
        team.compute(product, parts(length, product.size), own);
    }

    /** The size of a part, a multiple of {@code unit}. One part for each thread: smaller ones copy more, and fill no tall tiles. */
    private int partSize(int length, int unit) {
        int units = (length + unit - 1) / unit;
        return (units + team.size() - 1) / team.size() * unit;
    }

    private static int parts(int length, int size) {
        return (length + size - 1) / size;
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
        own.rmsProp(from, to, w, g, r, oneMinusRho, inside, outside, minusRate);
    }

    @Override
    public void outer(int m, int n, float[] x, float[] y, float[] c, int cOffset) {
        own.outer(m, n, x, y, c, cOffset);
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
        own.adamOuter(m, n, x, y, w, s, r, offset, oneMinusRho1, oneMinusRho2, delta, minusRate);
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
        own.rmsPropOuter(m, n, x, y, w, r, offset, oneMinusRho, inside, outside, minusRate);
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
        own.rmsPropRows(from, to, ids, values, y, n, w, r, offset, oneMinusRho, inside, outside, minusRate);
    }

    @Override
    public void addRows(
            int from, int to, int[] ids, float[] values, float[] t, int tOffset, int width, float[] y, int yOffset) {
        own.addRows(from, to, ids, values, t, tOffset, width, y, yOffset);
    }

    @Override
    public void addToRows(
            int from, int to, int[] ids, float[] values, float[] x, int xOffset, int width, float[] t, int tOffset) {
        own.addToRows(from, to, ids, values, x, xOffset, width, t, tOffset);
    }

    @Override
    public void rectifierGradient(float[] gradient, float[] output, int length, float slope) {
        own.rectifierGradient(gradient, output, length, slope);
    }

    @Override
    public float largestMagnitude(float[] x, int length) {
        return own.largestMagnitude(x, length);
    }

    @Override
    public void sigmoid(float[] z, int length) {
        own.sigmoid(z, length);
    }

    @Override
    public void tanh(float[] z, int length) {
        own.tanh(z, length);
    }

    @Override
    public void expOfMagnitude(float[] x, int length) {
        own.expOfMagnitude(x, length);
    }

    @Override
    public void log(double[] x, int length) {
        own.log(x, length);
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
        own.standardize(rows, width, x, xOffset, means, variances, seen, least, scratch);
    }

    @Override
    public Kernels newInstance() {
        return new SharedKernels(own, team);
    }

    @Override
    public String name() {
        return own.name();
    }

    @Override
    public int lanes() {
        return own.lanes();
    }

    /** The arguments of {@link Kernels#gemm}, and where it is cut. */
    private static final class Product implements KernelTeam.Parts {
        private int m;
        private int n;
        private int k;
        private float[] a;
        private int aOffset;
        private int aRowStride;
        private int aColumnStride;
        private float[] b;
        private int bOffset;
        private int bStride;
        private float[] c;
        private int cOffset;
        private int cStride;
        private boolean byRows;
        private int size;

        @Override
        public void compute(int part, Kernels kernels) {
            int at = part * size;
            if (byRows) {
                kernels.gemm(
                        Math.min(size, m - at),
                        n,
                        k,
                        a,
                        aOffset + at * aRowStride,
                        aRowStride,
                        aColumnStride,
                        b,
                        bOffset,
                        bStride,
                        c,
                        cOffset + at * cStride,
                        cStride);
            } else {
                kernels.gemm(
                        m,
                        Math.min(size, n - at),
                        k,
                        a,
                        aOffset,
                        aRowStride,
                        aColumnStride,
                        b,
                        bOffset + at,
                        bStride,
                        c,
                        cOffset + at,
                        cStride);
            }
        }
    }
}
