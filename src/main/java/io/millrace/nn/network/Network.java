package io.millrace.nn.network;

import io.millrace.nn.initializer.Initializer;
import io.millrace.nn.initializer.SplitMix64;
import io.millrace.nn.kernels.Kernels;
import io.millrace.nn.layer.Block;
import io.millrace.nn.layer.Layout;
import io.millrace.nn.layer.MetRows;
import io.millrace.nn.layer.TableNode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A network, which is a chain or an acyclic graph of layers: an architecture, the layout of its parameters and of its state, and the forward
 * pass of predictions. It holds no parameters, so any number of threads can use one network, each with its own {@link Workspace} and
 * parameters.
 *
 * <p>State consists of numbers that training changes without a gradient: the running averages of batch normalisation. Networks without batch
 * normalisation have no state.
 */
public final class Network {
    private static final float[] NO_STATE = {};

    private final Architecture architecture;
    private final Graph graph; // its nodes compute nothing: each workspace has its own
    private final Layout layout;
    private final Layout stateLayout;
    private final Block[] matrices;
    private final Kernels kernels;

    /**
     * A network of this architecture.
     *
     * @param kernels kernels for the computation; each workspace uses its own instance
     */
    public Network(Architecture architecture, Kernels kernels) {
        this.architecture = architecture;
        this.graph = architecture.graph();
        this.layout = graph.layout();
        this.stateLayout = graph.stateLayout();
        this.matrices = layout.blocks().stream().filter(Block::matrix).toArray(Block[]::new);
        this.kernels = kernels;
    }

    /** The architecture of this network. */
    public Architecture architecture() {
        return architecture;
    }

    /** The layout of the parameters. */
    public Layout layout() {
        return layout;
    }

    /** For each table, what finds the rows that a batch meets. For one trainer. */
    MetRows[] tables() {
        List<TableNode> tables = graph.tables();
        return IntStream.range(0, tables.size())
                .mapToObj(t -> new MetRows(tables.get(t).block(), t))
                .toArray(MetRows[]::new);
    }

    /** The weight matrices, to which penalties and weight decay apply: the live array. */
    Block[] matrices() {
        return matrices;
    }

    /** Floats of the padded parameter array. */
    public int parameterLength() {
        return layout.length();
    }

    /** Number of parameters: floats of the canonical array. */
    public int parameterCount() {
        return layout.count();
    }

    /** Floats of the padded state array; 0 for networks without batch normalisation. */
    public int stateLength() {
        return stateLayout.length();
    }

    /** Floats of the canonical state array; 0 for networks without batch normalisation. */
    public int stateCount() {
        return stateLayout.count();
    }

    /** Memory for passes of up to {@code maxRows} rows, for one thread. */
    public Workspace workspace(int maxRows) {
        return new Workspace(architecture.graph(), kernels.newInstance(), maxRows);
    }

    /**
     * Overwrites all parameters with their first values: weights from the initializer, {@code gamma} one, biases,
     * {@code beta} and padding zero. Each layer has its own random stream.
     *
     * @param parameters {@code [parameterLength()]}
     * @param seed the same seed gives the same weights on every machine
     */
    public void initialize(float[] parameters, Initializer initializer, long seed) {
        requireParameters(parameters);
        Arrays.fill(parameters, 0f);
        SplitMix64 random = null;
        int layer = Integer.MIN_VALUE; // none yet
        for (int n = 0; n < graph.size(); n++) {
            if (graph.layer(n) != layer) {
                layer = graph.layer(n);
                random = new SplitMix64(seed, layer);
            }
            if (graph.owns(layer)) {
                graph.node(n).initialize(parameters, initializer, random);
            }
        }
    }

    /**
     * Overwrites the state with its first values: means 0, variances 1.
     *
     * @param state {@code [stateLength()]}
     */
    public void initializeState(float[] state) {
        requireState(state);
        Arrays.fill(state, 0f);
        for (int n = 0; n < graph.size(); n++) {
            graph.node(n).initializeState(state);
        }
    }

    /**
     * Copies all parameters (or moments, or a gradient) to the canonical layout. {@link Layout} can copy parts.
     *
     * @param parameters {@code [parameterLength()]}
     * @param canonical {@code [parameterCount()]}: layer by layer {@code W} {@code [in][out]}, then {@code b} {@code [out]},
     *     or {@code gamma} {@code [out]} and {@code beta} {@code [out]} with batch normalisation
     */
    public void toCanonical(float[] parameters, float[] canonical) {
        requireParameters(parameters);
        layout.toCanonical(parameters, 0, parameterCount(), canonical, 0);
    }

    /** The inverse of {@link #toCanonical}; padding becomes zero. */
    public void fromCanonical(float[] canonical, float[] parameters) {
        requireParameters(parameters);
        Arrays.fill(parameters, 0f);
        layout.fromCanonical(canonical, 0, 0, parameterCount(), parameters);
    }

    /**
     * Copies the state to the canonical layout.
     *
     * @param state {@code [stateLength()]}
     * @param canonical {@code [stateCount()]}: for each layer with batch normalisation the running means {@code [out]}, then the
     *     running variances {@code [out]}
     */
    public void stateToCanonical(float[] state, float[] canonical) {
        requireState(state);
        stateLayout.toCanonical(state, 0, stateCount(), canonical, 0);
    }

    /** The inverse of {@link #stateToCanonical}; padding becomes zero. */
    public void stateFromCanonical(float[] canonical, float[] state) {
        requireState(state);
        Arrays.fill(state, 0f);
        stateLayout.fromCanonical(canonical, 0, 0, stateCount(), state);
    }

    /** {@link #forward(float[], float[], float[], int, Workspace)} of a network without state. */
    public void forward(float[] parameters, float[] inputs, int rows, Workspace workspace) {
        forward(parameters, NO_STATE, inputs, rows, workspace);
    }

    /**
     * Predicts: computes the logits of {@code rows} rows, each independently, into {@link Workspace#logits()}. Batch normalisation uses the
     * running averages, dropout drops nothing. Does not change parameters and state. Allocates nothing.
     *
     * @param parameters {@code [parameterLength()]}
     * @param state {@code [stateLength()]}
     * @param inputs {@code [rows x inputs]}, row-major, unpadded; not modified
     * @throws IllegalArgumentException if an array is too short or the workspace has fewer rows
     */
    public void forward(float[] parameters, float[] state, float[] inputs, int rows, Workspace workspace) {
        requireParameters(parameters);
        requireState(state);
        requireRows(inputs, rows, workspace);
        workspace.predict(parameters, state, inputs, rows);
    }

    private void requireParameters(float[] parameters) {
        if (parameters.length != layout.length()) {
            throw new IllegalArgumentException("the parameter array has " + parameters.length
                    + " floats: give parameterLength() = " + layout.length());
        }
    }

    private void requireState(float[] state) {
        if (state.length != stateLayout.length()) {
            throw new IllegalArgumentException(
                    "the state array has " + state.length + " floats: give stateLength() = " + stateLayout.length());
        }
    }

    private void requireRows(float[] inputs, int rows, Workspace workspace) {
        if (rows < 1 || rows > workspace.maxRows()) {
            throw new IllegalArgumentException(rows + " rows do not fit: give 1.." + workspace.maxRows());
        }
        if (inputs.length < (long) rows * architecture.inputs()) {
            throw new IllegalArgumentException("the inputs have " + inputs.length + " floats, but " + rows + " rows of "
                    + architecture.inputs() + " need " + (long) rows * architecture.inputs());
        }
    }
}
