package io.millrace.nn.network;

import io.millrace.nn.layer.Pass;
import io.millrace.nn.layer.Ports;
import io.millrace.nn.layer.Rows;
import io.millrace.nn.loss.Loss;
import java.util.Arrays;

/**
 * The product {@code H v} of the Hessian of the loss with a vector, computed without the Hessian (Pearlmutter, "Fast exact multiplication by
 * the Hessian", Neural Computation 6, 1994). {@code R(x)}, the derivative of {@code x} along {@code v}, passes through the network as {@code x}
 * does: once forward, from {@code R(parameters) = v} to {@code R(logits)}, and once backward, to {@code R(gradient) = H v}. The result is
 * exact, except for rounding, where the objective has a second derivative. At the kinks of rectifiers the second derivative counts as 0.
 *
 * <p>Requires a forward and a backward pass of training at the same point, and takes about twice as long as these. Owns the derivatives along
 * {@code v} of everything that the two passes keep. For one thread.
 */
final class HessianVectorProduct {
    private final Graph graph;
    private final TrainingPass training;
    private final Pass pass;
    private final Ports[] tangents; // per node: R of its inputs and output
    private final Gradients gradientTangents; // R of the gradients

    /**
     * Products of one network.
     *
     * @param training its forward and backward pass must run after this constructor and before each product
     * @throws UnsupportedOperationException if a node has no tangent passes; the message says which
     */
    HessianVectorProduct(Workspace workspace, TrainingPass training) {
        this.graph = workspace.graph();
        this.training = training;
        this.pass = workspace.pass();
        this.tangents = new Ports[graph.size()];
        requireTangents();
        int maxRows = workspace.maxRows();
        Rows[] outputs = new Rows[tangents.length];
        for (int n = 0; n < tangents.length; n++) {
            int[] sources = graph.sources(n);
            Rows[] x = new Rows[sources.length];
            for (int i = 0; i < x.length; i++) {
                x[i] = graph.depends(sources[i]) ? outputs[sources[i]] : null;
            }
            if (graph.depends(n)) {
                outputs[n] = graph.node(n).inPlace() ? x[0] : new Rows(maxRows, graph.width(n));
                tangents[n] = new Ports(x, outputs[n]);
            }
        }
        training.gradients().keepForTangents();
        this.gradientTangents = new Gradients(graph, maxRows);
        for (int n = 0; n < tangents.length; n++) {
            if (tangents[n] != null) {
                graph.node(n).prepareTangents(pass, maxRows, gradientTangents.ports(n));
            }
        }
    }

    private void requireTangents() {
        for (int n = 0; n < tangents.length; n++) {
            if (!graph.node(n).hasTangents()) {
                throw new UnsupportedOperationException("the curvature is not known: layer " + (graph.layer(n) + 1)
                        + ", " + graph.kind(n) + ", has no tangent passes. Train without asking for it");
            }
        }
    }

    /**
     * Computes {@code H v} for the mean loss {@code 1/rows sum_i weights[i] loss_i}. Call it after a forward and a backward pass of training. Allocates
     * nothing.
     *
     * @param scores {@code [rows x outputs]} of that forward pass
     * @param v vector in the layout of the parameters, with zero padding
     * @param product {@code [parameterLength]}, overwritten; not {@code v} itself
     */
    void multiply(Loss loss, float[] weights, float[] scores, float[] v, float[] product) {
        pass.tangent(v, product);
        Arrays.fill(product, 0f);
        for (int n = 0; n < tangents.length; n++) {
            if (tangents[n] != null) {
                graph.node(n).forwardTangent(pass, training.values(n), tangents[n]);
            }
        }
        lossTangent(loss, weights, scores);
        for (int n = tangents.length - 1; n >= 0; n--) {
            if (tangents[n] != null) {
                Ports gradients = training.gradients().ports(n);
                graph.node(n)
                        .backwardTangent(pass, training.values(n), gradients, tangents[n], gradientTangents.ports(n));
                gradientTangents.add(n, pass.rows());
            }
        }
    }

    /** Computes {@code R} of the gradient of the logits from {@code R(logits)}. */
    private void lossTangent(Loss loss, float[] weights, float[] scores) {
        Rows logits = tangents[tangents.length - 1].y();
        Rows gradient = gradientTangents.logits();
        int outputs = logits.width();
        for (int i = 0; i < pass.rows(); i++) {
            int at = i * logits.stride();
            float scale = weights[i] / pass.rows();
            loss.hessianProduct(scores, i * outputs, outputs, scale, logits.floats(), at, gradient.floats(), at);
        }
    }
}
