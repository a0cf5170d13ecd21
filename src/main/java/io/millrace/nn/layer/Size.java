package io.millrace.nn.layer;

/** Rows and columns of a window or of a step, each {@code >= 1}. */
public record Size(int height, int width) {
    /** One row and one column. */
    public static final Size ONE = new Size(1, 1);

    /** Checks the ranges. */
    public Size {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("a size is " + height + "x" + width + ": give at least 1 for each");
        }
    }

    /** {@code 3x3}. */
    @Override
    public String toString() {
        return height + "x" + width;
    }
}
