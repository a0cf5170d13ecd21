package io.millrace.nn.network;

import java.util.Arrays;

/**
 * Where the state of a network lies, what training moves besides the gradient's steps: for each layer with batch normalisation the
 * running {@code mean}, then the running {@code variance}. Padded {@code [stride]} each in memory, canonical {@code [out]} each on
 * the wire, as {@link ParameterLayout} has it. Empty for networks without batch normalisation.
 */
final class StateLayout {
    private final Architecture architecture;
    private final RowLayout rows;

    StateLayout(Architecture architecture) {
        this.architecture = architecture;
        int layers = architecture.layers().size();
        long[] count = new long[layers];
        int[] units = new int[layers];
        for (int l = 0; l < layers; l++) {
            count[l] = architecture.layers().get(l).normalized() ? 2 : 0;
            units[l] = architecture.outputsOf(l);
        }
        rows = new RowLayout(count, units);
    }

    /** Floats of the padded array. */
    int length() {
        return rows.length();
    }

    /** Floats of the canonical array. */
    int count() {
        return rows.count();
    }

    /** Index in the padded array of the running mean of unit 0 of layer {@code l}, which has batch normalisation. */
    int meanOffset(int l) {
        return rows.offset(l);
    }

    /** Index in the padded array of the running variance of unit 0 of layer {@code l}, which has batch normalisation. */
    int varianceOffset(int l) {
        return rows.offset(l) + rows.stride(l);
    }

    /** Mean 0 and variance 1, padding 0. */
    void initialize(float[] state) {
        Arrays.fill(state, 0f);
        for (int l = 0; l < rows.layers(); l++) {
            if (architecture.layers().get(l).normalized()) {
                int variance = varianceOffset(l);
                Arrays.fill(state, variance, variance + architecture.outputsOf(l), 1f);
            }
        }
    }

    void toCanonical(float[] padded, float[] canonical) {
        rows.toCanonical(padded, 0, count(), canonical, 0);
    }

    void fromCanonical(float[] canonical, float[] padded) {
        Arrays.fill(padded, 0f);
        rows.fromCanonical(canonical, 0, 0, count(), padded);
    }
}
