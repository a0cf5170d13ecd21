package io.millrace.nn.network;

import io.millrace.nn.layer.Node;
import io.millrace.nn.layer.Pass;
import io.millrace.nn.layer.Ports;
import io.millrace.nn.layer.Rows;
import io.millrace.nn.optimizer.OuterUpdate;
import java.util.stream.IntStream;

/**
 * The forward pass of training and the backward pass (Rumelhart, Hinton and Williams, 1986), from the gradient of the logits to the gradient of every
 * parameter. Uses the memory of a {@link Workspace}, and additional memory for the gradients and for nodes that only training has. For one
 * thread. Allocates nothing after construction.
 */
final class TrainingPass {
    private final Workspace workspace;
    private final Pass pass;
    private final long seed;
    private final Node[] nodes;
    private final Ports[] values; // per node
    private final Gradients gradients;
    private final boolean[] shared; // per node: whether its parameter gradient is added to that of later nodes

    /** @param seed seed of all random choices, such as the masks of dropout */
    TrainingPass(Workspace workspace, long seed) {
        this.workspace = workspace;
        this.pass = workspace.pass();
        this.seed = seed;
        Graph graph = workspace.graph();
        int maxRows = workspace.maxRows();
        this.nodes = IntStream.range(0, graph.size()).mapToObj(graph::node).toArray(Node[]::new);
        Rows[] outputs = new Rows[nodes.length];
        this.values = new Ports[nodes.length];
        this.gradients = new Gradients(graph, maxRows);
        this.shared = new boolean[nodes.length];
        for (int n = 0; n < nodes.length; n++) {
            outputs[n] = nodes[n].trainingOnly() ? new Rows(maxRows, nodes[n].width()) : workspace.output(n);
            values[n] = workspace.ports(n, outputs);
            shared[n] = graph.sharesWithLater(n);
            nodes[n].prepareTraining(pass, maxRows, gradients.ports(n));
        }
    }

    /** Whether a forward pass of training differs from a prediction. */
    static boolean differs(Graph graph) {
        return IntStream.range(0, graph.size()).anyMatch(n -> graph.node(n).differsInTraining());
    }

    /**
     * Computes the logits into the workspace.
     *
     * @param step number of updates so far, which determines the masks of dropout
     */
    void forward(float[] parameters, float[] state, float[] inputs, int rows, long step) {
        workspace.begin(parameters, state, inputs, rows);
        pass.draw(seed, step);
        for (int n = 0; n < nodes.length; n++) {
            nodes[n].forward(pass, values[n]);
        }
    }

    /** Inputs and output of a node in the last {@link #forward} or, if training does not differ, in the last prediction. */
    Ports values(int n) {
        return values[n];
    }

    /** The gradients of the nodes' outputs. Fill in the gradient of the logits before {@link #backward}; its padding stays zero. */
    Gradients gradients() {
        return gradients;
    }

    /**
     * Computes the gradient of the parameters after a forward pass, if it is small enough.
     *
     * @param gradient {@code [parameterLength]}, overwritten
     * @return whether the bounds of all elements, from the largest factors of their sums, are at most {@link Magnitudes#GRADIENT}; otherwise
     *     the gradient is incomplete
     */
    boolean backward(float[] gradient) {
        pass.backward(gradient);
        return backward();
    }

    /** {@link #backward} of one row that updates the parameters at once; for networks where {@link Graph#writesOuterProducts()}. */
    boolean backwardAndUpdate(OuterUpdate update) {
        pass.backwardAndUpdate(update);
        return backward();
    }

    private boolean backward() {
        double bound = 0;
        for (int n = nodes.length - 1; n >= 0; n--) {
            if (gradients.ports(n) != null) {
                bound = Math.max(bound, nodes[n].backward(pass, values[n], gradients.ports(n))); // NaN stays NaN
                gradients.add(n, pass.rows());
            }
        }
        if (!(bound <= Magnitudes.GRADIENT)) {
            return false;
        }
        for (int n = nodes.length - 1; n >= 0; n--) {
            if (gradients.ports(n) != null) {
                pass.adding(shared[n]);
                nodes[n].parameterGradient(pass, values[n], gradients.ports(n));
            }
        }
        return true;
    }

    /** Updates the state with the batch of the last {@link #forward}. */
    void updateState() {
        for (Node node : nodes) {
            node.updateState(pass);
        }
    }
}
