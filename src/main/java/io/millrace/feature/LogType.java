package io.millrace.feature;

import io.millrace.feature.value.Slot;
import io.millrace.feature.value.Value;
import java.util.List;

/** The logarithm of a number of any sign, {@code sign(x) log1p abs(x)}, standardised. */
record LogType() implements FeatureType {
    static final FeatureDescription DESCRIPTION = new FeatureDescription(
            "log",
            "sign(x) log(1 + abs(x)), standardised. For amounts and counts with a long tail.",
            options -> new LogType());

    @Override
    public List<DenseInput> inputs(Field field) {
        return List.of(new DenseInput(field.name() + " log", true, field.optional()));
    }

    @Override
    public boolean reads(Value.Kind kind) {
        return NumberType.isReadable(kind);
    }

    @Override
    public void write(String name, Slot slot, RowWriter out) {
        out.number(of(slot.get(0).number(name)));
    }

    /** StrictMath: the same bits on every JVM. */
    static double of(double x) {
        return Math.copySign(StrictMath.log1p(Math.abs(x)), x);
    }

    @Override
    public String toString() {
        return DESCRIPTION.name();
    }
}
