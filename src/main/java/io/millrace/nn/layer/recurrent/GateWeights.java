package io.millrace.nn.layer.recurrent;

import io.millrace.nn.initializer.Initializer;
import io.millrace.nn.initializer.Orthogonal;
import io.millrace.nn.initializer.SplitMix64;
import io.millrace.nn.kernels.Transposition;
import io.millrace.nn.layer.Block;
import io.millrace.nn.layer.Blocks;
import io.millrace.nn.layer.Layout;
import io.millrace.nn.layer.Pass;
import java.util.Arrays;

/**
 * The parameters of a cell and their products: {@code W_g} {@code [features x units]} and {@code U_g} {@code [units x units]} of each gate {@code g}, and {@code b_s}
 * {@code [units]} of each sum {@code s}. The matrices of the gates lie one below the other. A sum is one chain: the bias, the features, the units of the
 * state. An element of a gradient by parameters is one chain over the steps, and in each over the rows of the batch.
 */
final class GateWeights {
    private static final float[] ONE = {1f};

    private final Cell cell;
    private final int features;
    private final int units;
    private final int stride; // of W, U, b and all sums
    private final Block weight; // W [gates * features x units]
    private final Block recurrent; // U [gates * units x units]
    private final Block bias; // b [sums x units]

    GateWeights(Blocks parameters, Cell cell, int features, int units) {
        this.cell = cell;
        this.features = features;
        this.units = units;
        stride = Layout.pad(units);
        weight = parameters.matrix("weight", cell.gates() * features, units);
        recurrent = parameters.matrix("recurrent", cell.gates() * units, units);
        bias = parameters.vectors("bias", cell.sums(), units);
    }

    /** W from the initializer, gate by gate and row by row; an orthogonal U of each gate; the biases of the cell. */
    void initialize(float[] parameters, Initializer initializer, SplitMix64 random) {
        for (int i = 0; i < weight.rows(); i++) {
            for (int j = 0; j < units; j++) {
                parameters[weight.index(i, j)] = initializer.weight(random, features, units);
            }
        }
        for (int g = 0; g < cell.gates(); g++) {
            Orthogonal.draw(random, units, parameters, u(g), stride);
        }
        for (int s = 0; s < cell.sums(); s++) {
            Arrays.fill(parameters, bias.index(s, 0), bias.index(s, units), cell.bias(s));
        }
    }

    private int w(int gate) {
        return weight.index(gate * features, 0);
    }

    private int u(int gate) {
        return recurrent.index(gate * units, 0);
    }

    /** Floats that {@link #transposeStates} and {@link #addInputGradient} write. */
    int transposedLength() {
        return Math.max(
                Math.multiplyExact(cell.gates() * units, stride), Math.multiplyExact(units, Layout.pad(features)));
    }

    /** {@code a = b}, where the chains start, and {@code a += x W} for the gates, for the {@code count} rows of all steps. */
    void start(Pass pass, float[] parameters, int count, float[] x, float[][] a) {
        int length = count * stride;
        for (int s = 0; s < cell.sums(); s++) {
            System.arraycopy(parameters, bias.index(s, 0), a[s], 0, stride);
            for (int done = stride; done < length; done *= 2) {
                System.arraycopy(a[s], 0, a[s], done, Math.min(done, length - done));
            }
        }
        addInputs(pass, parameters, count, x, a);
    }

    /** {@code a += x W} {@code [count x units]}. */
    void addInputs(Pass pass, float[] parameters, int count, float[] x, float[][] a) {
        for (int g = 0; g < cell.gates(); g++) {
            pass.kernels().gemm(count, stride, features, x, 0, features, 1, parameters, w(g), stride, a[g], 0, stride);
        }
    }

    /** {@code a += h' U} {@code [rows x units]} for the rows of a step, with {@code h'} from {@code before} and {@code a} from {@code at}. */
    void addState(Pass pass, float[] parameters, float[] h, int before, float[][] a, int at) {
        for (int g = 0; g < cell.gates(); g++) {
            float[] sum = a[cell.sumOfState(g)];
            pass.kernels()
                    .gemm(pass.rows(), stride, units, h, before, stride, 1, parameters, u(g), stride, sum, at, stride);
        }
    }

    /** Writes {@code U^T}, {@code [units x stride]} for each gate with padding of zeros, for {@link #addStateGradient}. */
    void transposeStates(float[] parameters, float[] transposed) {
        if (units < stride) {
            Arrays.fill(transposed, 0, cell.gates() * units * stride, 0f);
        }
        for (int g = 0; g < cell.gates(); g++) {
            Transposition.transpose(parameters, u(g), stride, units, units, transposed, g * units * stride, stride);
        }
    }

    /** {@code dh' += da U^T} {@code [rows x units]} for the rows of a step. */
    void addStateGradient(Pass pass, float[] transposed, float[][] da, int at, float[] dh, int before) {
        for (int g = 0; g < cell.gates(); g++) {
            float[] of = da[cell.sumOfState(g)];
            int from = g * units * stride;
            pass.kernels()
                    .gemm(pass.rows(), stride, units, of, at, stride, 1, transposed, from, stride, dh, before, stride);
        }
    }

    /** {@code dx += da W^T} {@code [count x pad(features)]}; lanes past the last feature compute on leftovers that nobody reads. */
    void addInputGradient(Pass pass, float[] parameters, float[] transposed, int count, float[][] da, float[] dx) {
        int width = Layout.pad(features);
        for (int g = 0; g < cell.gates(); g++) {
            Transposition.transpose(parameters, w(g), stride, features, units, transposed, width);
            pass.kernels().gemm(count, width, units, da[g], 0, stride, 1, transposed, 0, width, dx, 0, width);
        }
    }

    /** Overwrites the gradients with zeros. */
    void clear(float[] gradient) {
        Arrays.fill(gradient, weight.offset(), weight.end(), 0f);
        Arrays.fill(gradient, recurrent.offset(), recurrent.end(), 0f);
        Arrays.fill(gradient, bias.offset(), bias.end(), 0f);
    }

    /** {@code dW += x^T da} {@code [features x units]} for each gate. */
    void addInputWeightGradient(Pass pass, int count, float[] x, float[][] da, float[] sum) {
        for (int g = 0; g < cell.gates(); g++) {
            pass.kernels().gemm(features, stride, count, x, 0, 1, features, da[g], 0, stride, sum, w(g), stride);
        }
    }

    /** {@code dU += h'^T da} {@code [units x units]} for each gate, over the {@code count} rows of all steps but the last of {@code h}, and but the first of {@code da}, which begins at {@code at}. */
    void addStateWeightGradient(Pass pass, int count, float[] h, float[][] da, int at, float[] sum) {
        for (int g = 0; g < cell.gates(); g++) {
            float[] of = da[cell.sumOfState(g)];
            pass.kernels().gemm(units, stride, count, h, 0, 1, stride, of, at, stride, sum, u(g), stride);
        }
    }

    /** {@code db += 1^T da} {@code [units]} for each sum. */
    void addBiasGradient(Pass pass, int count, float[][] da, float[] sum) {
        for (int s = 0; s < cell.sums(); s++) {
            pass.kernels().gemm(1, stride, count, ONE, 0, 0, 0, da[s], 0, stride, sum, bias.index(s, 0), stride);
        }
    }
}
