package io.millrace.nn;

/**
 * The forward pass of training, where batch normalisation takes the statistics of the mini-batch; owns what the backward pass
 * needs of it besides the {@link Workspace}. For networks with nothing of that kind it computes what {@link Network#forward} does.
 * For one thread.
 */
final class TrainingPass {
    private final Network network;
    private final NormalizedBatch[] normalized; // per layer; null without batch normalisation

    TrainingPass(Network network, int maxRows) {
        this.network = network;
        this.normalized = new NormalizedBatch[network.layout().layers()];
        for (int l = 0; l < normalized.length; l++) {
            if (network.architecture().layers().get(l).normalized()) {
                normalized[l] = new NormalizedBatch(network, l, maxRows);
            }
        }
    }

    /** Whether a pass of training differs from one of evaluation. */
    static boolean differs(Architecture architecture) {
        return architecture.layers().stream().anyMatch(Layer::normalized);
    }

    /** Computes the logits into the workspace. Allocates nothing. */
    void forward(float[] parameters, float[] state, float[] inputs, int rows, Workspace workspace) {
        float[] x = inputs;
        for (int l = 0; l < normalized.length; l++) {
            network.multiply(l, parameters, x, rows, workspace);
            if (normalized[l] != null) {
                normalized[l].forward(parameters, state, workspace.outputs(l), rows);
            }
            network.activate(l, rows, workspace);
            x = workspace.outputs(l);
        }
    }

    /** The batch normalisation of layer {@code l}, null if there is none. */
    NormalizedBatch normalized(int l) {
        return normalized[l];
    }

    /** Moves the state by the batch of the last {@link #forward}. */
    void updateState(float[] state, int rows) {
        for (NormalizedBatch layer : normalized) {
            if (layer != null) {
                layer.updateAverages(state, rows);
            }
        }
    }
}
