package io.millrace.nn.network;

import io.millrace.nn.kernels.Kernels;
import io.millrace.nn.layer.Node;
import io.millrace.nn.layer.Pass;
import io.millrace.nn.layer.Ports;
import io.millrace.nn.layer.Rows;
import io.millrace.nn.layer.Tokens;
import java.util.stream.IntStream;

/**
 * The nodes of a network and the memory of a forward pass: the outputs of each node for up to {@code maxRows} rows, and kernels with their
 * scratch memory. Made by {@link Network#workspace}. For one thread at a time.
 */
public final class Workspace {
    private final Graph graph;
    private final int maxRows;
    private final Pass pass;
    private final Rows input; // [rows x inputs], the caller's
    private final Rows[] outputs; // per node, in a prediction: its own rows, or those of its first input
    private final Node[] nodes; // the nodes that predictions use
    private final Ports[] ports; // of these nodes

    Workspace(Graph graph, Kernels kernels, int maxRows) {
        if (maxRows < 1) {
            throw new IllegalArgumentException("a workspace for " + maxRows + " rows: give at least 1");
        }
        this.graph = graph;
        this.maxRows = maxRows;
        this.pass = new Pass(kernels);
        this.input = Rows.unpadded(graph.width(Graph.INPUT));
        this.outputs = new Rows[graph.size()];
        for (int n = 0; n < outputs.length; n++) {
            Node node = graph.node(n);
            boolean own = !node.inPlace() && !node.trainingOnly();
            outputs[n] = own ? new Rows(maxRows, node.width()) : output(graph.sources(n)[0]);
            node.prepare(pass, maxRows);
        }
        int[] predicting = IntStream.range(0, outputs.length)
                .filter(n -> !graph.node(n).trainingOnly())
                .toArray();
        this.nodes = IntStream.of(predicting).mapToObj(graph::node).toArray(Node[]::new);
        this.ports = IntStream.of(predicting).mapToObj(n -> ports(n, outputs)).toArray(Ports[]::new);
    }

    /** Inputs and output of a node, if the nodes have these rows as outputs. */
    Ports ports(int n, Rows[] ofNodes) {
        Rows[] x = IntStream.of(graph.sources(n))
                .mapToObj(source -> source == Graph.INPUT ? input : ofNodes[source])
                .toArray(Rows[]::new);
        return new Ports(x, ofNodes[n]);
    }

    /** {@link Network#forward} without checks. */
    void predict(float[] parameters, float[] state, float[] inputs, int rows) {
        begin(parameters, state, inputs, rows);
        for (int i = 0; i < nodes.length; i++) {
            nodes[i].predict(pass, ports[i]);
        }
    }

    /** Begins a forward pass. */
    void begin(float[] parameters, float[] state, float[] inputs, int rows) {
        input.pointTo(inputs);
        pass.forward(parameters, state, rows);
    }

    /** Sets the tokens of the rows of all later passes, for networks with tables. The caller changes their content. */
    public void tokens(Tokens tokens) {
        pass.tokens(tokens);
    }

    Graph graph() {
        return graph;
    }

    /** The largest number of rows of a pass. */
    public int maxRows() {
        return maxRows;
    }

    /** The logits of the last forward pass, the live array: row {@code i} starts at {@code i * logitsStride()}. */
    public float[] logits() {
        return outputs[outputs.length - 1].floats();
    }

    /** Distance between rows of {@link #logits()}, in floats. */
    public int logitsStride() {
        return outputs[outputs.length - 1].stride();
    }

    Pass pass() {
        return pass;
    }

    /** The output of a node in a prediction. */
    Rows output(int n) {
        return n == Graph.INPUT ? input : outputs[n];
    }
}
