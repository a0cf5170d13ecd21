package io.millrace.nn.layer;

/**
 * A matrix or a vector of a layer's parameters or state, and its place in the padded array: element {@code (i, j)} is at
 * {@code offset + i * stride + j}.
 *
 * @param layer layer of the block, counted from 0; {@link #TABLES} for embedding tables
 * @param name name within the layer, for example {@code weight}
 * @param matrix whether it is a matrix to which penalties and weight decay apply, and not a vector such as a bias, or a table
 * @param rows rows of a matrix, {@code >= 0}; 1 for a vector
 * @param width width of a row without padding
 * @param offset offset of its first float in the padded array
 * @param canonicalOffset offset of its first float in the canonical array
 */
public record Block(int layer, String name, boolean matrix, int rows, int width, int offset, int canonicalOffset) {
    /** Stands for the layer of embedding tables, which belong to no layer. */
    public static final int TABLES = -1;

    /** Distance between rows in the padded array. */
    public int stride() {
        return Layout.pad(width);
    }

    /** Index in the padded array of the first float after it. */
    public int end() {
        return offset + rows * stride();
    }

    /** Index in the canonical array of the first float after it. */
    public int canonicalEnd() {
        return canonicalOffset + rows * width;
    }
}
