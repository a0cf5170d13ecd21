package io.millrace.nn.layer;

/**
 * A matrix or a vector of a layer's parameters or state, and its place in the padded array: element {@code (i, j)} is at
 * {@code offset + i * stride + j}, or at {@code offset + j * stride + i} if the block is turned.
 *
 * @param layer layer of the block, counted from 0; {@link #TABLES} for embedding tables
 * @param name name within the layer, for example {@code weight}
 * @param matrix whether it is a matrix to which penalties and weight decay apply, and not a vector such as a bias, or a table
 * @param turned whether the padded array has its transpose
 * @param rows rows of a matrix, {@code >= 0}; 1 for a vector
 * @param width width of a row without padding
 * @param offset offset of its first float in the padded array
 * @param canonicalOffset offset of its first float in the canonical array
 */
public record Block(
        int layer, String name, boolean matrix, boolean turned, int rows, int width, int offset, int canonicalOffset) {
    /** Stands for the layer of embedding tables, which belong to no layer. */
    public static final int TABLES = -1;

    /** Widest matrix that is turned. A wider one would not have fewer floats, or have too many chains for one row. */
    private static final int NARROW = 8;

    /**
     * Whether a matrix should be turned: a narrow one, for instance of an output layer, would consist of padding mostly, and arithmetic on
     * padding takes as long as any other.
     */
    static boolean turns(int rows, int width) {
        return width <= NARROW && (long) width * Layout.pad(rows) < (long) rows * Layout.pad(width);
    }

    /** Distance between rows in the padded array, or between columns if the block is turned. */
    public int stride() {
        return Layout.pad(turned ? rows : width);
    }

    /** Index of an element in the padded array. */
    public int index(int row, int column) {
        return turned ? offset + column * stride() + row : offset + row * stride() + column;
    }

    /** Index in the padded array of the first float after it. */
    public int end() {
        return offset + (turned ? width : rows) * stride();
    }

    /** Index in the canonical array of the first float after it. */
    public int canonicalEnd() {
        return canonicalOffset + rows * width;
    }
}
