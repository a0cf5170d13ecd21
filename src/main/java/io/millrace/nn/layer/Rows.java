package io.millrace.nn.layer;

import java.util.Arrays;

/**
 * Rows of floats in one array: inputs or outputs of a node, their gradients, or their derivatives along a direction. A row has
 * {@link #stride} floats, of which the first {@link #width} are in use; the others are zero and stay zero.
 */
public final class Rows {
    private final int width;
    private final int stride;
    private float[] floats; // [maxRows x stride]

    /** Zeros, {@code [maxRows x stride]}, where {@code stride} is the width rounded up to a multiple of 16. */
    public Rows(int maxRows, int width) {
        this.width = width;
        this.stride = Layout.pad(width);
        this.floats = new float[Math.multiplyExact(maxRows, stride)];
    }

    private Rows(int width) {
        this.width = width;
        this.stride = width;
    }

    /** Rows without padding in an array that {@link #pointTo} gives. */
    public static Rows unpadded(int width) {
        return new Rows(width);
    }

    /** From now on the rows are in this array, one after the other. */
    public void pointTo(float[] array) {
        floats = array;
    }

    /** The live array. */
    public float[] floats() {
        return floats;
    }

    /** Number of floats of a row that are in use. */
    public int width() {
        return width;
    }

    /** Distance from row to row. */
    public int stride() {
        return stride;
    }

    /** Overwrites the first rows with those of {@code x}, which is as wide. Does nothing if it is {@code x}. */
    public void copy(Rows x, int rows) {
        if (x == this) {
            return;
        }
        if (x.stride == stride) {
            System.arraycopy(x.floats, 0, floats, 0, rows * stride);
            return;
        }
        copy(x, 0, 0, width, rows);
    }

    /** Overwrites {@code count} columns of the first rows, those from {@code to}, with those of {@code x} from {@code from}. */
    public void copy(Rows x, int from, int to, int count, int rows) {
        for (int i = 0; i < rows; i++) {
            System.arraycopy(x.floats, i * x.stride + from, floats, i * stride + to, count);
        }
    }

    /** Overwrites the first rows with one row of {@link #stride} floats, in a logarithmic number of copies. */
    void repeat(float[] array, int from, int rows) {
        System.arraycopy(array, from, floats, 0, stride);
        for (int done = 1; done < rows; done *= 2) {
            System.arraycopy(floats, 0, floats, done * stride, Math.min(done, rows - done) * stride);
        }
    }

    /** Adds the first rows of {@code x}, which is as wide. */
    public void add(Rows x, int rows) {
        for (int i = 0; i < rows; i++) {
            add(x.floats, i * x.stride, floats, i * stride, width);
        }
    }

    /** {@code y += x}, for {@code count} floats. */
    public static void add(float[] x, int from, float[] y, int to, int count) {
        for (int j = 0; j < count; j++) {
            y[to + j] += x[from + j];
        }
    }

    /** {@code y += a x}, for {@code count} floats. */
    static void addProduct(float a, float[] x, int from, float[] y, int to, int count) {
        for (int j = 0; j < count; j++) {
            y[to + j] = Math.fma(a, x[from + j], y[to + j]);
        }
    }

    /** Overwrites the first rows with zeros. */
    public void clear(int rows) {
        Arrays.fill(floats, 0, rows * stride, 0f);
    }

    /** The largest magnitude in the first rows; NaN if one is NaN. */
    public double largestMagnitude(Pass pass) {
        return pass.kernels().largestMagnitude(floats, pass.rows() * stride);
    }
}
