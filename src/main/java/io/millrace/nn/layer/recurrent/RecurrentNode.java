package io.millrace.nn.layer.recurrent;

import io.millrace.nn.initializer.Initializer;
import io.millrace.nn.initializer.SplitMix64;
import io.millrace.nn.layer.LayerKind;
import io.millrace.nn.layer.Layout;
import io.millrace.nn.layer.Mask;
import io.millrace.nn.layer.Node;
import io.millrace.nn.layer.Pass;
import io.millrace.nn.layer.Ports;
import io.millrace.nn.layer.Rows;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A recurrent layer, unrolled over the steps of a sequence, and backpropagation through time (Rumelhart, Hinton and Williams, 1986). A {@link Cell} computes a
 * step, {@link GateWeights} the products. Those of the inputs are one product for all steps and rows, and those of the state one for each step.
 *
 * <p>All that a step computes is kept for the backward pass in the arrays of {@link Cell}, {@code [steps x rows x stride]}: the rows of a step lie side by
 * side. An array is made for the largest batch; a smaller one uses its beginning.
 */
final class RecurrentNode implements Node {
    private final Cell cell;
    private final int steps;
    private final int features;
    private final int units;
    private final int stride; // of a state
    private final int truncate;
    private final boolean all; // whether all states are the output
    private final GateWeights weights;
    private final Mask mask; // of the steps
    private int mostPadded; // steps of a row of the batch
    private float[][] values;
    private float[][] gradients;
    private float[][] tangents; // R(values)
    private float[][] gradientTangents; // R(gradients)

    RecurrentNode(LayerKind.Context context, Recurrent kind) {
        cell = kind.cell();
        steps = kind.in().height();
        features = kind.in().channels();
        units = kind.size();
        stride = Layout.pad(units);
        truncate = kind.truncate();
        all = kind.states() == States.ALL;
        weights = new GateWeights(context.parameters(), cell, features, units);
        mask = context.mask();
    }

    @Override
    public int width() {
        return all ? steps * units : units;
    }

    @Override
    public void initialize(float[] parameters, Initializer initializer, SplitMix64 random) {
        weights.initialize(parameters, initializer, random);
    }

    @Override
    public void prepare(Pass pass, int maxRows) {
        values = arrays(maxRows, cell.kept());
        pass.reserve(0, Math.multiplyExact(maxRows, steps * features));
    }

    private float[][] arrays(int maxRows, int kept) {
        int length = Math.multiplyExact(maxRows, steps * stride);
        int count = cell.carries() ? cell.after() + 1 : cell.state() + 1;
        return IntStream.range(0, count + kept).mapToObj(i -> new float[length]).toArray(float[][]::new);
    }

    @Override
    public void predict(Pass pass, Ports ports) {
        weights.start(pass, pass.parameters(), steps * pass.rows(), stepMajor(pass, ports.x0()), values);
        mostPadded = mask.mostPadded(pass);
        int n = pass.rows() * stride; // numbers of a step
        for (int t = 0; t < steps; t++) {
            enter(pass, t, values);
            cell.forward(pass.kernels(), values, t * n, (t + 1) * n);
            clearPadded(pass, t, values);
        }
        write(pass, values[cell.state()], ports.y());
    }

    /** What enters a step from the one before. */
    private void enter(Pass pass, int t, float[][] arrays) {
        int n = pass.rows() * stride;
        if (t > 0) {
            weights.addState(pass, pass.parameters(), arrays[cell.state()], (t - 1) * n, arrays, t * n);
        }
        if (cell.carries() && t > 0) {
            System.arraycopy(arrays[cell.after()], (t - 1) * n, arrays[cell.before()], t * n, n);
        } else if (cell.carries()) {
            Arrays.fill(arrays[cell.before()], 0, n, 0f);
        }
    }

    /** Zeros, for rows where a step is padding, in what it gives to the next: the state stays at its start. In gradients, so that none flows into the step. */
    private void clearPadded(Pass pass, int t, float[][] arrays) {
        if (t >= mostPadded) {
            return;
        }
        for (int i = 0; i < pass.rows(); i++) {
            if (t < mask.padded(pass, i)) {
                int at = (t * pass.rows() + i) * stride;
                Arrays.fill(arrays[cell.state()], at, at + stride, 0f);
                if (cell.carries()) {
                    Arrays.fill(arrays[cell.after()], at, at + stride, 0f);
                }
            }
        }
    }

