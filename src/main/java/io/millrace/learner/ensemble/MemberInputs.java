package io.millrace.learner.ensemble;

import io.millrace.learner.spec.MemberSpec;
import io.millrace.nn.layer.Tokens;

/** Rows of a member's inputs: the views that it sees. */
final class MemberInputs {
    private final MemberSpec spec;
    private final int features;
    private final int dense;
    private final float[] numbers; // [maxRows x dense]
    private final Tokens tokens; // null without bins
    private final int[] ids; // [2 x features]
    private final float[] values; // [2 x features]
    private int rows;

    MemberInputs(MemberSpec spec, int features, int maxRows) {
        this.spec = spec;
        this.features = features;
        dense = spec.dense(features);
        numbers = new float[maxRows * dense];
        tokens = spec.bins() ? new Tokens(maxRows, 1) : null;
        ids = new int[2 * features];
        values = new float[2 * features];
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
        add(views.slow(), views.places(), 0);
        if (spec.fast()) {
            System.arraycopy(views.fast(), 0, numbers, rows * dense - features, features);
        }
    }

    /** Appends an example of the ring. */
    void add(ExampleRing ring, int slot) {
        add(ring.slow(), ring.places(), slot * features);
    }

    private void add(float[] slow, float[] places, int from) {
        if (spec.slow()) {
            System.arraycopy(slow, from, numbers, rows * dense, features);
        }
        if (tokens != null) {
            tokens.addRow();
            Bins.encode(places, from, features, ids, values);
            tokens.addIds(ids, values, 2 * features);
            tokens.endTable(0);
        }
        rows++;
    }
}
