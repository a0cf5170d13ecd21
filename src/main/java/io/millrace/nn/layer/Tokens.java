package io.millrace.nn.layer;

import java.util.Arrays;

/**
 * The ids that each row of a batch names, for each table. A row may name any number of ids, also the same one several times. For the table of
 * a {@link SparseDense} each id has a value. Allocates only when there are more ids than ever before.
 */
public final class Tokens {
    private final int tables;
    private final int[] ends; // [rows x tables], in ids
    private int[] ids;
    private float[] values; // of the ids that have one
    private int size; // of the ids
    private int rows;

    /**
     * No rows yet.
     *
     * @param maxRows the largest batch
     * @param tables number of tables
     */
    public Tokens(int maxRows, int tables) {
        this.tables = tables;
        ends = new int[Math.multiplyExact(maxRows, tables)];
        ids = new int[ends.length];
        values = new float[ends.length];
    }

    /** Number of tables. */
    public int tables() {
        return tables;
    }

    /** Removes all rows. */
    public void clear() {
        rows = 0;
        size = 0;
    }

    /**
     * Appends a row.
     *
     * @param rowIds ids of all tables, one table after the other
     * @param rowEnds {@code [tables]}, the end of each table's ids in {@code rowIds}
     */
    public void add(int[] rowIds, int[] rowEnds) {
        int from = size;
        int count = tables == 0 ? 0 : rowEnds[tables - 1];
        reserve(count);
        System.arraycopy(rowIds, 0, ids, from, count);
        size += count;
        addRow();
        for (int t = 0; t < tables; t++) {
            ends[(rows - 1) * tables + t] = from + rowEnds[t];
        }
    }

    /** Holds one row from now on: a copy of the ids of a row of others. */
    public void copyRow(Tokens other, int row) {
        clear();
        addRow();
        for (int t = 0; t < tables; t++) {
            for (int i = other.start(row, t); i < other.end(row, t); i++) {
                addId(other.ids[i]);
            }
            endTable(t);
        }
    }

    /** Appends a row, whose ids {@link #addId} and {@link #endTable} add table by table. */
    public void addRow() {
        rows++;
    }

    /** Appends an id to the current table of the last row. */
    public void addId(int id) {
        reserve(1);
        ids[size++] = id;
    }

    /** Appends an id and its value to the current table of the last row. */
    public void addId(int id, float value) {
        addId(id);
        values[size - 1] = value;
    }

    /**
     * Appends ids and their values to the current table of the last row.
     *
     * @param moreIds the first {@code count} are appended
     */
    public void addIds(int[] moreIds, float[] moreValues, int count) {
        reserve(count);
        System.arraycopy(moreIds, 0, ids, size, count);
        System.arraycopy(moreValues, 0, values, size, count);
        size += count;
    }

    /** Ends a table of the last row. */
    public void endTable(int table) {
        ends[(rows - 1) * tables + table] = size;
    }

    private void reserve(int more) {
        if (ids.length < size + more) {
            ids = Arrays.copyOf(ids, Math.max(size + more, 2 * ids.length));
            values = Arrays.copyOf(values, ids.length);
        }
    }

    /** Index of the first id of a row for a table. */
    public int start(int row, int table) {
        int slot = row * tables + table;
        return slot == 0 ? 0 : ends[slot - 1];
    }

    /** Index after the last id of a row for a table. */
    public int end(int row, int table) {
        return ends[row * tables + table];
    }

    /** An id. */
    public int id(int index) {
        return ids[index];
    }

    /** All ids, live. */
    int[] ids() {
        return ids;
    }

    /** The values of the ids that have one, live. */
    float[] values() {
        return values;
    }

    /** The value of an id that has one. */
    public float value(int index) {
        return values[index];
    }
}
