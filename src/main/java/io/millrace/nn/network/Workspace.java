package io.millrace.nn.network;

import io.millrace.nn.kernels.Kernels;

/**
 * The memory of a forward pass: the outputs of each layer for up to {@code maxRows} rows, and kernels with their scratch. Made by
 * {@link Network#workspace}; for one thread at a time.
 */
public final class Workspace {
    private final int maxRows;
    private final Kernels kernels;
    private final float[][] outputs; // per layer [maxRows x stride], after the activation
    private final float[] inverseDeviations; // [largest stride of a layer with batch normalisation]

    Workspace(Network network, Kernels kernels, int maxRows) {
        if (maxRows < 1) {
            throw new IllegalArgumentException("a workspace for " + maxRows + " rows: give at least 1");
        }
        this.maxRows = maxRows;
        this.kernels = kernels;
        this.outputs = new float[network.layout().layers()][];
        int widest = 0;
        for (int l = 0; l < outputs.length; l++) {
            int stride = network.layout().stride(l);
            outputs[l] = new float[Math.multiplyExact(maxRows, stride)];
            widest = network.architecture().layers().get(l).normalized() ? Math.max(widest, stride) : widest;
        }
        this.inverseDeviations = new float[widest];
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

    /** Scratch of batch normalisation in evaluation, for one layer at a time. */
    float[] inverseDeviations() {
        return inverseDeviations;
    }
}
