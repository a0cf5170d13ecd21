package io.millrace.learner.ensemble;

import io.millrace.learner.spec.EnsembleInputs;
import io.millrace.learner.spec.MemberSpec;
import io.millrace.nn.layer.Tokens;

/** Rows of a member's inputs: the views that it sees. */
final class MemberInputs {
    private final MemberSpec spec;
    private final int features;
    private final int placed;
    private final int dense;
    private final float[] numbers; // [maxRows x dense]
    private final Tokens tokens; // null without bins
    private int rows;

    MemberInputs(MemberSpec spec, EnsembleInputs inputs, int maxRows) {
        this.spec = spec;
        features = inputs.numbers();
        placed = inputs.placed().size();
        dense = spec.dense(inputs);
        numbers = new float[maxRows * dense];
        tokens = spec.bins() ? new Tokens(maxRows, 1) : null;
    }

    int rows() {
        return rows;
    }

    /** {@code [rows x dense]}, live. */
    float[] numbers() {
        return numbers;
    }

    /** The bins of the rows, live; null without bins. */
    Tokens tokens() {
        return tokens;
    }

    void clear() {
        rows = 0;
        if (tokens != null) {
            tokens.clear();
        }
    }

    /** Appends the newest example. */
    void add(Views views) {
        add(views.slow(), 0, views.places(), 0);
        if (spec.fast()) {
            System.arraycopy(views.fast(), 0, numbers, rows * dense - features, features);
        }
    }

    /** Appends an example of the ring. */
    void add(ExampleRing ring, int slot) {
        add(ring.slow(), slot * features, ring.places(), slot * placed);
    }

    /** A missing number has no bins. */
    private void add(float[] slow, int fromSlow, float[] places, int fromPlaces) {
        if (spec.slow()) {
            System.arraycopy(slow, fromSlow, numbers, rows * dense, features);
        }
        if (tokens != null) {
            tokens.addRow();
            for (int j = 0; j < placed; j++) {
                float place = places[fromPlaces + j];
                if (Float.isNaN(place)) {
                    continue;
                }
                int bin = Bins.lower(place);
                float high = place - bin;
                tokens.addId(j * Bins.COUNT + bin, 1 - high);
                tokens.addId(j * Bins.COUNT + bin + 1, high);
            }
            tokens.endTable(0);
        }
        rows++;
    }
}