    /** The inputs {@code [steps x rows x features]}. */
    private float[] stepMajor(Pass pass, Rows x) {
        if (pass.rows() == 1) {
            return x.floats();
        }
        Steps.gather(x, pass.rows(), steps, features, pass.scratch(0), 0, features);
        return pass.scratch(0);
    }

    private void write(Pass pass, float[] states, Rows y) {
        int n = pass.rows() * stride;
        if (all) {
            Steps.scatter(states, 0, stride, pass.rows(), steps, units, y);
        } else {
            System.arraycopy(states, (steps - 1) * n, y.floats(), 0, n);
        }
    }

    @Override
    public void prepareTraining(Pass pass, int maxRows, Ports ports) {
        gradients = arrays(maxRows, 0);
        pass.reserve(1, weights.transposedLength());
        if (ports.x0() != null) {
            pass.reserve(0, Math.multiplyExact(maxRows, steps * Layout.pad(features)));
        }
    }

    /** Whether the gradient flows from a step to the one before: not at the beginning of a block, which counts from the last step. */
    private boolean linked(int t) {
        return t > 0 && (steps - t) % truncate != 0;
    }

    /** {@code dh' = da U^T} besides what the cell carries, step by step backwards, and {@code dX = dA W^T}. */
    @Override
    public double backward(Pass pass, Ports ports, Ports gradientPorts) {
        int n = pass.rows() * stride;
        begin(pass, gradientPorts.y(), gradients);
        weights.transposeStates(pass.parameters(), pass.scratch(1));
        for (int t = steps - 1; t >= 0; t--) {
            clearPadded(pass, t, gradients);
            cell.backward(values, gradients, t * n, (t + 1) * n);
            if (linked(t)) {
                weights.addStateGradient(pass, pass.scratch(1), gradients, t * n, gradients[cell.state()], (t - 1) * n);
                carry(gradients, t, n);
            }
        }
        if (gradientPorts.x0() != null) {
            Arrays.fill(pass.scratch(0), 0, steps * pass.rows() * Layout.pad(features), 0f);
            addInputGradient(pass, pass.parameters(), gradients);
            writeInputGradient(pass, gradientPorts.x0());
        }
        return bound(pass, ports.x0());
    }

    /** The gradients of the states: what comes from the output. */
    private void begin(Pass pass, Rows dy, float[][] d) {
        int n = pass.rows() * stride;
        float[] dh = d[cell.state()];
        Arrays.fill(dh, 0, steps * n, 0f);
        if (all) {
            Steps.gather(dy, pass.rows(), steps, units, dh, 0, stride);
        } else {
            System.arraycopy(dy.floats(), 0, dh, (steps - 1) * n, n);
        }
        if (cell.carries()) {
            Arrays.fill(d[cell.after()], 0, steps * n, 0f);
        }
    }

    private void carry(float[][] d, int t, int n) {
        if (cell.carries()) {
            System.arraycopy(d[cell.before()], t * n, d[cell.after()], (t - 1) * n, n);
        }
    }

    private void addInputGradient(Pass pass, float[] parameters, float[][] d) {
        weights.addInputGradient(pass, parameters, pass.scratch(1), steps * pass.rows(), d, pass.scratch(0));
    }

    private void writeInputGradient(Pass pass, Rows dx) {
        Steps.scatter(pass.scratch(0), 0, Layout.pad(features), pass.rows(), steps, features, dx);
    }

    /** An element of the gradient is a sum over rows and steps of products of an input, a state, or 1, and of a gradient of a sum. */
    private double bound(Pass pass, Rows x) {
        int length = steps * pass.rows() * stride;
        double factor = Math.max(1, pass.kernels().largestMagnitude(values[cell.state()], length));
        double largest = 0;
        for (int s = 0; s < cell.sums(); s++) {
            largest = Math.max(largest, pass.kernels().largestMagnitude(gradients[s], length));
        }
        return (double) steps * pass.rows() * Math.max(factor, x.largestMagnitude(pass)) * largest;
    }

