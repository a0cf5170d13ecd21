package io.millrace.nn.network;

import java.util.List;

/**
 * The {@link Wiring} of a network with names resolved and widths known. Layers count from 0; {@link #INPUT} stands for the network's
 * input. The weights of a layer with several inputs lie in bands of rows, one for each input in their order.
 */
final class Graph {
    /** In the place of a layer: what enters the network. */
    static final int INPUT = -1;

    private final int inputs;
    private final List<Layer> layers;
    private final int[][] sources; // per layer
    private final int[][] firstRows; // per layer and source: where its band of W starts
    private final int[][] residuals; // per layer
    private final int[] widths; // per layer: of all that enters, rows of W
    private final int[] owners; // per layer: whose parameters it uses
    private final int[] readers; // per layer: how often its outputs are read

    /**
     * Resolves and checks.
     *
     * @param inputs width of what enters the network
     * @throws IllegalArgumentException if the layers cannot be connected so; the message says which
     */
    Graph(int inputs, List<Layer> layers) {
        this.inputs = inputs;
        this.layers = layers;
        int n = layers.size();
        sources = new int[n][];
        firstRows = new int[n][];
        residuals = new int[n][];
        widths = new int[n];
        owners = new int[n];
        readers = new int[n];
        for (int l = 0; l < n; l++) {
            Wiring wiring = layers.get(l).wiring();
            sources[l] = wiring.inputs().isEmpty() ? new int[] {l - 1} : resolve(l, wiring.inputs());
            firstRows[l] = new int[sources[l].length];
            long width = 0;
            for (int s = 0; s < sources[l].length; s++) {
                firstRows[l][s] = (int) width;
                width += width(sources[l][s]);
            }
            if (width > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(
                        "what enters " + called(l) + " is " + width + " wide: leave some of it out");
            }
            widths[l] = (int) width;
            residuals[l] = resolve(l, wiring.residuals());
            for (int residual : residuals[l]) {
                requireWidth(l, residual);
            }
            owners[l] = wiring.shared().isEmpty() ? l : owner(l, wiring.shared());
        }
        requireUse();
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

    private void requireWidth(int l, int residual) {
        if (width(residual) != layers.get(l).units()) {
            throw new IllegalArgumentException(
                    called(l) + " has " + layers.get(l).units() + " units and adds " + called(residual) + ", which has "
                            + width(residual) + ": a residual must be as wide as its layer");
        }
    }

    private int owner(int l, String name) {
        int other = resolve(l, name);
        if (other == INPUT) {
            throw new IllegalArgumentException(called(l) + " cannot share parameters with the input: name a layer");
        }
        int owner = owners[other];
        if (widths[owner] != widths[l]
                || layers.get(owner).units() != layers.get(l).units()) {
            throw new IllegalArgumentException(called(l) + " has weights " + widths[l] + " x "
                    + layers.get(l).units() + ", " + called(owner) + " " + widths[owner] + " x "
                    + layers.get(owner).units() + ": layers that share parameters have equal shapes");
        }
        if (layers.get(l).normalized() || layers.get(owner).normalized()) {
            throw new IllegalArgumentException(called(l) + " shares parameters with " + called(owner)
                    + " and one of them has batch normalisation, whose averages would mix: share without it");
        }
        return owner;
    }

    /** A layer that nothing reads would learn nothing. */
    private void requireUse() {
        for (int l = 0; l < layers.size(); l++) {
            count(sources[l]);
            count(residuals[l]);
        }
        for (int l = 0; l + 1 < layers.size(); l++) {
            if (readers[l] == 0) {
                throw new IllegalArgumentException(
                        "nothing reads " + called(l) + ": connect it to a later layer, or remove it");
            }
        }
    }

    private void count(int[] read) {
        for (int l : read) {
            if (l != INPUT) {
                readers[l]++;
            }
        }
    }

    private String called(int l) {
        return l == INPUT ? "the input" : l == layers.size() - 1 ? "the output layer" : "layer " + (l + 1);
    }

    /** Number of layers. */
    int layers() {
        return sources.length;
    }

    /** Units of a layer, or width of the {@link #INPUT}. */
    int width(int l) {
        return l == INPUT ? inputs : layers.get(l).units();
    }

    /** Width of all that enters layer {@code l}: rows of its weights. */
    int inputsOf(int l) {
        return widths[l];
    }

    /** How many things enter layer {@code l}, {@code >= 1}. */
    int sources(int l) {
        return sources[l].length;
    }

    /** What enters layer {@code l} in the {@code s}-th place: a layer before it, or {@link #INPUT}. */
    int source(int l, int s) {
        return sources[l][s];
    }

    /** Row of layer {@code l}'s weights at which those of its {@code s}-th source start. */
    int firstRow(int l, int s) {
        return firstRows[l][s];
    }

    /** How many things are added in layer {@code l}. */
    int residuals(int l) {
        return residuals[l].length;
    }

    /** What layer {@code l} adds in the {@code r}-th place: a layer before it, or {@link #INPUT}. */
    int residual(int l, int r) {
        return residuals[l][r];
    }

    /** In how many places the outputs of layer {@code l} are read. */
    int readers(int l) {
        return readers[l];
    }

    /** The layer whose parameters layer {@code l} uses: itself, or an earlier one. */
    int owner(int l) {
        return owners[l];
    }
}
