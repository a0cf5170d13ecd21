package io.millrace.nn.optimizer;

import io.millrace.nn.kernels.Kernels;

/** The update of {@link RmsProp} with the gradient of a single row. */
final class OuterRmsProp implements OuterUpdate {
    private final RmsProp rmsProp;
    private final float[] meanSquares;
    private float minusRate;

    OuterRmsProp(RmsProp rmsProp, float[] meanSquares) {
        this.rmsProp = rmsProp;
        this.meanSquares = meanSquares;
    }

    @Override
    public void begin(float learningRate, long step) {
        minusRate = -learningRate;
    }

    @Override
    public void move(Kernels kernels, int m, int n, float[] x, float[] y, float[] parameters, int offset) {
        kernels.rmsPropOuter(
                m,
                n,
                x,
                y,
                parameters,
                meanSquares,
                offset,
                rmsProp.oneMinusRho(),
                rmsProp.inside(),
                rmsProp.outside(),
                minusRate);
    }

    @Override
    public void moveRows(
            Kernels kernels,
            int from,
            int to,
            int[] ids,
            float[] values,
            float[] y,
            int n,
            float[] parameters,
            int offset) {
        kernels.rmsPropRows(
                from,
                to,
                ids,
                values,
                y,
                n,
                parameters,
                meanSquares,
                offset,
                rmsProp.oneMinusRho(),
                rmsProp.inside(),
                rmsProp.outside(),
                minusRate);
    }
}
