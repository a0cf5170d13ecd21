package io.millrace.nn.network;

import io.millrace.nn.activation.Activation;
import io.millrace.nn.kernels.Kernels;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.penalty.Penalty;
import java.util.Arrays;
import java.util.List;

/**
 * The product {@code H v} of the Hessian of the objective with a vector, without the Hessian (Pearlmutter, "Fast exact multiplication by
 * the Hessian", Neural Computation 6, 1994). {@code R(x)}, the derivative of {@code x} along {@code v}, goes through the network as {@code x}
 * does: once forward, from {@code R(parameters) = v} to {@code R(logits)}, and once backward, to {@code R(gradient) = H v}. It is exact but
 * for rounding, where the objective has a second derivative; the kinks of rectifiers and of {@code L1} count as straight.
 *
 * <p>Takes a forward and a backward pass of training at the same point as made, and needs about twice the time of these. Owns the
 * derivatives along {@code v} of all that the two passes keep, three more arrays {@code [maxRows x units]} a layer; for one thread.
 */
final class HessianVectorProduct {
    private static final float[] ONE = {1f};

    private final Network network;
    private final Architecture architecture;
    private final Graph graph;
    private final ParameterLayout layout;
    private final TrainingPass pass;
    private final Backpropagation backpropagation;
    private final Workspace workspace;
    private final List<Penalty> penalties;
    private final Workspace tangents; // per layer: R of its outputs
    private final float[][] entering; // per layer [maxRows x stride]: R of what enters its activation
    private final float[][] deltas; // per layer [maxRows x stride]: R of what Backpropagation has there
    private final BatchNormTangentPass[] normalized; // per layer; null without batch normalisation
    private final InputGradient inputGradient;
    private final float[] scratch; // [maxRows x largest stride]

    /**
     * Products of one network and objective.
     *
     * @param pass of training, with the forward pass that is taken as made in the workspace
     * @param backpropagation with the backward pass that is taken as made; makes those after this constructor
     * @param penalties of the objective
     * @param maxRows the largest mini-batch
     */
    HessianVectorProduct(
            Network network,
            TrainingPass pass,
            Backpropagation backpropagation,
            Workspace workspace,
            List<Penalty> penalties,
            int maxRows) {
        this.network = network;
        this.architecture = network.architecture();
        this.graph = network.graph();
        this.layout = network.layout();
        this.pass = pass;
        this.backpropagation = backpropagation;
        this.workspace = workspace;
        this.penalties = penalties;
        this.tangents = new Workspace(network, workspace.kernels(), maxRows);
        this.entering = new float[layout.layers()][];
        this.deltas = new float[entering.length][];
        this.normalized = new BatchNormTangentPass[entering.length];
        int largest = 0;
        for (int l = 0; l < entering.length; l++) {
            int stride = layout.stride(l);
            entering[l] = new float[Math.multiplyExact(maxRows, stride)];
            deltas[l] = new float[entering[l].length];
            largest = Math.max(largest, deltas[l].length);
            if (pass.normalized(l) != null) {
                normalized[l] = new BatchNormTangentPass(pass.normalized(l), stride, layout.gammaOffset(l));
            }
        }
        this.inputGradient = backpropagation.inputGradient();
        this.scratch = new float[largest];
    }

    /**
     * Computes {@code H v} for the objective {@code 1/rows sum_i weights[i] loss_i} and the penalties. Call it after a forward and a
     * backward pass of training with the same arguments. Allocates nothing.
     *
     * @param scores {@code [rows x outputs]} of that forward pass
     * @param v laid out as the parameters, its padding zero
     * @param product {@code [parameterLength]}, overwritten; not {@code v} itself
     */
    void multiply(
            float[] parameters, float[] inputs, float[] weights, int rows, float[] scores, float[] v, float[] product) {
        forward(parameters, inputs, rows, v);
        for (float[] delta : deltas) {
            Arrays.fill(delta, 0f);
        }
        Arrays.fill(product, 0f);
        Loss loss = architecture.loss();
        int outputs = architecture.outputs();
        float[] dz = deltas[deltas.length - 1];
        for (int i = 0; i < rows; i++) {
            int at = i * tangents.logitsStride();
            loss.hessianProduct(scores, i * outputs, outputs, weights[i] / rows, tangents.logits(), at, dz, at);
        }
        backward(parameters, inputs, rows, v, product);
        for (int p = 0; p < penalties.size(); p++) { // by index: an iterator is an allocation
            for (int l = 0; l < layout.layers(); l++) {
                if (layout.owns(l)) {
                    penalties.get(p).addHessianProduct(v, product, layout.weightOffset(l), layout.weightEnd(l));
                }
            }
        }
    }