    /** {@code dW = X^T dA}, {@code dU = H'^T dA} and {@code db = 1^T dA}. */
    @Override
    public void parameterGradient(Pass pass, Ports ports, Ports gradientPorts) {
        if (!pass.adding()) {
            weights.clear(pass.gradient());
        }
        addGradient(pass, ports.x0(), values, gradients, pass.gradient());
        weights.addBiasGradient(pass, steps * pass.rows(), gradients, pass.gradient());
    }

    /** Adds the gradients of W, if there are inputs, and of U. */
    private void addGradient(Pass pass, Rows x, float[][] v, float[][] d, float[] sum) {
        if (x != null) {
            weights.addInputWeightGradient(pass, steps * pass.rows(), stepMajor(pass, x), d, sum);
        }
        weights.addStateWeightGradient(pass, (steps - 1) * pass.rows(), v[cell.state()], d, pass.rows() * stride, sum);
    }

    @Override
    public boolean hasTangents() {
        return true;
    }

    @Override
    public void prepareTangents(Pass pass, int maxRows, Ports ports) {
        tangents = arrays(maxRows, cell.kept());
        gradientTangents = arrays(maxRows, 0);
        pass.reserve(2, weights.transposedLength());
    }

    /** {@code R(x W + b + h' U) = x R(W) + R(x) W + R(b) + h' R(U) + R(h') U}. */
    @Override
    public void forwardTangent(Pass pass, Ports ports, Ports tangentPorts) {
        int n = pass.rows() * stride;
        int count = steps * pass.rows();
        weights.start(pass, pass.direction(), count, stepMajor(pass, ports.x0()), tangents);
        if (tangentPorts.x0() != null) {
            weights.addInputs(pass, pass.parameters(), count, stepMajor(pass, tangentPorts.x0()), tangents);
        }
        for (int t = 0; t < steps; t++) {
            if (t > 0) {
                weights.addState(pass, pass.direction(), values[cell.state()], (t - 1) * n, tangents, t * n);
            }
            enter(pass, t, tangents);
            cell.forwardTangent(values, tangents, t * n, (t + 1) * n);
            clearPadded(pass, t, tangents);
        }
        write(pass, tangents[cell.state()], tangentPorts.y());
    }

    /**
     * {@code R(dh') = R(da) U^T + da R(U)^T}, {@code R(dX) = R(dA) W^T + dA R(W)^T}, and {@code R(X^T dA) = X^T R(dA) + R(X)^T dA}, as with H'.
     */
    @Override
    public void backwardTangent(
            Pass pass, Ports ports, Ports gradientPorts, Ports tangentPorts, Ports gradientTangentPorts) {
        int n = pass.rows() * stride;
        begin(pass, gradientTangentPorts.y(), gradientTangents);
        weights.transposeStates(pass.parameters(), pass.scratch(1));
        weights.transposeStates(pass.direction(), pass.scratch(2));
        float[] rdh = gradientTangents[cell.state()];
        for (int t = steps - 1; t >= 0; t--) {
            clearPadded(pass, t, gradientTangents);
            cell.backwardTangent(values, gradients, tangents, gradientTangents, t * n, (t + 1) * n);
            if (linked(t)) {
                weights.addStateGradient(pass, pass.scratch(1), gradientTangents, t * n, rdh, (t - 1) * n);
                weights.addStateGradient(pass, pass.scratch(2), gradients, t * n, rdh, (t - 1) * n);
                carry(gradientTangents, t, n);
            }
        }
        addGradient(pass, ports.x0(), values, gradientTangents, pass.product());
        weights.addBiasGradient(pass, steps * pass.rows(), gradientTangents, pass.product());
        addGradient(pass, tangentPorts.x0(), tangents, gradients, pass.product());
        if (gradientTangentPorts.x0() != null) {
            Arrays.fill(pass.scratch(0), 0, steps * pass.rows() * Layout.pad(features), 0f);
            addInputGradient(pass, pass.parameters(), gradientTangents);
            addInputGradient(pass, pass.direction(), gradients);
            writeInputGradient(pass, gradientTangentPorts.x0());
        }
    }
}
