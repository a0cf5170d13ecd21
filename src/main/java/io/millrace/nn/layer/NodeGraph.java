package io.millrace.nn.layer;

/** A graph to which layers add their nodes. Nodes are identified by numbers. */
public interface NodeGraph {
    /**
     * Adds a node.
     *
     * @param inputs nodes whose outputs it reads
     * @return its number
     */
    int add(Node node, int... inputs);

    /** Width of a node's output. */
    int width(int node);
}
