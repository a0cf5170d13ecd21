package io.millrace.nn;

import io.millrace.nn.kernels.Kernels;
import java.util.Arrays;

/**
 * A multi-layer perceptron: an architecture, the layout of its parameters, and the forward pass. It holds no parameters, so that
 * one network serves any number of threads, each with a {@link Workspace} and parameters of its choice.
 */
public final class Network {
    private final Architecture architecture;
    private final ParameterLayout layout;
    private final Kernels kernels;

    /**
     * A network of that architecture.
     *
     * @param kernels that compute it; each workspace takes an instance of its own
     */
    public Network(Architecture architecture, Kernels kernels) {
        this.architecture = architecture;
        this.kernels = kernels;
        this.layout = new ParameterLayout(architecture);
    }

    /** What this network is. */
    public Architecture architecture() {
        return architecture;
    }

    /** Where its parameters lie. */
    public ParameterLayout layout() {
        return layout;
    }

    /** Floats of the padded parameter array. */
    public int parameterLength() {
        return layout.length();
    }

    /** Number of parameters: floats of the canonical array. */
    public int parameterCount() {
        return layout.count();
    }

    /** Memory for passes of up to {@code maxRows} rows, for one thread. */
    public Workspace workspace(int maxRows) {
        return new Workspace(layout, kernels.newInstance(), maxRows);
    }

    /**
     * Overwrites all parameters with their first values: weights from the initializer, biases and padding zero.
     *
     * @param parameters {@code [parameterLength()]}
     * @param seed the same seed gives the same weights on every machine
     */
    public void initialize(float[] parameters, Initializer initializer, long seed) {
        requireParameters(parameters);
        Arrays.fill(parameters, 0f);
        for (int l = 0; l < layout.layers(); l++) {
            SplitMix64 random = new SplitMix64(seed, l);
            int inputs = architecture.inputsOf(l);
            int outputs = architecture.outputsOf(l);
            for (int i = 0; i < inputs; i++) {
                int row = layout.weightOffset(l) + i * layout.stride(l);
                for (int j = 0; j < outputs; j++) {
                    parameters[row + j] = initializer.weight(random, inputs, outputs);
                }
            }
        }
    }

    /**
     * Copies all parameters (or moments, or a gradient) to the layout of the wire. For parts see {@link ParameterLayout}.
     *
     * @param parameters {@code [parameterLength()]}
     * @param canonical {@code [parameterCount()]}: layer by layer {@code W} {@code [in][out]}, then {@code b} {@code [out]}
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
     * Computes the logits of {@code rows} rows into {@link Workspace#logits()}. Reads the parameters, changes nothing else,
     * allocates nothing.
     *
     * @param parameters {@code [parameterLength()]}
     * @param inputs {@code [rows x inputs]}, row-major, unpadded; not modified
     * @throws IllegalArgumentException if an array is too short or the workspace has fewer rows
     */
    public void forward(float[] parameters, float[] inputs, int rows, Workspace workspace) {
        requireParameters(parameters);
        requireRows(inputs, rows, workspace);
        Kernels k = workspace.kernels();
        float[] x = inputs;
        int width = architecture.inputs();
        int xStride = width;
        for (int l = 0; l < layout.layers(); l++) {
            int stride = layout.stride(l);
            float[] z = workspace.outputs(l);
            int bias = layout.biasOffset(l);
            for (int i = 0; i < rows; i++) {
                System.arraycopy(parameters, bias, z, i * stride, stride);
            }
            k.gemm(rows, stride, width, x, 0, xStride, 1, parameters, layout.weightOffset(l), stride, z, 0, stride);
            architecture.layers().get(l).activation().forward(k, z, rows * stride);
            x = z;
            width = architecture.outputsOf(l);
            xStride = stride;
        }
    }

    private void requireParameters(float[] parameters) {
        if (parameters.length != layout.length()) {
            throw new IllegalArgumentException("the parameter array has " + parameters.length
                    + " floats: give parameterLength() = " + layout.length());
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
