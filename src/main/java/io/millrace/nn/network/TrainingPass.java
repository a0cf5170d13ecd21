package io.millrace.nn.network;

/**
 * The forward pass of training, where dropout drops inputs and batch normalisation takes the statistics of the mini-batch; owns
 * what the backward pass needs of it besides the {@link Workspace}. For networks with nothing of that kind it computes what {@link Network#forward} does.
 * For one thread.
 */
final class TrainingPass {
    private final Network network;
    private final BatchNormPass[] normalized; // per layer; null without batch normalisation
    private final DropoutMask[][] dropped; // per layer and source; null without dropout

    /**
     * A pass of up to {@code maxRows} rows.
     *
     * @param seed of the masks of dropout
     */
    TrainingPass(Network network, int maxRows, long seed) {
        this.network = network;
        this.normalized = new BatchNormPass[network.layout().layers()];
        this.dropped = new DropoutMask[normalized.length][];
        for (int l = 0; l < normalized.length; l++) {
            Layer layer = network.architecture().layers().get(l);
            if (layer.normalized()) {
                normalized[l] = new BatchNormPass(network, l, maxRows);
            }
            if (layer.dropsInputs()) {
                dropped[l] = new DropoutMask[network.graph().sources(l)];
                for (int s = 0; s < dropped[l].length; s++) {
                    dropped[l][s] = new DropoutMask(network, l, s, seed, maxRows);
                }
            }
        }
    }

    /** Whether a pass of training differs from one of evaluation. */
    static boolean differs(Architecture architecture) {
        return architecture.layers().stream().anyMatch(layer -> layer.normalized() || layer.dropsInputs());
    }

    /**
     * Computes the logits into the workspace. Allocates nothing.
     *
     * @param step updates made so far, which choose the masks of dropout
     */
    void forward(float[] parameters, float[] state, float[] inputs, int rows, long step, Workspace workspace) {
        Graph graph = network.graph();
        for (int l = 0; l < normalized.length; l++) {
            network.start(l, parameters, rows, workspace);
            for (int s = 0; s < graph.sources(l); s++) {
                float[] x = network.outputs(graph.source(l, s), inputs, workspace);
                float[] left = dropped[l] == null ? x : dropped[l][s].forward(x, rows, step);
                network.multiply(l, s, parameters, left, rows, workspace);
            }
            if (normalized[l] != null) {
                normalized[l].forward(parameters, state, workspace.outputs(l), rows);
            }
            network.activate(l, inputs, rows, workspace);
        }
    }

    /** The batch normalisation of layer {@code l}, null if there is none. */
    BatchNormPass normalized(int l) {
        return normalized[l];
    }

    /** The dropout of the {@code s}-th thing that enters layer {@code l}, null if there is none. */
    DropoutMask dropped(int l, int s) {
        return dropped[l] == null ? null : dropped[l][s];
    }

    /** The {@code s}-th thing that entered layer {@code l} in the last {@link #forward}, after dropout. */
    float[] entered(int l, int s, float[] inputs, Workspace workspace) {
        DropoutMask here = dropped(l, s);
        return here == null ? network.outputs(network.graph().source(l, s), inputs, workspace) : here.left();
    }

    /** Moves the state by the batch of the last {@link #forward}. */
    void updateState(float[] state, int rows) {
        for (BatchNormPass layer : normalized) {
            if (layer != null) {
                layer.updateAverages(state, rows);
            }
        }
    }
}
