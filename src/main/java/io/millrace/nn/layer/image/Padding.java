package io.millrace.nn.layer.image;

import java.util.Locale;

/** What is around an image or before a sequence: zeros, so that windows also have places at the border. */
public enum Padding {
    /** Nothing: windows lie within the image. */
    VALID,

    /**
     * As many zeros as make one place for each {@code stride} rows and columns, half of them before, the odd one behind. With stride 1, as PyTorch has
     * it, the output is as large as the image. Other strides are as in TensorFlow.
     */
    SAME,

    /** All zeros before a sequence, so that an output depends on its own and earlier steps only. */
    CAUSAL;

    /** Number of places along one dimension; less than 1 if the window does not fit. */
    int places(int length, long window, int stride) {
        return this == VALID ? (int) Math.floorDiv(length - window, (long) stride) + 1 : (length - 1) / stride + 1;
    }

    /** Number of zeros before the image along one dimension. */
    int before(int length, long window, int stride) {
        return switch (this) {
            case VALID -> 0;
            case SAME -> (int) (Math.max((places(length, window, stride) - 1L) * stride + window - length, 0) / 2);
            case CAUSAL -> Math.toIntExact(window - 1);
        };
    }

    /**
     * Number of places that a sequence has less if it has fewer steps: one for each {@code stride} steps. A place is that of the first step
     * under its window without padding, of the last one with causal padding; with the padding {@code SAME} it stands for {@code stride} steps.
     */
    int fewer(int steps, int stride) {
        return this == SAME ? steps / stride : (steps + stride - 1) / stride;
    }

    /** As it is written: {@code same}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
