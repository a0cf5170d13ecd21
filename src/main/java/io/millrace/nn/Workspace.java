package io.millrace.nn;

import io.millrace.nn.kernels.Kernels;

/**
 * The memory of a forward pass: the outputs of each layer for up to {@code maxRows} rows, and kernels with their scratch. Made by
 * {@link Network#workspace}; for one thread at a time.
 */
public final class Workspace {
    private final int maxRows;
    private final Kernels kernels;
    private final float[][] outputs; // per layer [maxRows x stride], after the activation

    Workspace(ParameterLayout layout, Kernels kernels, int maxRows) {
        if (maxRows < 1) {
            throw new IllegalArgumentException("a workspace for " + maxRows + " rows: give at least 1");
        }
        this.maxRows = maxRows;
        this.kernels = kernels;
        this.outputs = new float[layout.layers()][];
        for (int l = 0; l < outputs.length; l++) {
            outputs[l] = new float[Math.multiplyExact(maxRows, layout.stride(l))];
        }
    }

    /** The most rows that a pass may have. */
    public int maxRows() {
        return maxRows;
    }

    /** The logits of the last forward pass, the live array: row {@code i} starts at {@code i * logitsStride()}. */
    public float[] logits() {
        return outputs[outputs.length - 1];
    }

    /** Distance between rows of {@link #logits()}, in floats. */
    public int logitsStride() {
        return logits().length / maxRows;
    }

    Kernels kernels() {
        return kernels;
    }

    /** What layer {@code l} put out, {@code [maxRows x stride]}. */
    float[] outputs(int l) {
        return outputs[l];
    }
}
