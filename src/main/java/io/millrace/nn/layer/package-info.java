/**
 * Layers: a {@link io.millrace.nn.layer.Layer} is a description, which adds {@link io.millrace.nn.layer.Node}s to the graph of a network.
 * Each kind of node is one file, with forward, backward and tangent passes next to each other.
 */
package io.millrace.nn.layer;
