package io.millrace.nn.network;

import java.util.Objects;

/**
 * Where floats lie that belong to the units of layers, some rows of one float a unit for each layer, in one flat array. Padded, in
 * memory, a row takes {@link #stride} floats, the rest zero; canonical, on the wire, it takes as many as there are units.
 */
final class RowLayout {
    /** Floats of the widest vector, to which rows are padded. */
    static final int LANES = 16;

    private final int[] units;
    private final int[] offset; // padded
    private final int[] canonicalOffset; // one more than layers: the last is the total
    private final int length;

    /**
     * A layout.
     *
     * @param rows of each layer, {@code >= 0}
     * @param units of each layer
     */
    RowLayout(long[] rows, int[] units) {
        this.units = units;
        offset = new int[units.length];
        canonicalOffset = new int[units.length + 1];
        long padded = 0;
        for (int l = 0; l < units.length; l++) {
            offset[l] = (int) padded;
            padded += rows[l] * ((units[l] + (LANES - 1L)) & -LANES); // as pad, which would overflow before the check
            if (padded > Integer.MAX_VALUE - LANES) {
                throw new IllegalArgumentException(
                        "the network has over 2^31 parameters: make layer " + l + " narrower");
            }
            canonicalOffset[l + 1] = canonicalOffset[l] + (int) rows[l] * units[l];
        }
        length = (int) padded;
    }

    static int pad(int width) {
        return (width + LANES - 1) & -LANES;
    }

    int layers() {
        return units.length;
    }

    /** Floats of the padded array. */
    int length() {
        return length;
    }

    /** Floats of the canonical array. */
    int count() {
        return canonicalOffset[units.length];
    }

    /** Width of a padded row of layer {@code l}. */
    int stride(int l) {
        return pad(units[l]);
    }

    /** Index in the padded array of the first row of layer {@code l}. */
    int offset(int l) {
        return offset[l];
    }

    /** Copies the canonical floats {@code from..from + length} out of a padded array. */
    void toCanonical(float[] padded, int from, int length, float[] canonical, int canonicalStart) {
        copy(padded, from, length, canonical, canonicalStart, true);
    }

    /** Copies the canonical floats {@code from..from + length} into a padded array. Padding is left as it is. */
    void fromCanonical(float[] canonical, int canonicalStart, int from, int length, float[] padded) {
        copy(padded, from, length, canonical, canonicalStart, false);
    }

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
            int p = offset[l] + row * stride(l) + column;
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
