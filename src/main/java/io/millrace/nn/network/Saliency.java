package io.millrace.nn.network;

import io.millrace.nn.kernels.Kernels;
import io.millrace.nn.layer.Block;
import io.millrace.nn.layer.EmbeddingNode;
import io.millrace.nn.layer.Node;
import io.millrace.nn.layer.Pass;
import io.millrace.nn.layer.Ports;
import io.millrace.nn.layer.Rows;
import io.millrace.nn.layer.TableNode;
import io.millrace.nn.layer.Tokens;
import java.util.stream.IntStream;

/**
 * The gradient of a prediction by its inputs (Simonyan, Vedaldi and Zisserman, 2013): of a weighted sum of the logits of one row, with running
 * averages and without dropout, as the prediction is made. Has nodes and rows of its own, so that training is not affected. For the thread of
 * the trainer that made it. Allocates nothing after construction.
 */
public final class Saliency {
    private final Workspace workspace; // one row
    private final Pass pass;
    private final Node[] nodes;
    private final int[][] sources;
    private final Ports[] values; // per node
    private final Ports[] gradients; // per node: of its inputs, written by the node alone, and of its output, summed
    private final Rows byInput;
    private final int[] tables; // the node of each table

    /** @param kernels their scratch memory is large, so a trainer shares its own */
    Saliency(Network network, Kernels kernels) {
        workspace = new Workspace(network.architecture().graph(), kernels, 1);
        pass = workspace.pass();
        Graph graph = workspace.graph();
        int count = graph.size();
        nodes = IntStream.range(0, count).mapToObj(graph::node).toArray(Node[]::new);
        sources = IntStream.range(0, count).mapToObj(graph::sources).toArray(int[][]::new);
        Rows[] outputs = IntStream.range(0, count).mapToObj(workspace::output).toArray(Rows[]::new);
        values = new Ports[count];
        gradients = new Ports[count];
        byInput = new Rows(1, graph.width(Graph.INPUT));
        for (int n = 0; n < count; n++) {
            values[n] = workspace.ports(n, outputs);
            Rows y = new Rows(1, nodes[n].width());
            Rows[] x = IntStream.of(sources[n])
                    .mapToObj(source -> new Rows(1, graph.width(source)))
                    .toArray(Rows[]::new);
            if (nodes[n].inPlace()) {
                x[0] = y;
            }
            gradients[n] = new Ports(x, y);
            if (!nodes[n].trainingOnly()) {
                nodes[n].prepareTraining(pass, 1, gradients[n]);
            }
        }
        tables = IntStream.range(0, count)
                .filter(n -> nodes[n] instanceof TableNode)
                .toArray();
    }

    /**
     * Computes the gradient.
     *
     * @param parameters {@code [parameterLength]}, padded
     * @param state {@code [stateLength]}, padded
     * @param inputs {@code [inputs]}
     * @param tokens of one row; null for networks without tables
     * @param weights of the logits, {@code [outputs]}
     */
    public void compute(float[] parameters, float[] state, float[] inputs, Tokens tokens, float[] weights) {
        workspace.tokens(tokens);
        workspace.begin(parameters, state, inputs, 1);
        for (int n = 0; n < nodes.length; n++) {
            gradients[n].y().clear(1);
            if (!nodes[n].trainingOnly()) {
                nodes[n].forward(pass, values[n]); // of one row: with the running averages
            }
        }
        byInput.clear(1);
        System.arraycopy(weights, 0, gradients[nodes.length - 1].y().floats(), 0, weights.length);
        for (int n = nodes.length - 1; n >= 0; n--) {
            backward(n);
        }
    }

    private void backward(int n) {
        Ports own = gradients[n];
        if (nodes[n].trainingOnly()) {
            own.x0().copy(own.y(), 1);
        } else {
            nodes[n].backward(pass, values[n], own);
        }
        for (int i = 0; i < sources[n].length; i++) {
            int source = sources[n][i];
            (source == Graph.INPUT ? byInput : gradients[source].y()).add(own.x()[i], 1);
        }
    }

    /** The gradient by each input, live, from 0. */
    public float[] byInputs() {
        return byInput.floats();
    }

    /** The product of a table's output, the mean of its vectors, with the gradient by it. For an {@link EmbeddingNode}. */
    public double ofVector(int table) {
        float[] vector = values[tables[table]].y().floats();
        return product(vector, 0, gradients[tables[table]].y());
    }

    /** The derivative by the value of a token. For a {@link io.millrace.nn.layer.SparseDense}. */
    public double byToken(int table, int id) {
        Block block = ((TableNode) nodes[tables[table]]).block();
        return product(pass.parameters(), block.offset() + id * block.stride(), gradients[tables[table]].y());
    }

    private static double product(float[] x, int from, Rows gradient) {
        double sum = 0;
        for (int j = 0; j < gradient.width(); j++) {
            sum += (double) x[from + j] * gradient.floats()[j];
        }
        return sum;
    }
}
