package io.millrace.nn.layer;

/**
 * A matrix or a vector of a layer's parameters or state, and where it lies in the padded array: element {@code (i, j)} at
 * {@code offset + i * stride + j}.
 *
 * @param layer that has it, counted from 0
 * @param name in the layer, as {@code weight}
 * @param matrix whether it is a matrix, which penalties and weight decay act on, and not a vector, as a bias
 * @param rows of a matrix, {@code >= 0}; 1 for a vector
 * @param width of a row without padding
 * @param offset of its first float in the padded array
 * @param canonicalOffset of its first float in the canonical array
 */
public record Block(int layer, String name, boolean matrix, int rows, int width, int offset, int canonicalOffset) {
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
