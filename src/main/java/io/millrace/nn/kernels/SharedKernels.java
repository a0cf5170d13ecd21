package io.millrace.nn.kernels;

/**
 * Computes large products in a {@link KernelTeam}, and everything else in the calling thread. A product is cut along its rows or its columns: each
 * chain stays whole, so that the bits are those of one thread. An update is not cut: its time is that of the memory, and parts of the weights
 * would go from one processor's cache to the other's.
 */
final class SharedKernels extends ForwardingKernels {
    /** Below this many multiply-adds, some 10 us, a product is not worth waking a thread. */
    private static final long LEAST_WORK = 1 << 19;
    /** Parts begin at multiples of this: of columns it is a wide tile of any vector, of rows the height of a panel. */
    private static final int COLUMNS = 64;

    private static final int ROWS = 16;

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

    /** The size of a part, a multiple of {@code unit}. One part for each thread: smaller ones copy more. */
    private int partSize(int length, int unit) {
        int units = (length + unit - 1) / unit;
        return (units + team.size() - 1) / team.size() * unit;
    }

    private static int parts(int length, int size) {
        return (length + size - 1) / size;
    }

    @Override
    Kernels of(Kernel kernel) {
        return own;
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
