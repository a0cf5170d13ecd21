package io.millrace.feature;

import io.millrace.feature.value.BadValueException;
import io.millrace.feature.value.Moment;
import io.millrace.feature.value.Slot;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Function;

/** Writes the inputs of declared features from the values of a record. For one thread; allocates nothing. */
public final class RowWriter {
    private final Bound[] features;
    private final AtomicLongArray missing;
    private final boolean sequence; // whether the numbers are those of one sequence
    private final Moment moment = new Moment();
    private InputRow row;
    private long eventTime;
    private int number; // index of the next one
    private int table;

    /** A feature, and the slot of each of its paths. */
    private record Bound(
            Feature feature, String name, Slot[] slots, boolean indicator, DenseInput[] inputs, boolean hasTable) {}

    /**
     * @param slots gives the slot of a path, where decoding puts its values
     */
    public RowWriter(FeatureSet set, Function<Path, Slot> slots) {
        features = set.features().stream().map(feature -> bound(feature, slots)).toArray(Bound[]::new);
        missing = new AtomicLongArray(features.length);
        sequence = set.shape() != null;
    }

    private static Bound bound(Feature feature, Function<Path, Slot> slots) {
        Field field = feature.field();
        FeatureType type = feature.type();
        List<DenseInput> inputs = type.inputs(field);
        return new Bound(
                feature,
                field.name(),
                field.paths().stream().map(slots).toArray(Slot[]::new),
                feature.hasIndicator(),
                inputs.toArray(DenseInput[]::new),
                type.table(field) != null);
    }

    /**
     * Writes a row.
     *
     * @param eventTime ms
     * @throws BadValueException if a value is missing that must not be, or cannot be used
     */
    public void write(long eventTime, InputRow row) {
        this.eventTime = eventTime;
        this.row = row;
        row.clear();
        number = 0;
        table = 0;
        for (int i = 0; i < features.length; i++) {
            if (!wrote(features[i])) {
                writeMissing(features[i]);
                missing.lazySet(i, missing.getPlain(i) + 1); // one thread writes
            }
        }
    }

    /** Writes the inputs of a feature that has a value. */
    private boolean wrote(Bound bound) {
        FeatureType type = bound.feature.type();
        for (Slot slot : bound.slots) {
            if (!type.isMissing(slot)) {
                if (slot.size() > 1 && !type.readsArrays()) {
                    throw new BadValueException(bound.name + " has " + slot.size() + " values; only set takes many");
                }
                type.write(bound.name, slot, this);
                if (bound.indicator) {
                    number(0);
                }
                return true;
            }
        }
        if (!bound.feature.field().optional()) {
            throw new BadValueException(bound.feature.field().missing());
        }
        return false;
    }

    private void writeMissing(Bound bound) {
        for (DenseInput input : bound.inputs) {
            number(input.optional() ? Double.NaN : 0);
        }
        if (bound.indicator) {
            number(1);
        }
        if (bound.hasTable) {
            id(0);
            endOfTable();
        }
    }

    /** How often each feature had no value in a row that was written, in their order; any thread may read it. */
    public AtomicLongArray missing() {
        return missing;
    }

    /** Whether the first steps of a sequence may be missing: if it is all that enters. */
    boolean takesShorterSequences() {
        return sequence;
    }

    /** Writes the next number. */
    void number(double value) {
        row.numbers()[number++] = value;
    }

    /** Writes an id of the current table. */
    void id(int row) {
        this.row.id(row);
    }

    /** Ends the current table. */
    void endOfTable() {
        row.endOfTable(table++);
    }

    /** A time to read a value into. */
    Moment moment() {
        return moment;
    }

    /** Event time of the record, ms. */
    long eventTime() {
        return eventTime;
    }
}
