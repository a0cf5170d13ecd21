package io.millrace.learner.input;

import io.millrace.feature.InputLayout;
import io.millrace.feature.InputRow;
import io.millrace.nn.layer.Shape;

/** Refuses rows that no network can use, of {@code Example}s or of declared features. Allocates nothing per row. */
public final class RowCheck {
    private final int inputs;
    private final Shape sequence; // null: all rows have all features
    private final DeclaredCheck declared; // null for Examples
    private final double[] magnitudes;

    /**
     * @param layout of declared features; null for {@code Example}s
     * @param inputs number of inputs of the model
     * @param sequence shape of the inputs if the first steps of a row may be missing; else null
     */
    public RowCheck(InputLayout layout, int inputs, Shape sequence) {
        this.inputs = inputs;
        this.sequence = sequence;
        declared = layout == null ? null : new DeclaredCheck(layout, sequence);
        magnitudes = new double[layout == null ? 1 : inputs];
    }

    /**
     * Checks a row.
     *
     * @throws BadInputException when it is refused
     */
    public void check(InputRow row) {
        check(row, false);
    }

    /** {@link #check(InputRow)}, but numbers that are not optional may be missing if {@code lacking}. */
    void check(InputRow row, boolean lacking) {
        if (declared == null) {
            magnitudes[0] = FeatureCheck.check(row.features(), inputs, sequence);
        } else {
            declared.check(row, magnitudes, lacking);
        }
    }

    /** The magnitudes of the last row, as {@link OutlierFilter} measures them: the largest of an {@code Example}, or one for each number; live. */
    double[] magnitudes() {
        return magnitudes;
    }
}
