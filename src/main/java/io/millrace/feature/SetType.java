package io.millrace.feature;

import io.millrace.feature.value.Slot;
import io.millrace.feature.value.Value;

/** The items of an array: the mean of a learned vector for each. An item that is there twice counts twice; missing ones do not count. */
record SetType(Table table) implements FeatureType {
    static final FeatureDescription DESCRIPTION = new FeatureDescription(
            "set",
            "The mean of learned vectors, one for each item of an array.",
            options -> new SetType(Table.of(options)),
            Table.BUCKETS,
            Table.WIDTH);

    @Override
    public TableInput table(Field field) {
        return table.input(field);
    }

    @Override
    public boolean readsArrays() {
        return true;
    }

    @Override
    public boolean reads(Value.Kind kind) {
        return kind != Value.Kind.RECORD;
    }

    @Override
    public void write(String name, Slot slot, RowWriter out) {
        for (int i = 0; i < slot.size(); i++) {
            Value item = slot.get(i);
            if (!item.isMissing()) {
                item.toText(name);
                out.id(table.row(item.textBytes(), item.textFrom(), item.textTo()));
            }
        }
        out.endOfTable();
    }

    @Override
    public String toString() {
        return DESCRIPTION.name() + table;
    }
}
