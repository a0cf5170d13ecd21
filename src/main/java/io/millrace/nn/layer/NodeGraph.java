package io.millrace.nn.layer;

/** A graph of nodes while layers add to it. Nodes are named by numbers. */
public interface NodeGraph {
    /**
     * Adds a node.
     *
     * @param inputs nodes whose outputs it reads
     * @return its number
     */
    int add(Node node, int... inputs);

    /** Width of what a node puts out. */
    int width(int node);
}
