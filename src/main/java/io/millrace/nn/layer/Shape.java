package io.millrace.nn.layer;

import java.util.regex.Pattern;

/**
 * The shape of a row of numbers: an image {@code height x width x channels}, row-major with the channels fastest. A sequence of {@code steps x features} is
 * an image of the width 1. Numbers without a place are an image of one position.
 *
 * @param height rows of the image, or steps of the sequence, {@code >= 1}
 * @param width columns of the image, 1 for a sequence
 * @param channels numbers at each position, {@code >= 1}
 */
public record Shape(int height, int width, int channels) {
    private static final String NUMBER = "[1-9][0-9]{0,8}";
    private static final Pattern FORM = Pattern.compile(NUMBER + "(x" + NUMBER + "){0,2}");

    /** Checks the ranges. */
    public Shape {
        if (height < 1 || width < 1 || channels < 1) {
            throw new IllegalArgumentException(
                    "a shape is " + height + "x" + width + "x" + channels + ": give at least 1 for each");
        }
        if ((long) height * width > Integer.MAX_VALUE / channels) {
            throw new IllegalArgumentException(
                    "a shape is " + height + "x" + width + "x" + channels + ", over 2^31 numbers: make it smaller");
        }
    }

    /** Numbers without a place. */
    public static Shape flat(int count) {
        return new Shape(1, 1, count);
    }

    /**
     * Reads a shape.
     *
     * @param text {@code 28x28x1} for an image, {@code 32x8} for steps of a sequence and their features, or {@code 784}
     * @throws IllegalArgumentException if it is none of these
     */
    public static Shape of(String text) {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "\"" + text
                            + "\" is no shape: give height x width x channels of an image, as 28x28x1, or steps x features of a sequence, as 32x8");
        }
        String[] parts = text.split("x");
        int last = Integer.parseInt(parts[parts.length - 1]);
        return new Shape(
                parts.length == 1 ? 1 : Integer.parseInt(parts[0]),
                parts.length == 3 ? Integer.parseInt(parts[1]) : 1,
                last);
    }

    /** Number of positions. */
    public int positions() {
        return height * width;
    }

    /** Number of numbers. */
    public int size() {
        return height * width * channels;
    }

    /** Whether the numbers have no place. */
    public boolean isFlat() {
        return positions() == 1;
    }

    /** Whether it has several steps of the width 1. */
    public boolean isSequence() {
        return width == 1 && height > 1;
    }

    /** Refuses another number of inputs. */
    public void requireInputs(int inputs, LayerKind reader) {
        if (inputs != size()) {
            throw new IllegalArgumentException(reader.written() + " reads " + this + ", which is " + size()
                    + " numbers, but " + inputs + " enter");
        }
    }

    /** As {@link #of} reads it: {@code 28x28x1}, {@code 32x8} or {@code 784}. */
    @Override
    public String toString() {
        return isFlat()
                ? String.valueOf(channels)
                : width == 1 ? height + "x" + channels : height + "x" + width + "x" + channels;
    }
}
