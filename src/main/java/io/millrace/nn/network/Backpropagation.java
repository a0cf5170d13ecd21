package io.millrace.nn.network;

import io.millrace.nn.activation.Activation;
import io.millrace.nn.kernels.Kernels;
import io.millrace.nn.optimizer.OuterUpdate;
import java.util.Arrays;

/**
 * The backward pass (Rumelhart, Hinton and Williams, 1986): from the gradient by the logits to the gradient by every parameter.
 * Where the outputs of a layer are read in several places, or its parameters used by several layers, the gradients add up, those of later
 * layers first. Owns the gradients by the layers' outputs; for one thread.
 */
final class Backpropagation {
    private static final float[] ONE = {1f};

    private final Architecture architecture;
    private final Network network;
    private final Graph graph;
    private final ParameterLayout layout;
    private final TrainingPass pass;
    private final InputGradient inputGradient;
    private final float[][]
            deltas; // per layer [maxRows x stride]: gradient by its outputs, then by what enters its activation
    private final boolean[] received; // per layer: whether its delta holds a gradient of this pass
    private final boolean[] begun; // per layer: whether the gradient by its own parameters holds one of this pass
    private double bound; // of an element of the gradient, in the last pass
    private final float[] share; // [maxRows x largest stride]: a gradient to be added; empty in a chain

    /** @param pass whose forward pass, if it is one of training, it goes back through */
    Backpropagation(Network network, TrainingPass pass, int maxRows) {
        this.architecture = network.architecture();
        this.network = network;
        this.graph = network.graph();
        this.layout = network.layout();
        this.pass = pass;
        this.inputGradient = new InputGradient(graph, maxRows);
        this.deltas = new float[layout.layers()][];
        int adding = 0;
        for (int l = 0; l < deltas.length; l++) {
            deltas[l] = new float[Math.multiplyExact(maxRows, layout.stride(l))];
            adding = graph.readers(l) > 1 ? Math.max(adding, deltas[l].length) : adding;
        }
        this.received = new boolean[deltas.length];
        this.begun = new boolean[deltas.length];
        this.share = new float[adding];
    }

    /** The gradient by the logits, {@code [maxRows x stride]}: fill it before {@link #backward}; its padding stays zero. */
    float[] logitsGradient() {
        return deltas[deltas.length - 1];
    }

    /** Its scratch, which is free between two passes. */
    InputGradient inputGradient() {
        return inputGradient;
    }

    /**
     * The gradient of the last {@link #backward} by what the weights of layer {@code l} put out, {@code x W + b}, or {@code x W} with
     * batch normalisation; {@code [maxRows x stride]}.
     */
    float[] delta(int l) {
        return deltas[l];
    }

    /**
     * Computes the gradient by the parameters, after a forward pass with the same arguments, if it is small enough. Allocates nothing.
     *
     * @param gradient {@code [parameterLength]}, overwritten
     * @return whether no element is above {@link Magnitudes#GRADIENT}, by the largest factors of its sum; else the gradient is incomplete
     */
    boolean backward(float[] parameters, float[] inputs, int rows, Workspace workspace, float[] gradient) {
        if (!propagate(parameters, inputs, rows, workspace, gradient)) {
            return false;
        }
        for (int l = layout.layers() - 1; l >= 0; l--) {
            parameterGradient(l, inputs, rows, workspace, gradient);
        }
        return true;
    }

    /**
     * {@link #backward} of one row that moves the parameters at once, if the gradient is small enough; for networks without shared layers
     * and batch normalisation.
     */
    boolean backwardAndUpdate(float[] parameters, float[] inputs, Workspace workspace, OuterUpdate update) {
        if (!propagate(parameters, inputs, 1, workspace, null)) {
            return false;
        }
        for (int l = layout.layers() - 1; l >= 0; l--) {
            update(l, inputs, workspace, parameters, update);
        }
        return true;
    }

    /**
     * From the gradient by the logits to the gradient by what enters each activation, and by gamma and beta of batch normalisation.
     *
     * @return whether no element of the gradient will be above {@link Magnitudes#GRADIENT}, by the largest factors of its sum
     */
    private boolean propagate(float[] parameters, float[] inputs, int rows, Workspace workspace, float[] gradient) {
        Arrays.fill(received, false);
        Arrays.fill(begun, false);
        bound = 0;
        for (int l = layout.layers() - 1; l >= 0; l--) {
            float[] dz = deltas[l];
            Activation activation = architecture.layers().get(l).activation();
            activation.backward(workspace.kernels(), dz, workspace.outputs(l), rows * layout.stride(l));
            for (int r = 0; r < graph.residuals(l); r++) {
                handOn(graph.residual(l, r), dz, layout.stride(l), rows);
            }
            if (pass.normalized(l) != null) {
                double dy = workspace.kernels().largestMagnitude(dz, rows * layout.stride(l));
                bound = Math.max(bound, rows * Math.sqrt(rows) * dy); // what is normalised is at most sqrt(rows)
                pass.normalized(l).backward(parameters, dz, rows, gradient);
            }
            bound(l, inputs, rows, workspace);
            for (int s = 0; s < graph.sources(l); s++) {
                if (graph.source(l, s) != Graph.INPUT) {
                    inputGradient(l, s, parameters, rows, workspace.kernels());
                }
            }
        }
        return bound <= Magnitudes.GRADIENT;
    }

