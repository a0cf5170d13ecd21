package io.millrace.nn;

import java.util.Objects;

/**
 * Where the parameters of a network lie, in two layouts.
 *
 * <p><b>Padded</b>, in memory: layer by layer {@code W} {@code [in][stride]}, then {@code b} {@code [stride]}, in one flat array,
 * where {@code stride} is the number of units rounded up to a multiple of 16, so that vectors of 4, 8 or 16 floats need no tail.
 * Padding is zero and stays zero.
 *
 * <p><b>Canonical</b>, on the wire: layer by layer {@code W} {@code [in][out]}, then {@code b} {@code [out]}, without gaps.
 */
public final class ParameterLayout {
    /** Floats of the widest vector, to which rows are padded. */
    static final int LANES = 16;

    private final int[] inputs;
    private final int[] units;
    private final int[] weightOffset; // padded
    private final int[] canonicalOffset; // one more than layers: the last is the total
    private final int length;

    ParameterLayout(Architecture architecture) {
        int layers = architecture.layers().size();
        inputs = new int[layers];
        units = new int[layers];
        weightOffset = new int[layers];
        canonicalOffset = new int[layers + 1];
        long padded = 0;
        for (int l = 0; l < layers; l++) {
            inputs[l] = architecture.inputsOf(l);
            units[l] = architecture.outputsOf(l);
            weightOffset[l] = (int) padded;
            padded += (inputs[l] + 1L) * pad(units[l]);
            if (padded > Integer.MAX_VALUE - LANES) {
                throw new IllegalArgumentException(
                        "the network has over 2^31 parameters: make layer " + l + " narrower");
            }
            canonicalOffset[l + 1] = canonicalOffset[l] + (inputs[l] + 1) * units[l];
        }
        length = (int) padded;
    }

    static int pad(int width) {
        return (width + LANES - 1) & -LANES;
    }

    /** Number of layers. */
    public int layers() {
        return units.length;
    }

    /** Floats of the padded array. */
    public int length() {
        return length;
    }

    /** Floats of the canonical array: the number of parameters. */
    public int count() {
        return canonicalOffset[units.length];
    }

    /** Width of a padded row of layer {@code l}. */
    public int stride(int l) {
        return pad(units[l]);
    }

    /** Index in the padded array of {@code W[0][0]} of layer {@code l}; {@code W[i][j]} is {@code i * stride(l) + j} after it. */
    public int weightOffset(int l) {
        return weightOffset[l];
    }

    /** Index in the padded array of {@code b[0]} of layer {@code l}; its weights end here. */
    public int biasOffset(int l) {
        return weightOffset[l] + inputs[l] * stride(l);
    }

    /**
     * Copies the canonical floats {@code from..from + length} out of a padded array.
     *
     * @throws IndexOutOfBoundsException if a range does not fit
     */
    public void toCanonical(float[] padded, int from, int length, float[] canonical, int canonicalStart) {
        copy(padded, from, length, canonical, canonicalStart, true);
    }

    /**
     * Copies the canonical floats {@code from..from + length} into a padded array. Padding is left as it is.
     *
     * @throws IndexOutOfBoundsException if a range does not fit
     */
    public void fromCanonical(float[] canonical, int canonicalStart, int from, int length, float[] padded) {
        copy(padded, from, length, canonical, canonicalStart, false);
    }

    /** Row by row; the bias is the row after the last of {@code W}. */
    private void copy(float[] padded, int from, int length, float[] canonical, int canonicalStart, boolean out) {
        Objects.checkFromIndexSize(from, length, count());
        int l = 0;
        int position = from;
        int end = from + length;
        while (position < end) {
            while (position >= canonicalOffset[l + 1]) {
                l++;
            }
            int row = (position - canonicalOffset[l]) / units[l];
            int column = (position - canonicalOffset[l]) % units[l];
            int n = Math.min(units[l] - column, end - position);
            int p = weightOffset[l] + row * stride(l) + column;
            int c = canonicalStart + position - from;
            if (out) {
                System.arraycopy(padded, p, canonical, c, n);
            } else {
                System.arraycopy(canonical, c, padded, p, n);
            }
            position += n;
        }
    }
}
