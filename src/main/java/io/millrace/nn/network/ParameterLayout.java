package io.millrace.nn.network;

import java.util.stream.IntStream;

/**
 * Where the parameters of a network lie, in two layouts.
 *
 * <p><b>Padded</b>, in memory: layer by layer {@code W} {@code [in][stride]}, then {@code b} {@code [stride]}, in one flat array,
 * where {@code stride} is the number of units rounded up to a multiple of 16, so that vectors of 4, 8 or 16 floats need no tail.
 * Padding is zero and stays zero. A layer with batch normalisation has {@code gamma} {@code [stride]} and {@code beta}
 * {@code [stride]} in the place of {@code b}.
 *
 * <p><b>Canonical</b>, on the wire: layer by layer {@code W} {@code [in][out]}, then {@code b} {@code [out]}, or {@code gamma}
 * {@code [out]} and {@code beta} {@code [out]}, without gaps.
 *
 * <p>A layer that shares the parameters of another has none of its own: its offsets are the other's.
 */
public final class ParameterLayout {
    private final Architecture architecture;
    private final Graph graph;
    private final RowLayout rows;

    ParameterLayout(Architecture architecture) {
        this.architecture = architecture;
        graph = architecture.graph();
        int layers = architecture.layers().size();
        long[] count = new long[layers];
        int[] units = new int[layers];
        for (int l = 0; l < layers; l++) {
            count[l] =
                    owns(l) ? graph.inputsOf(l) + (architecture.layers().get(l).normalized() ? 2L : 1L) : 0;
            units[l] = architecture.outputsOf(l);
        }
        rows = new RowLayout(count, units);
    }

    /** Number of layers. */
    public int layers() {
        return rows.layers();
    }

    /** Floats of the padded array. */
    public int length() {
        return rows.length();
    }

    /** Floats of the canonical array: the number of parameters. */
    public int count() {
        return rows.count();
    }

    /** Whether layer {@code l} has parameters of its own, and not those of another. */
    public boolean owns(int l) {
        return graph.owner(l) == l;
    }

    /** Whether no layer shares the parameters of another. */
    boolean ownsAll() {
        return IntStream.range(0, layers()).allMatch(this::owns);
    }

    /** Width of a padded row of layer {@code l}. */
    public int stride(int l) {
        return rows.stride(l);
    }

    /** Index in the padded array of {@code W[0][0]} of layer {@code l}; {@code W[i][j]} is {@code i * stride(l) + j} after it. */
    public int weightOffset(int l) {
        return rows.offset(graph.owner(l));
    }

    /** Index in the padded array of the first float after {@code W} of layer {@code l}. */
    public int weightEnd(int l) {
        return weightOffset(l) + graph.inputsOf(l) * stride(l);
    }

    /**
     * Index in the padded array of {@code b[0]} of layer {@code l}.
     *
     * @throws IllegalArgumentException if the layer has batch normalisation and so no bias
     */
    public int biasOffset(int l) {
        requireNormalized(l, false);
        return weightEnd(l);
    }

    /**
     * Index in the padded array of {@code gamma[0]} of layer {@code l}.
     *
     * @throws IllegalArgumentException if the layer has no batch normalisation
     */
    public int gammaOffset(int l) {
        requireNormalized(l, true);
        return weightEnd(l);
    }

    /**
     * Index in the padded array of {@code beta[0]} of layer {@code l}.
     *
     * @throws IllegalArgumentException if the layer has no batch normalisation
     */
    public int betaOffset(int l) {
        return gammaOffset(l) + stride(l);
    }

    private void requireNormalized(int l, boolean wanted) {
        if (architecture.layers().get(l).normalized() != wanted) {
            throw new IllegalArgumentException("layer " + l
                    + (wanted
                            ? " has no batch normalisation: it has a bias"
                            : " has batch normalisation: it has no bias"));
        }
    }

    /**
     * Copies the canonical floats {@code from..from + length} out of a padded array.
     *
     * @throws IndexOutOfBoundsException if a range does not fit
     */
    public void toCanonical(float[] padded, int from, int length, float[] canonical, int canonicalStart) {
        rows.toCanonical(padded, from, length, canonical, canonicalStart);
    }

    /**
     * Copies the canonical floats {@code from..from + length} into a padded array. Padding is left as it is.
     *
     * @throws IndexOutOfBoundsException if a range does not fit
     */
    public void fromCanonical(float[] canonical, int canonicalStart, int from, int length, float[] padded) {
        rows.fromCanonical(canonical, canonicalStart, from, length, padded);
    }
}
