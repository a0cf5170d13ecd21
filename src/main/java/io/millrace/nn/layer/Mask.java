package io.millrace.nn.layer;

/**
 * Which positions of a sequence in a network are padding. A row may have fewer steps than the network reads. Its sequence then begins with
 * padded steps, and a padded step changes nothing: outputs and gradients are those of a network for as few steps. What each layer does with the
 * padded steps of the input is found once, when the network is built.
 *
 * <p>The last position is never padding. So a sequence that is shorter than a window counts as if it began with zeros.
 */
public final class Mask {
    /** The mask of what is no sequence: nothing is padding. */
    public static final Mask NONE = new Mask(null, new int[1]);

    private final Shape shape; // of the sequence; null for NONE
    private final int[]
            padded; // [steps of the input]: positions at the start that are padding, by the padded steps of the input

    private Mask(Shape shape, int[] padded) {
        this.shape = shape;
        this.padded = padded;
    }

    /** The mask of the input of a network. */
    public static Mask ofInput(Shape sequence) {
        int[] steps = new int[sequence.height()];
        for (int p = 0; p < steps.length; p++) {
            steps[p] = p;
        }
        return new Mask(sequence, steps);
    }

    /** The mask of the output of a layer that reads what has this mask. */
    public Mask behind(LayerKind kind) {
        Shape output = kind.output();
        if (shape == null || !shape.equals(kind.in()) || !output.isSequence()) {
            return NONE;
        }
        int[] behind = new int[padded.length];
        for (int p = 0; p < behind.length; p++) {
            behind[p] = Math.min(padded[p] == 0 ? 0 : kind.padded(padded[p]), output.height() - 1);
        }
        return new Mask(output, behind);
    }

    /** Whether nothing can be padding. */
    boolean isNone() {
        return shape == null;
    }

    /** Number of positions at the start of a row that are padding. */
    public int padded(Pass pass, int row) {
        return shape == null ? 0 : padded[pass.padded(row)];
    }

    /** The largest number of positions at the start of a row of the batch that are padding. */
    public int mostPadded(Pass pass) {
        int most = 0;
        for (int i = 0; i < pass.rows() && shape != null; i++) {
            most = Math.max(most, padded(pass, i));
        }
        return most;
    }
}
