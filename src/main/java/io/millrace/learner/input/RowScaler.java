package io.millrace.learner.input;

import io.millrace.feature.InputRow;
import io.millrace.nn.kernels.Standardization;

/** Turns one row of features into inputs of the network with given statistics, as a prediction does. For one thread; allocates nothing after construction. */
public final class RowScaler {
    private final double[] scratch;

    /** @param width number of inputs */
    public RowScaler(int width) {
        scratch = new double[width];
    }

    /**
     * Scales a row of features.
     *
     * @param row features of an {@code Example}, or numbers; not modified
     * @param means one for each input; empty: features enter as they are
     * @param variances as many
     * @param inputs {@code [inputs]}, overwritten
     */
    public void scale(InputRow row, double[] means, double[] variances, float[] inputs) {
        float[] features = row.features();
        if (features == null) {
            scale(row.numbers(), 0, means, variances, inputs, 0);
            return;
        }
        if (means.length == 0) {
            System.arraycopy(features, 0, inputs, 0, inputs.length);
            return;
        }
        Standardization.widen(features, 0, scratch);
        Standardization.scale(scratch, means, variances);
        Standardization.narrow(scratch, inputs, 0);
    }

    /** Scales the numbers from {@code from} on; a missing one, NaN, becomes 0. */
    void scale(double[] numbers, int from, double[] means, double[] variances, float[] inputs, int to) {
        System.arraycopy(numbers, from, scratch, 0, scratch.length);
        if (means.length > 0) {
            Standardization.scale(scratch, means, variances);
        }
        for (int j = 0; j < scratch.length; j++) {
            inputs[to + j] = Double.isNaN(scratch[j]) ? 0f : (float) scratch[j];
        }
    }
}
