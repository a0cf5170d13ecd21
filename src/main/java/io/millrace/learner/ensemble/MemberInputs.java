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
    private final int tables;
    private final Tokens tokens; // ids of all tables, then bins; null without both
    private final int[] bins; // [2 x placed]
    private final float[] shares; // [2 x placed]
    private int rows;

    MemberInputs(MemberSpec spec, EnsembleInputs inputs, int maxRows) {
        this.spec = spec;
        features = inputs.numbers();
        placed = inputs.placed().size();
        dense = spec.dense(inputs);
        numbers = new float[maxRows * dense];
        tables = spec.tables(inputs).size();
        tokens = spec.bins() || tables > 0 ? new Tokens(maxRows, tables + (spec.bins() ? 1 : 0)) : null;
        bins = new int[2 * placed];
        shares = new float[2 * placed];
    }

    int rows() {
        return rows;
    }

    /** {@code [rows x dense]}, live. */
    float[] numbers() {
        return numbers;
    }

    /** The ids and the bins of the rows, live; null without both. */
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
        add(views.slow(), 0, views.ids(), views.ends(), 0, views.places(), 0);
        if (spec.fast()) {
            System.arraycopy(views.fast(), 0, numbers, rows * dense - features, features);
        }
    }

    /** Appends an example of the ring. */
    void add(ExampleRing ring, int slot) {
        add(ring.slow(), slot * features, ring.ids(slot), ring.ends(), slot * tables, ring.places(), slot * placed);
    }

    /** A missing number has no bins. */
    private void add(float[] slow, int fromSlow, int[] ids, int[] ends, int fromEnds, float[] places, int fromPlaces) {
        if (spec.slow()) {
            System.arraycopy(slow, fromSlow, numbers, rows * dense, features);
        }
        if (tokens != null) {
            tokens.addRow();
            int id = 0;
            for (int t = 0; t < tables; t++) {
                while (id < ends[fromEnds + t]) {
                    tokens.addId(ids[id++]);
                }
                tokens.endTable(t);
            }
        }
        if (spec.bins()) {
            tokens.addIds(bins, shares, Bins.encode(places, fromPlaces, placed, bins, shares));
            tokens.endTable(tables);
        }
        rows++;
    }
}
