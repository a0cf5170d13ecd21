package io.millrace.learner.input;

import io.millrace.feature.InputRow;
import io.millrace.nn.kernels.Standardization;
import java.util.Arrays;

/** Turns one row of features into inputs of the network with given statistics, as a prediction does. For one thread; allocates nothing after construction. */
public final class RowScaler {
    private final double[] scratch;
    private final float missing; // what a missing number becomes

    /**
     * @param width number of inputs
     * @param sequence whether they are a sequence whose first steps may be missing. Their numbers are NaN then; other missing numbers become 0
     */
    public RowScaler(int width, boolean sequence) {
        scratch = new double[width];
        missing = sequence ? Float.NaN : 0f;
    }

    /**
     * Scales a row of features.
     *
     * @param row features of an {@code Example}, of a sequence perhaps the last ones only, or numbers; not modified
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
        int padding = inputs.length - features.length;
        System.arraycopy(features, 0, inputs, padding, features.length);
        if (means.length > 0) {
            Standardization.widen(inputs, 0, scratch);
            Standardization.scale(scratch, means, variances);
            Standardization.narrow(scratch, inputs, 0);
        }
        Arrays.fill(inputs, 0, padding, Float.NaN);
    }

    /** Scales the numbers from {@code from} on; NaN is a missing one. */
    void scale(double[] numbers, int from, double[] means, double[] variances, float[] inputs, int to) {
        System.arraycopy(numbers, from, scratch, 0, scratch.length);
        if (means.length > 0) {
            Standardization.scale(scratch, means, variances);
        }
        for (int j = 0; j < scratch.length; j++) {
            inputs[to + j] = Double.isNaN(numbers[from + j]) ? missing : (float) scratch[j];
        }
    }
}
