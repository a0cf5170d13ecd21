package io.millrace.nn.network;

import io.millrace.nn.layer.Block;
import io.millrace.nn.layer.ConcatenationNode;
import io.millrace.nn.layer.EmbeddingNode;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.layer.LayerKind;
import io.millrace.nn.layer.Layout;
import io.millrace.nn.layer.Node;
import io.millrace.nn.layer.NodeGraph;
import io.millrace.nn.layer.SequenceInputNode;
import io.millrace.nn.layer.Shape;
import io.millrace.nn.layer.Table;
import io.millrace.nn.layer.TableNode;
import io.millrace.nn.layer.Wiring;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The nodes of a network in the order of their computation, and the layout of their parameters and state. Made from the layers of an
 * architecture by resolving the names in their {@link Wiring}. Layers and nodes count from 0; {@link #INPUT} stands for the network's input.
 * The nodes may own memory, so a graph is for one thread.
 */
final class Graph implements NodeGraph {
    /** Stands for the network's input, where otherwise the number of a layer or a node is. */
    static final int INPUT = -1;

    private final int denseInputs;
    private final int inputs; // with the vectors of the tables
    private final List<Layer> layers;
    private final List<Node> nodes = new ArrayList<>();
    private final List<int[]> sources = new ArrayList<>(); // per node
    private final List<Integer> layerOf = new ArrayList<>(); // per node
    private final int[] outputs; // per layer: its last node
    private final int[] widths; // per layer: number of its inputs
    private final int[][] entering; // per layer: the layers that it reads, or INPUT
    private final int[] owners; // per layer: the layer whose parameters it uses
    private final Masks masks;
    private final int inputNode; // whose output the layers call the input
    private final Layout.Builder parameters = new Layout.Builder();
    private final Layout.Builder state = new Layout.Builder();

    /**
     * Resolves and checks the connections.
     *
     * @param denseInputs width of a row of numbers
     * @param tables tables whose vectors follow the numbers
     * @throws IllegalArgumentException if the layers cannot be connected in this way; the message says which
     */
    Graph(int denseInputs, List<Table> tables, List<Layer> layers) {
        this.denseInputs = denseInputs;
        this.layers = layers;
        inputs = width(
                "the input",
                denseInputs + tables.stream().mapToLong(Table::width).sum());
        masks = new Masks(tables.isEmpty() ? denseInputs : 0, layers);
        inputNode = addInput(tables);
        outputs = new int[layers.size()];
        widths = new int[layers.size()];
        entering = new int[layers.size()][];
        owners = new int[layers.size()];
        boolean[] read = new boolean[layers.size()];
        for (int l = 0; l < layers.size(); l++) {
            Wiring wiring = layers.get(l).wiring();
            entering[l] = wiring.inputs().isEmpty() ? new int[] {l - 1} : resolve(l, wiring.inputs());
            int[] residuals = resolve(l, wiring.residuals());
            widths[l] = widthOfAll(l, entering[l]);
            requireWidth(l, residuals);
            owners[l] = wiring.shared().isEmpty() ? l : owner(l, wiring.shared());
            mark(entering[l], read);
            mark(residuals, read);
            outputs[l] = layers.get(l)
                    .addTo(
                            this,
                            l,
                            nodesOf(entering[l]),
                            nodesOf(residuals),
                            owners[l] == l ? parameters.of(l) : parameters.sharedWith(owners[l]),
                            state.of(l),
                            masks.entering(l, entering[l]));
            while (layerOf.size() < nodes.size()) {
                layerOf.add(l);
            }
        }
        requireUse(read);
        List<TableNode> ofTables = tables();
        for (int t = 0; t < ofTables.size(); t++) { // behind the layers, whose parameters so remain one range
            Table table = ofTables.get(t).shape();
            Block place = parameters.of(Block.TABLES).table("table " + (t + 1), table.rows(), table.width());
            ofTables.get(t).place(place, t);
        }
    }

    private int addInput(List<Table> tables) {
        if (masks.sequence() != null) {
            layerOf.add(INPUT);
            return add(new SequenceInputNode(masks.sequence()), INPUT);
        }
        if (tables.isEmpty()) {
            return INPUT;
        }
        List<Integer> parts = new ArrayList<>();
        if (denseInputs > 0) {
            parts.add(INPUT);
        }
        for (Table table : tables) {
            parts.add(add(new EmbeddingNode(table)));
        }
        int[] sourcesOfInput = parts.stream().mapToInt(part -> part).toArray();
        int node = parts.size() == 1
                ? sourcesOfInput[0]
                : add(
                        new ConcatenationNode(
                                IntStream.of(sourcesOfInput).map(this::width).toArray()),
                        sourcesOfInput);
        while (layerOf.size() < nodes.size()) {
            layerOf.add(INPUT);
        }
        return node;
    }

    @Override
    public int add(Node node, int... inputsOfNode) {
        nodes.add(node);
        sources.add(inputsOfNode);
        return nodes.size() - 1;
    }

    private int[] nodesOf(int[] layersOrInput) {
        return IntStream.of(layersOrInput)
                .map(l -> l == INPUT ? inputNode : outputs[l])
                .toArray();
    }

    private int[] resolve(int layer, List<String> names) {
        return names.stream().mapToInt(name -> resolve(layer, name)).toArray();
    }

    private int resolve(int layer, String name) {
        if (name.equals(Wiring.INPUT)) {
            return INPUT;
        }
        if (name.matches("[1-9][0-9]{0,8}") && Integer.parseInt(name) <= layer) {
            return Integer.parseInt(name) - 1;
        }
        throw new IllegalArgumentException(called(layer) + " names \"" + name + "\", which is no layer before it: give "
                + Wiring.INPUT + (layer == 0 ? "" : layer == 1 ? " or 1" : " or 1.." + layer));
    }

    /** Width of the output of a layer, or of {@link #INPUT} with the vectors of the tables. */
    int units(int l) {
        return l == INPUT ? inputs : layers.get(l).units();
    }

    private int widthOfAll(int l, int[] sourcesOfLayer) {
        return width(
                "what enters " + called(l),
                IntStream.of(sourcesOfLayer).mapToLong(this::units).sum());
    }

    private static int width(String what, long width) {
        if (width > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(what + " is " + width + " wide: leave some of it out");
        }
        return (int) width;
    }

    private void requireWidth(int l, int[] residuals) {
        for (int residual : residuals) {
            if (units(residual) != units(l)) {
                throw new IllegalArgumentException(
                        called(l) + " has " + units(l) + " units and adds " + called(residual) + ", which has "
                                + units(residual) + ": a residual must be as wide as its layer");
            }
        }
    }

    private int owner(int l, String name) {
        int other = resolve(l, name);
        if (other == INPUT) {
            throw new IllegalArgumentException(called(l) + " cannot share parameters with the input: name a layer");
        }
        int owner = owners[other];
        if (widths[owner] != widths[l]
                || !layers.get(owner).kind().equals(layers.get(l).kind())) {
            throw new IllegalArgumentException(called(l) + " has weights " + widths[l] + " x "
                    + layers.get(l).kind() + ", " + called(owner) + " " + widths[owner] + " x "
                    + layers.get(owner).kind() + ": layers that share parameters have equal shapes");
        }
        if (layers.get(l).normalized() || layers.get(owner).normalized()) {
            throw new IllegalArgumentException(called(l) + " shares parameters with " + called(owner)
                    + " and one of them has batch normalisation, whose averages would mix: share without it");
        }
        return owner;
    }

    private static void mark(int[] layersOrInput, boolean[] read) {
        for (int l : layersOrInput) {
            if (l != INPUT) {
                read[l] = true;
            }
        }
    }

    /** Refuses a layer that no other layer reads, because it would learn nothing. */
    private void requireUse(boolean[] read) {
        for (int l = 0; l + 1 < layers.size(); l++) {
            if (!read[l]) {
                throw new IllegalArgumentException(
                        "nothing reads " + called(l) + ": connect it to a later layer, or remove it");
            }
        }
    }

    private String called(int l) {
        return l == INPUT ? "the input" : l == layers.size() - 1 ? "the output layer" : "layer " + (l + 1);
    }

    /** The shape of the input if a layer reads it as a sequence, whose rows may begin with padded steps; else null. */
    Shape inputSequence() {
        return masks.sequence();
    }

    /** Number of nodes. */
    int size() {
        return nodes.size();
    }

    Node node(int n) {
        return nodes.get(n);
    }

    /** The inputs of a node: earlier nodes, or {@link #INPUT}. */
    int[] sources(int n) {
        return sources.get(n);
    }

    /** The nodes with tables, those of the input first. */
    List<TableNode> tables() {
        return nodes.stream()
                .filter(TableNode.class::isInstance)
                .map(TableNode.class::cast)
                .toList();
    }

    /** The layer of a node; {@link #INPUT} for the nodes of tables. */
    int layer(int n) {
        return layerOf.get(n);
    }

    /** The kind of a node's layer. */
    LayerKind kind(int n) {
        return layers.get(layer(n)).kind();
    }

    /** The last node of a layer. */
    int output(int layer) {
        return outputs[layer];
    }

    @Override
    public int width(int node) {
        return node == INPUT ? denseInputs : nodes.get(node).width();
    }

    /** Number of inputs of a layer. */
    int inputsOf(int layer) {
        return widths[layer];
    }

    /** The layers that a layer reads, {@link #INPUT} among them, in the order in which they are concatenated: the live array. */
    int[] entering(int layer) {
        return entering[layer];
    }

    /** The layer whose parameters a layer uses, often itself. */
    int owner(int layer) {
        return owners[layer];
    }

    /** Whether a layer has its own parameters, not those of an earlier one. */
    boolean owns(int layer) {
        return layer == INPUT || owners[layer] == layer;
    }

    /** Whether a later layer also uses the parameters of this node's layer. */
    boolean sharesWithLater(int n) {
        int layer = layer(n);
        return layer != INPUT && IntStream.range(layer + 1, owners.length).anyMatch(l -> owners[l] == owners[layer]);
    }

    /** Whether the gradient of one row consists of outer products, each for parameters that only one node uses. */
    boolean writesOuterProducts() {
        return nodes.stream().allMatch(Node::writesOuterProducts)
                && IntStream.range(0, owners.length).allMatch(this::owns);
    }

    /** Whether a node's output depends on parameters and so needs a gradient. Only the input, and nodes that just pass it on, do not. */
    boolean depends(int n) {
        return n != INPUT && (!node(n).passesOn() || IntStream.of(sources(n)).anyMatch(this::depends));
    }

    /**
     * Makes the layout of the parameters.
     *
     * @throws IllegalArgumentException if they do not fit into an array
     */
    Layout layout() {
        return parameters.build();
    }

    /** Makes the layout of the state. */
    Layout stateLayout() {
        return state.build();
    }
}
