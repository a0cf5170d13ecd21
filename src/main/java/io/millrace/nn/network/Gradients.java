package io.millrace.nn.network;

import io.millrace.nn.layer.Node;
import io.millrace.nn.layer.Ports;
import io.millrace.nn.layer.Rows;
import java.util.HashMap;
import java.util.Map;

/**
 * The gradients of the nodes' outputs, or their derivatives along a direction. Holds the memory of a backward pass, and sums the gradients
 * where several nodes read one output. Nodes are processed in reverse order, so the gradients of later nodes come first. For one thread.
 */
final class Gradients {
    private final Graph graph;
    private final int maxRows;
    private final Ports[] ports; // per node; null where no gradient is needed
    private final Rows[][] added; // per node and input: rows that are added to an existing gradient; else null
    private final Rows[] by; // per node: the gradient of its output

    /** Memory for up to {@code maxRows} rows. */
    Gradients(Graph graph, int maxRows) {
        this.graph = graph;
        this.maxRows = maxRows;
        this.by = memory();
        this.ports = new Ports[by.length];
        this.added = new Rows[by.length][];
        boolean[] received = new boolean[by.length];
        for (int n = by.length - 1; n >= 0; n--) {
            if (!graph.depends(n)) {
                continue;
            }
            int[] sources = graph.sources(n);
            Rows[] x = new Rows[sources.length];
            added[n] = new Rows[sources.length];
            for (int i = 0; i < sources.length; i++) {
                int source = sources[i];
                if (!graph.depends(source)) {
                    continue;
                }
                x[i] = by[source];
                if (received[source]) {
                    x[i] = added[n][i] = new Rows(maxRows, graph.width(source));
                }
                received[source] = true;
            }
            ports[n] = new Ports(x, by[n]);
        }
    }

    /** Nodes that work in place share the rows of their first input. Nodes of equal width that pass gradients on share one memory. */
    private Rows[] memory() {
        Rows[] rows = new Rows[graph.size()];
        Map<Integer, Rows> passing = new HashMap<>(); // by width
        for (int n = rows.length - 1; n >= 0; n--) {
            Node node = graph.node(n);
            if (!graph.depends(n)) {
                continue;
            }
            if (rows[n] == null) {
                rows[n] = node.passesOn()
                        ? passing.computeIfAbsent(node.width(), width -> new Rows(maxRows, width))
                        : new Rows(maxRows, node.width());
            }
            if (node.inPlace()) {
                rows[graph.sources(n)[0]] = rows[n];
            }
        }
        return rows;
    }

    /** Gives separate memory to gradients that nodes in place would overwrite although their tangent passes need them. */
    void keepForTangents() {
        for (int n = 0; n < by.length; n++) {
            if (graph.node(n).tangentsNeedGradient()) {
                int source = graph.sources(n)[0];
                by[source] = new Rows(maxRows, graph.width(source));
                ports[n].x()[0] = by[source];
                ports[source] = new Ports(ports[source].x(), by[source]);
            }
        }
    }

    /** The gradients of a node's inputs and output; null where no gradient is needed. */
    Ports ports(int n) {
        return ports[n];
    }

    /** The gradient of the logits. */
    Rows logits() {
        return by[by.length - 1];
    }

    /** Adds the gradients of a node's inputs to those from later nodes. */
    void add(int n, int rows) {
        int[] sources = graph.sources(n);
        for (int i = 0; i < sources.length; i++) {
            if (added[n][i] != null) {
                by[sources[i]].add(added[n][i], rows);
            }
        }
    }
}
