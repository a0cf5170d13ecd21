package io.millrace.learner.input;

import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;

/**
 * Saves and restores the features of a mini-batch of declared features: numbers as doubles, the ids of all tables, and the bytes of the
 * records.
 */
record DeclaredRows(MiniBatch batch) {
    void save(StateWriter out) {
        int rows = batch.rows();
        out.putDoubles(batch.numbers, rows * batch.width());
        for (int i = 0; i < rows; i++) {
            for (int t = 0; t < batch.tokens.tables(); t++) {
                int start = batch.tokens.start(i, t);
                int end = batch.tokens.end(i, t);
                out.putInt(end - start);
                for (int k = start; k < end; k++) {
                    out.putInt(batch.tokens.id(k));
                }
            }
            out.putBytes(batch.records[i]);
        }
    }

    void restore(StateReader in, int rows) {
        in.getDoubles(batch.numbers, rows * batch.width());
        batch.tokens.clear();
        for (int i = 0; i < rows; i++) {
            batch.tokens.addRow();
            for (int t = 0; t < batch.tokens.tables(); t++) {
                for (int left = in.getInt(); left > 0; left--) {
                    batch.tokens.addId(in.getInt());
                }
                batch.tokens.endTable(t);
            }
            batch.records[i] = in.getBytes();
        }
    }
}