    /** An element of dW is a sum over the rows of products of something that enters and something of dZ. */
    private void bound(int l, float[] inputs, int rows, Workspace workspace) {
        Kernels kernels = workspace.kernels();
        double largest = 1; // what enters with the bias
        for (int s = 0; s < graph.sources(l); s++) {
            int source = graph.source(l, s);
            float[] x = pass.entered(l, s, inputs, workspace);
            largest = Math.max(largest, kernels.largestMagnitude(x, rows * network.stride(source)));
        }
        double dz = kernels.largestMagnitude(deltas[l], rows * layout.stride(l));
        bound = Math.max(bound, rows * largest * dz); // NaN stays NaN
    }

    /** With X as it entered: dW = X^T dZ [in x stride] and db = 1^T dZ [1 x stride], chains over the rows of the batch. */
    private void parameterGradient(int l, float[] inputs, int rows, Workspace workspace, float[] gradient) {
        Kernels kernels = workspace.kernels();
        boolean more = begun[graph.owner(l)];
        int stride = layout.stride(l);
        for (int s = 0; s < graph.sources(l); s++) {
            int source = graph.source(l, s);
            float[] x = pass.entered(l, s, inputs, workspace);
            int c = layout.weightOffset(l) + graph.firstRow(l, s) * stride;
            product(
                    kernels,
                    graph.width(source),
                    stride,
                    rows,
                    x,
                    1,
                    network.stride(source),
                    deltas[l],
                    gradient,
                    c,
                    more);
        }
        if (pass.normalized(l) == null) {
            product(kernels, 1, stride, rows, ONE, 0, 0, deltas[l], gradient, layout.biasOffset(l), more);
        }
        begun[graph.owner(l)] = true;
    }

    /** Moves the weights and the bias of a layer by the gradient of one row. */
    private void update(int l, float[] inputs, Workspace workspace, float[] parameters, OuterUpdate update) {
        int stride = layout.stride(l);
        for (int s = 0; s < graph.sources(l); s++) {
            int source = graph.source(l, s);
            float[] x = pass.entered(l, s, inputs, workspace);
            int w = layout.weightOffset(l) + graph.firstRow(l, s) * stride;
            update.move(workspace.kernels(), graph.width(source), stride, x, deltas[l], parameters, w);
        }
        update.move(workspace.kernels(), 1, stride, ONE, deltas[l], parameters, layout.biasOffset(l));
    }

    /** {@code C = X^T dZ} {@code [in x stride]}, or {@code C += X^T dZ}; an element of {@code X} is {@code x[row * xStride + i * step]}. */
    private static void product(
            Kernels kernels,
            int in,
            int stride,
            int rows,
            float[] x,
            int step,
            int xStride,
            float[] dz,
            float[] c,
            int cOffset,
            boolean more) {
        if (rows == 1 && !more) {
            kernels.outer(in, stride, x, dz, c, cOffset);
            return;
        }
        if (!more) {
            Arrays.fill(c, cOffset, cOffset + in * stride, 0f);
        }
        kernels.gemm(in, stride, rows, x, 0, step, xStride, dz, 0, stride, c, cOffset, stride);
    }

    /** dX = dZ W^T [rows x stride of the source], back through dropout. */
    private void inputGradient(int l, int s, float[] parameters, int rows, Kernels kernels) {
        int source = graph.source(l, s);
        int stride = layout.stride(l);
        int w = layout.weightOffset(l) + graph.firstRow(l, s) * stride;
        int in = graph.width(source);
        int inStride = layout.stride(source);
        float[] dx = received[source] ? share : deltas[source];
        inputGradient.compute(kernels, parameters, w, in, graph.width(l), stride, deltas[l], rows, dx, inStride);
        if (pass.dropped(l, s) != null) {
            pass.dropped(l, s).backward(dx, rows);
        }
        if (received[source]) {
            Rows.add(dx, inStride, deltas[source], inStride, rows, in);
        }
        received[source] = true;
    }

    /** Adds a gradient to that by the outputs of a layer; the input of the network needs none. */
    private void handOn(int layer, float[] dz, int stride, int rows) {
        if (layer == Graph.INPUT) {
            return;
        }
        if (received[layer]) {
            Rows.add(dz, stride, deltas[layer], stride, rows, graph.width(layer));
        } else {
            System.arraycopy(dz, 0, deltas[layer], 0, rows * stride);
        }
        received[layer] = true;
    }
}
