package io.millrace.feature;

import java.util.Arrays;

/**
 * The inputs of one example or request: either the array of an {@code Example} ({@link #features}), or the numbers and ids of declared
 * features. Decoding fills it and the learner reads it. It is reused from record to record, and allocates only when a row has more ids than
 * any row before.
 */
public final class InputRow {
    private static final double[] NO_NUMBERS = {};
    private static final int[] NO_TABLES = {};

    private final double[] numbers;
    private final int[] ends;
    private float[] features;
    private int[] ids;
    private int size; // of the ids
    private byte[] record;

    /** A row that holds the features of an {@code Example}. */
    public InputRow() {
        numbers = NO_NUMBERS;
        ends = NO_TABLES;
        ids = NO_TABLES;
    }

    /** A row of declared features. */
    public InputRow(InputLayout layout) {
        numbers = new double[layout.inputs().size()];
        ends = new int[layout.tables().size()];
        ids = new int[Math.max(16, ends.length)];
    }

    private InputRow(InputRow other) {
        numbers = other.numbers.clone();
        ends = other.ends.clone();
        features = other.features == null ? null : other.features.clone();
        ids = other.ids.clone();
        size = other.size;
        record = other.record;
    }

    /** A copy that stays the same when this row is filled again. The bytes of the record are shared. */
    public InputRow copy() {
        return new InputRow(this);
    }

    /** A row that holds these features of an {@code Example}; they are not copied. */
    public static InputRow of(float... features) {
        return new InputRow().features(features);
    }

    /**
     * Sets the features of an {@code Example}.
     *
     * @param values one for each input; not copied
     * @return this row
     */
    public InputRow features(float[] values) {
        features = values;
        return this;
    }

    /** Features of an {@code Example}, one for each input; null in a row of declared features. */
    public float[] features() {
        return features;
    }

    /** One number for each {@link InputLayout#inputs}, the live array; NaN where an optional one is missing. */
    public double[] numbers() {
        return numbers;
    }

    /** Starts a row of declared features without ids. */
    public void clear() {
        size = 0;
    }

    /** Appends an id to the current table. Tables are filled in their order. */
    public void id(int id) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, 2 * size);
        }
        ids[size++] = id;
    }

    /** Ends a table. */
    public void endOfTable(int table) {
        ends[table] = size;
    }

    /** Ids of all tables, one table after the other, the live array; valid up to the last of {@link #ends}. */
    public int[] ids() {
        return ids;
    }

    /** For each {@link InputLayout#tables} the end of its ids in {@link #ids}, the live array. */
    public int[] ends() {
        return ends;
    }

    /**
     * Sets the bytes of the record, with which an example that is refused later is written to the dead letters.
     *
     * @param value not copied; null if the row itself is enough to write it
     */
    public void record(byte[] value) {
        record = value;
    }

    /** See {@link #record(byte[])}. */
    public byte[] record() {
        return record;
    }
}