    /** {@code R(x W + b) = x R(W) + R(x) W + R(b)}, then through normalisation, residuals and activation. */
    private void forward(float[] parameters, float[] inputs, int rows, float[] v) {
        for (int l = 0; l < entering.length; l++) {
            network.start(l, v, rows, tangents);
            for (int s = 0; s < graph.sources(l); s++) {
                network.multiply(l, s, v, pass.entered(l, s, inputs, workspace), rows, tangents);
                if (graph.source(l, s) != Graph.INPUT) {
                    network.multiply(l, s, parameters, enteredTangent(l, s, rows), rows, tangents);
                }
            }
            float[] tangent = tangents.outputs(l);
            if (normalized[l] != null) {
                normalized[l].forward(parameters, v, tangent, rows);
            }
            int stride = layout.stride(l);
            for (int r = 0; r < graph.residuals(l); r++) {
                int from = graph.residual(l, r);
                if (from != Graph.INPUT) {
                    Rows.add(tangents.outputs(from), layout.stride(from), tangent, stride, rows, graph.width(l));
                }
            }
            System.arraycopy(tangent, 0, entering[l], 0, rows * stride);
            Activation activation = architecture.layers().get(l).activation();
            activation.backward(workspace.kernels(), tangent, workspace.outputs(l), rows * stride); // R(h) = act' R(z)
        }
    }

    /** {@code R} of {@link Backpropagation#backward}. */
    private void backward(float[] parameters, float[] inputs, int rows, float[] v, float[] product) {
        for (int l = layout.layers() - 1; l >= 0; l--) {
            float[] dz = deltas[l];
            int stride = layout.stride(l);
            Activation activation = architecture.layers().get(l).activation();
            float[] output = workspace.outputs(l);
            float[] delta = normalized[l] == null ? backpropagation.delta(l) : normalized[l].gradient();
            activation.backward(workspace.kernels(), dz, output, rows * stride);
            activation.addBend(dz, delta, output, entering[l], rows * stride);
            for (int r = 0; r < graph.residuals(l); r++) {
                int to = graph.residual(l, r);
                if (to != Graph.INPUT) {
                    Rows.add(dz, stride, deltas[to], layout.stride(to), rows, graph.width(l));
                }
            }
            if (normalized[l] != null) {
                normalized[l].backward(parameters, v, dz, rows, product);
            } else {
                gradient(1, stride, rows, ONE, 0, 0, dz, product, layout.biasOffset(l));
            }
            for (int s = 0; s < graph.sources(l); s++) {
                weights(l, s, inputs, rows, product);
                if (graph.source(l, s) != Graph.INPUT) {
                    handOn(l, s, parameters, dz, rows);
                    handOn(l, s, v, backpropagation.delta(l), rows);
                }
            }
        }
    }

    /** {@code R(X^T dZ) = X^T R(dZ) + R(X)^T dZ} {@code [in x stride]}, added to what other layers with these weights gave. */
    private void weights(int l, int s, float[] inputs, int rows, float[] product) {
        int source = graph.source(l, s);
        int in = graph.width(source);
        int stride = layout.stride(l);
        int xStride = network.stride(source);
        int w = layout.weightOffset(l) + graph.firstRow(l, s) * stride;
        gradient(in, stride, rows, pass.entered(l, s, inputs, workspace), 1, xStride, deltas[l], product, w);
        if (source != Graph.INPUT) {
            float[] x = enteredTangent(l, s, rows);
            gradient(in, stride, rows, x, 1, xStride, backpropagation.delta(l), product, w);
        }
    }

    /** {@code C += X^T dZ} {@code [in x stride]}; an element of {@code X} is {@code x[row * xStride + i * step]}. */
    private void gradient(
            int in, int stride, int rows, float[] x, int step, int xStride, float[] dz, float[] c, int cOffset) {
        Kernels kernels = workspace.kernels();
        kernels.gemm(in, stride, rows, x, 0, step, xStride, dz, 0, stride, c, cOffset, stride);
    }

    /** {@code R(dZ W^T) = R(dZ) W^T + dZ R(W)^T}: one of the two terms, back through dropout, to the source. */
    private void handOn(int l, int s, float[] w, float[] dz, int rows) {
        int source = graph.source(l, s);
        int in = graph.width(source);
        int stride = layout.stride(l);
        int inStride = layout.stride(source);
        int from = layout.weightOffset(l) + graph.firstRow(l, s) * stride;
        Kernels kernels = workspace.kernels();
        inputGradient.compute(kernels, w, from, in, graph.width(l), stride, dz, rows, scratch, inStride);
        if (pass.dropped(l, s) != null) {
            pass.dropped(l, s).backward(scratch, rows);
        }
        Rows.add(scratch, inStride, deltas[source], inStride, rows, in);
    }

    /** What entered the layer in this place, after dropout. */
    /** {@code R} of {@link #entered}, for a layer; valid until the scratch is used again. */
    private float[] enteredTangent(int l, int s, int rows) {
        float[] tangent = tangents.outputs(graph.source(l, s));
        DropoutMask dropped = pass.dropped(l, s);
        if (dropped == null) {
            return tangent;
        }
        dropped.apply(tangent, scratch, rows);
        return scratch;
    }
}
