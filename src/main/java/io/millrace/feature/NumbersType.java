package io.millrace.feature;

import io.millrace.feature.value.BadValueException;
import io.millrace.feature.value.Slot;
import io.millrace.feature.value.Value;
import java.util.List;
import java.util.stream.IntStream;

/**
 * An array of numbers of a fixed length, each standardised. If one of them is missing, all are.
 *
 * @param count length of the array
 */
record NumbersType(int count) implements FeatureType {
    private static final int MOST = 100_000;
    private static final Option COUNT = Option.count("n", null, 1, MOST);

    static final FeatureDescription DESCRIPTION = new FeatureDescription(
            "numbers",
            "The n numbers of an array, each standardised.",
            options -> new NumbersType(options.count(COUNT, 1, MOST)),
            COUNT);

    @Override
    public List<DenseInput> inputs(Field field) {
        return IntStream.range(0, count)
                .mapToObj(i -> new DenseInput(field.name() + "[" + i + "]", true, field.optional()))
                .toList();
    }

    @Override
    public boolean readsArrays() {
        return true;
    }

    @Override
    public boolean reads(Value.Kind kind) {
        return NumberType.isReadable(kind);
    }

    @Override
    public boolean isMissing(Slot slot) {
        for (int i = 0; i < slot.size(); i++) {
            if (slot.get(i).isMissing()) {
                return true;
            }
        }
        return slot.size() == 0;
    }

    @Override
    public void write(String name, Slot slot, RowWriter out) {
        if (slot.size() != count) {
            throw new BadValueException(name + " has " + slot.size() + " numbers instead of " + count);
        }
        for (int i = 0; i < count; i++) {
            out.number(slot.get(i).number(name));
        }
    }

    @Override
    public String toString() {
        return DESCRIPTION.name() + "(" + count + ")";
    }
}
