package io.millrace.feature;

import io.millrace.feature.value.Slot;
import io.millrace.feature.value.Value;
import java.util.List;

/** A number, standardised. */
record NumberType() implements FeatureType {
    static final FeatureDescription DESCRIPTION =
            new FeatureDescription("number", "The number, standardised.", options -> new NumberType());

    @Override
    public List<DenseInput> inputs(Field field) {
        return List.of(new DenseInput(field.name(), true, field.optional()));
    }

    @Override
    public boolean reads(Value.Kind kind) {
        return isReadable(kind);
    }

    /** Whether a value of this form may be a number. */
    static boolean isReadable(Value.Kind kind) {
        return switch (kind) {
            case WHOLE, REAL, DECIMAL, NUMERAL, TEXT -> true;
            default -> false;
        };
    }

    @Override
    public void write(String name, Slot slot, RowWriter out) {
        out.number(slot.get(0).number(name));
    }

    @Override
    public String toString() {
        return DESCRIPTION.name();
    }
}
