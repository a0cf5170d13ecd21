package io.millrace.feature.value;

import java.util.Arrays;

/** What a record holds at one path: no value, one, or the values of an array. Reused from record to record. */
public final class Slot {
    private Value[] values = {new Value()};
    private int size;

    /** Forgets the values. */
    public void clear() {
        size = 0;
    }

    /** Forgets all values but the first ones. */
    public void truncate(int first) {
        size = Math.min(size, first);
    }

    /** Appends a value, which the caller sets. */
    public Value add() {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
            for (int i = size; i < values.length; i++) {
                values[i] = new Value();
            }
        }
        return values[size++];
    }

    /** Number of values, missing ones included. */
    public int size() {
        return size;
    }

    /** A value; the first one has the index 0. */
    public Value get(int index) {
        return values[index];
    }

    /** Whether there is no value that is not missing. */
    public boolean isMissing() {
        for (int i = 0; i < size; i++) {
            if (!values[i].isMissing()) {
                return false;
            }
        }
        return true;
    }
}
