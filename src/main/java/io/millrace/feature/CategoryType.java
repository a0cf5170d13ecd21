package io.millrace.feature;

import io.millrace.feature.value.Slot;
import io.millrace.feature.value.Value;

/** One of many values: a learned vector for each hash of a value. */
record CategoryType(Table table) implements FeatureType {
    static final FeatureDescription DESCRIPTION = new FeatureDescription(
            "category",
            "A learned vector for the value. Values are hashed into buckets.",
            options -> new CategoryType(Table.of(options)),
            Table.BUCKETS,
            Table.WIDTH);

    @Override
    public TableInput table(Field field) {
        return table.input(field);
    }

    @Override
    public boolean reads(Value.Kind kind) {
        return kind != Value.Kind.RECORD;
    }

    @Override
    public void write(String name, Slot slot, RowWriter out) {
        Value value = slot.get(0);
        value.toText(name);
        out.id(table.row(value.textBytes(), value.textFrom(), value.textTo()));
        out.endOfTable();
    }

    @Override
    public String toString() {
        return DESCRIPTION.name() + table;
    }
}
