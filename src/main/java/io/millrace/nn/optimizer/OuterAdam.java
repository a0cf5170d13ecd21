package io.millrace.nn.optimizer;

import io.millrace.nn.kernels.Kernels;

/** The update of {@link Adam} with the gradient of a single row. */
final class OuterAdam implements OuterUpdate {
    private final float[] value = new float[1];
    private final Adam adam;
    private final float[][] moments;
    private float epsilon;
    private float minusRate;

    OuterAdam(Adam adam, float[][] moments) {
        this.adam = adam;
        this.moments = moments;
    }

    @Override
    public void begin(float learningRate, long step) {
        double root = adam.root(step);
        epsilon = (float) (adam.epsilon() * root);
        minusRate = adam.minusRate(learningRate, root, step);
    }

    @Override
    public void move(Kernels kernels, int m, int n, float[] x, float[] y, float[] parameters, int offset) {
        kernels.adamOuter(
                m,
                n,
                x,
                y,
                parameters,
                moments[0],
                moments[1],
                offset,
                (float) (1 - adam.beta1()),
                (float) (1 - adam.beta2()),
                epsilon,
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
        for (int i = from; i < to; i++) {
            value[0] = values[i];
            move(kernels, 1, n, value, y, parameters, offset + ids[i] * n);
        }
    }
}
