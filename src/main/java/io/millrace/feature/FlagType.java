package io.millrace.feature;

import io.millrace.feature.value.BadValueException;
import io.millrace.feature.value.Slot;
import io.millrace.feature.value.TextIndex;
import io.millrace.feature.value.Value;
import java.util.List;

/** A boolean: 0 or 1. Texts are those that SQL knows. */
record FlagType() implements FeatureType {
    static final FeatureDescription DESCRIPTION = new FeatureDescription(
            "flag",
            "0 or 1, standardised. Takes booleans, the numbers 0 and 1, and the texts true, false, t, f, yes, no, y, n, on, off, 1, 0.",
            options -> new FlagType());

    /** Those that mean 0 have even indices. */
    private static final TextIndex TEXTS = new TextIndex(List.of(
            "0", "1", "false", "true", "f", "t", "no", "yes", "n", "y", "off", "on", "False", "True", "F", "T", "No",
            "Yes", "N", "Y", "Off", "On", "FALSE", "TRUE", "NO", "YES", "OFF", "ON"));

    @Override
    public List<DenseInput> inputs(Field field) {
        return List.of(new DenseInput(field.name(), true, field.optional()));
    }

    @Override
    public boolean reads(Value.Kind kind) {
        return kind == Value.Kind.BOOLEAN || NumberType.isReadable(kind);
    }

    @Override
    public void write(String name, Slot slot, RowWriter out) {
        out.number(of(slot.get(0), name));
    }

    /** @return 0 or 1 */
    static int of(Value value, String name) {
        if (value.kind() == Value.Kind.BOOLEAN) {
            return value.bool();
        }
        value.toText(name);
        int index = TEXTS.of(value.textBytes(), value.textFrom(), value.textTo());
        if (index < 0) {
            throw new BadValueException(name + " is " + value.shown() + ", no flag: true, false, 1 and 0 are");
        }
        return index & 1;
    }

    @Override
    public String toString() {
        return DESCRIPTION.name();
    }
}
