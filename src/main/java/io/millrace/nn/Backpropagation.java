package io.millrace.nn;

import io.millrace.nn.kernels.Kernels;
import java.util.Arrays;

/**
 * The backward pass (Rumelhart, Hinton and Williams, 1986): from the gradient by the logits to the gradient by every parameter.
 * Owns the gradients by the layers' outputs; for one thread.
 */
final class Backpropagation {
    private static final float[] ONE = {1f};

    private final Architecture architecture;
    private final ParameterLayout layout;
    private final TrainingPass pass;
    private final InputGradient inputGradient;
    private final float[][]
            deltas; // per layer [maxRows x stride]: gradient by its outputs, then by what enters its activation

    /** @param pass whose forward pass, if it is one of training, it goes back through */
    Backpropagation(Network network, TrainingPass pass, int maxRows) {
        this.architecture = network.architecture();
        this.layout = network.layout();
        this.pass = pass;
        this.inputGradient = new InputGradient(architecture, maxRows);
        this.deltas = new float[layout.layers()][];
        for (int l = 0; l < deltas.length; l++) {
            deltas[l] = new float[Math.multiplyExact(maxRows, layout.stride(l))];
        }
    }

    /** The gradient by the logits, {@code [maxRows x stride]}: fill it before {@link #backward}; its padding stays zero. */
    float[] logitsGradient() {
        return deltas[deltas.length - 1];
    }

    /**
     * Computes the gradient by the parameters, after a forward pass with the same arguments. Allocates nothing.
     *
     * @param gradient {@code [parameterLength]}, overwritten
     */
    void backward(float[] parameters, float[] inputs, int rows, Workspace workspace, float[] gradient) {
        Kernels kernels = workspace.kernels();
        for (int l = layout.layers() - 1; l >= 0; l--) {
            int in = architecture.inputsOf(l);
            int out = architecture.outputsOf(l);
            int stride = layout.stride(l);
            float[] dz = deltas[l];
            float[] x = l == 0 ? inputs : workspace.outputs(l - 1);
            int xStride = l == 0 ? in : layout.stride(l - 1);
            DroppedInputs dropped = pass.dropped(l);
            float[] entered = dropped == null ? x : dropped.left();

            NormalizedBatch normalized = pass.normalized(l);
            if (normalized != null) {
                normalized.backward(parameters, dz, rows, gradient);
            }

            // with X as it entered: dW = X^T dZ [in x stride] and db = 1^T dZ [1 x stride], chains over the rows of the
            // batch
            int weights = layout.weightOffset(l);
            product(kernels, in, stride, rows, entered, 1, xStride, dz, gradient, weights);
            if (normalized == null) {
                product(kernels, 1, stride, rows, ONE, 0, 0, dz, gradient, layout.biasOffset(l));
            }

            if (l > 0) { // dX = dZ W^T [rows x xStride], then back through dropout and the activation below
                inputGradient.compute(kernels, parameters, weights, in, out, stride, dz, rows, deltas[l - 1], xStride);
                if (dropped != null) {
                    dropped.backward(deltas[l - 1], rows);
                }
                architecture.layers().get(l - 1).activation().backward(kernels, deltas[l - 1], x, rows * xStride);
            }
        }
    }

    /** {@code C = X^T dZ} {@code [in x stride]}, where an element of {@code X} is {@code x[row * xStride + i * step]}. */
    private static void product(
            Kernels kernels,
            int in,
            int stride,
            int rows,
            float[] x,
            int step,
            int xStride,
            float[] dz,
            float[] c,
            int cOffset) {
        if (rows == 1) {
            kernels.outer(in, stride, x, dz, c, cOffset);
        } else {
            Arrays.fill(c, cOffset, cOffset + in * stride, 0f);
            kernels.gemm(in, stride, rows, x, 0, step, xStride, dz, 0, stride, c, cOffset, stride);
        }
    }
}
