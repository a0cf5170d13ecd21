package io.millrace.feature;

import io.millrace.feature.value.Slot;
import io.millrace.feature.value.Value;
import io.millrace.feature.value.Zone;
import java.util.List;

/** How the value of a field enters the model. Immutable; {@code toString} is its canonical text, with all options. */
public interface FeatureType {
    /** Numbers that enter the network, named for this feature; empty if a table does. */
    default List<DenseInput> inputs(Field field) {
        return List.of();
    }

    /** The table of learned vectors, named for this feature; null if numbers enter. */
    default TableInput table(Field field) {
        return null;
    }

    /** The shape of its numbers, as {@code 20x6}; null if they have no places. */
    default String shape() {
        return null;
    }

    /** Whether it reads all items of an array. */
    default boolean readsArrays() {
        return false;
    }

    /** Whether it compares with the event time. */
    default boolean readsEventTime() {
        return false;
    }

    /** The zone whose clocks show its times. */
    default Zone zone() {
        return Zone.UTC;
    }

    /** Whether it can read values of this form. */
    boolean reads(Value.Kind kind);

    /** Whether a record has no value. Then the inputs are those of a missing value, and {@link #write} is not called. */
    default boolean isMissing(Slot slot) {
        return slot.isMissing();
    }

    /**
     * Writes the inputs, and ends the table if it has one.
     *
     * @param name the field, for messages
     * @param slot not missing
     * @throws io.millrace.feature.value.BadValueException if the value cannot be used
     */
    void write(String name, Slot slot, RowWriter out);
}
