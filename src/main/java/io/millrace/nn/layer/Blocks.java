package io.millrace.nn.layer;

/**
 * Gives a layer's nodes their parameters or their state. The order of the calls is the order of the blocks in a saved model. A layer that
 * shares the parameters of another gets the blocks of the other.
 */
@FunctionalInterface
public interface Blocks {
    /** The next block; see {@link Block}. */
    Block next(String name, boolean matrix, boolean turned, int rows, int width);

    /** A matrix {@code [rows x width]}, to which penalties and weight decay apply. */
    default Block matrix(String name, int rows, int width) {
        return next(name, true, false, rows, width);
    }

    /** A {@link #matrix} that is turned if it is narrow. */
    default Block turnedIfNarrow(String name, int rows, int width) {
        return next(name, true, Block.turns(rows, width), rows, width);
    }

    /** An embedding table {@code [rows x width]}, to which penalties and weight decay do not apply, because a step visits few of its rows. */
    default Block table(String name, int rows, int width) {
        return next(name, false, false, rows, width);
    }

    /** A vector {@code [width]}, to which penalties and weight decay do not apply. */
    default Block vector(String name, int width) {
        return vectors(name, 1, width);
    }

    /** As many vectors {@code [width]}. */
    default Block vectors(String name, int count, int width) {
        return next(name, false, false, count, width);
    }
}
