package io.millrace.nn.network;

import io.millrace.nn.activation.Activation;
import io.millrace.nn.initializer.Initializer;
import io.millrace.nn.initializer.SplitMix64;
import io.millrace.nn.kernels.Kernels;
import java.util.Arrays;

/**
 * A multi-layer perceptron, a chain of layers or an acyclic graph of them: an architecture, the layout of its parameters and of its state, and the forward pass of evaluation. It
 * holds no parameters, so that one network serves any number of threads, each with a {@link Workspace} and parameters of its choice.
 *
 * <p>State is what training moves besides the gradient's steps: the running averages of batch normalisation. Networks without it
 * have none.
 */
public final class Network {
    private static final float[] NO_STATE = {};

    private final Architecture architecture;
    private final Graph graph;
    private final ParameterLayout layout;
    private final StateLayout stateLayout;
    private final Kernels kernels;

    /**
     * A network of that architecture.
     *
     * @param kernels that compute it; each workspace takes an instance of its own
     */
    public Network(Architecture architecture, Kernels kernels) {
        this.architecture = architecture;
        this.graph = architecture.graph();
        this.kernels = kernels;
        this.layout = new ParameterLayout(architecture);
        this.stateLayout = new StateLayout(architecture);
    }

    /** What this network is. */
    public Architecture architecture() {
        return architecture;
    }

    /** Where its parameters lie. */
    public ParameterLayout layout() {
        return layout;
    }

    Graph graph() {
        return graph;
    }

    StateLayout stateLayout() {
        return stateLayout;
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
        return new Workspace(this, kernels.newInstance(), maxRows);
    }

    /**
     * Overwrites all parameters with their first values: weights from the initializer, {@code gamma} one, biases,
     * {@code beta} and padding zero.
     *
     * @param parameters {@code [parameterLength()]}
     * @param seed the same seed gives the same weights on every machine
     */
    public void initialize(float[] parameters, Initializer initializer, long seed) {
        requireParameters(parameters);
        Arrays.fill(parameters, 0f);
        for (int l = 0; l < layout.layers(); l++) {
            if (!layout.owns(l)) {
                continue;
            }
            SplitMix64 random = new SplitMix64(seed, l);
            int inputs = graph.inputsOf(l);
            int outputs = architecture.outputsOf(l);
            for (int i = 0; i < inputs; i++) {
                int row = layout.weightOffset(l) + i * layout.stride(l);
                for (int j = 0; j < outputs; j++) {
                    parameters[row + j] = initializer.weight(random, inputs, outputs);
                }
            }
            if (architecture.layers().get(l).normalized()) {
                int gamma = layout.gammaOffset(l);
                Arrays.fill(parameters, gamma, gamma + outputs, 1f);
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
        stateLayout.initialize(state);
    }

    /**
     * Copies all parameters (or moments, or a gradient) to the layout of the wire. For parts see {@link ParameterLayout}.
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
     * Copies the state to the layout of the wire.
     *
     * @param state {@code [stateLength()]}
     * @param canonical {@code [stateCount()]}: for each layer with batch normalisation the running means {@code [out]}, then the
     *     running variances {@code [out]}
     */
    public void stateToCanonical(float[] state, float[] canonical) {
        requireState(state);
        stateLayout.toCanonical(state, canonical);
    }

    /** The inverse of {@link #stateToCanonical}; padding becomes zero. */
    public void stateFromCanonical(float[] canonical, float[] state) {
        requireState(state);
        stateLayout.fromCanonical(canonical, state);
    }

    /** {@link #forward(float[], float[], float[], int, Workspace)} of a network without state. */
    public void forward(float[] parameters, float[] inputs, int rows, Workspace workspace) {
        forward(parameters, NO_STATE, inputs, rows, workspace);
    }

    /**
     * Computes the logits of {@code rows} rows into {@link Workspace#logits()}, each row for itself, as a prediction: batch
     * normalisation takes the running averages, dropout drops nothing. Reads parameters and state, changes nothing else, allocates nothing.
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
        for (int l = 0; l < layout.layers(); l++) {
            start(l, parameters, rows, workspace);
            for (int s = 0; s < graph.sources(l); s++) {
                multiply(l, s, parameters, outputs(graph.source(l, s), inputs, workspace), rows, workspace);
            }
            if (architecture.layers().get(l).normalized()) {
                normalize(l, parameters, state, rows, workspace);
            }
            activate(l, inputs, rows, workspace);
        }
    }

    /** What a layer put out or, for {@link Graph#INPUT}, what enters the network. */
    float[] outputs(int l, float[] inputs, Workspace workspace) {
        return l == Graph.INPUT ? inputs : workspace.outputs(l);
    }

    /** Distance between rows of {@link #outputs}. */
    int stride(int l) {
        return l == Graph.INPUT ? architecture.inputs() : layout.stride(l);
    }

    /** Where the products of a layer's inputs and weights are added to: a row of biases, or zeros, in the place of its outputs. */
    void start(int l, float[] parameters, int rows, Workspace workspace) {
        int stride = layout.stride(l);
        float[] z = workspace.outputs(l);
        if (architecture.layers().get(l).normalized()) {
            Arrays.fill(z, 0, rows * stride, 0f);
        } else {
            int bias = layout.biasOffset(l);
            for (int i = 0; i < rows; i++) {
                System.arraycopy(parameters, bias, z, i * stride, stride);
            }
        }
    }

    /** Adds {@code x W} of the {@code s}-th thing that enters layer {@code l}: the chain of each element goes on where it was. */
    void multiply(int l, int s, float[] parameters, float[] x, int rows, Workspace workspace) {
        int source = graph.source(l, s);
        int stride = layout.stride(l);
        int w = layout.weightOffset(l) + graph.firstRow(l, s) * stride;
        workspace
                .kernels()
                .gemm(
                        rows,
                        stride,
                        graph.width(source),
                        x,
                        0,
                        stride(source),
                        1,
                        parameters,
                        w,
                        stride,
                        workspace.outputs(l),
                        0,
                        stride);
    }

    private void normalize(int l, float[] parameters, float[] state, int rows, Workspace workspace) {
        BatchNorm batchNorm = architecture.layers().get(l).batchNorm();
        int stride = layout.stride(l);
        float[] inverseDeviations = workspace.inverseDeviations();
        batchNorm.invert(state, stateLayout.varianceOffset(l), stride, inverseDeviations);
        int means = stateLayout.meanOffset(l);
        int gamma = layout.gammaOffset(l);
        BatchNorm.normalize(workspace.outputs(l), rows, stride, state, means, inverseDeviations, parameters, gamma);
    }

    /** Adds the residuals, then applies the activation. */
    void activate(int l, float[] inputs, int rows, Workspace workspace) {
        int stride = layout.stride(l);
        for (int r = 0; r < graph.residuals(l); r++) {
            int from = graph.residual(l, r);
            float[] h = outputs(from, inputs, workspace);
            Rows.add(h, stride(from), workspace.outputs(l), stride, rows, graph.width(from));
        }
        Activation activation = architecture.layers().get(l).activation();
        activation.forward(workspace.kernels(), workspace.outputs(l), rows * stride);
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
