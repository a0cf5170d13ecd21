package io.millrace.feature;

import io.millrace.feature.value.BadValueException;
import io.millrace.feature.value.Slot;
import io.millrace.feature.value.Value;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An array of numbers of a fixed length, each standardised. With a shape it is a sequence of steps x features, or an image of height x width x
 * channels, row by row. If one of the numbers is missing, all are.
 *
 * @param count length of the array
 * @param step numbers of one step of a sequence; {@code count} if it is none
 * @param written the length or the shape
 */
record NumbersType(int count, int step, String written) implements FeatureType {
    private static final int MOST = 100_000;
    private static final Pattern FORM = Pattern.compile("[0-9]{1,9}(x[0-9]{1,9}){0,2}");
    private static final Option COUNT =
            new Option("n", null, "1 to " + MOST + ", or a shape of as many numbers, such as 20x6 or 28x28x1");

    static final FeatureDescription DESCRIPTION = new FeatureDescription(
            "numbers",
            "The n numbers of an array, each standardised. numbers(20x6) is a sequence of 20 steps of 6 numbers, numbers(28x28x1)"
                    + " an image.",
            options -> options.parsed(COUNT, NumbersType::of),
            COUNT);

    /** Null if the text is no length and no shape. */
    private static NumbersType of(String text) {
        if (!FORM.matcher(text).matches()) {
            return null;
        }
        int[] sizes = sizes(text);
        long count = 1;
        for (int size : sizes) {
            count = Math.min(count * size, MOST + 1);
        }
        if (count < 1 || count > MOST) {
            return null;
        }
        boolean sequence = sizes.length == 2 || sizes.length == 3 && sizes[1] == 1;
        String written = IntStream.of(sizes).mapToObj(String::valueOf).collect(Collectors.joining("x"));
        return new NumbersType((int) count, sequence ? sizes[sizes.length - 1] : (int) count, written);
    }

    private static int[] sizes(String text) {
        return Pattern.compile("x")
                .splitAsStream(text)
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    @Override
    public String shape() {
        return written.indexOf('x') < 0 ? null : written;
    }

    @Override
    public List<DenseInput> inputs(Field field) {
        int[] sizes = sizes(written);
        return IntStream.range(0, count)
                .mapToObj(i -> new DenseInput(field.name() + place(i, sizes), true, field.optional()))
                .toList();
    }

    /** {@code [3][5]} for the number behind 23 others of 20x6. */
    private static String place(int index, int[] sizes) {
        String place = "";
        for (int d = sizes.length - 1, rest = index; d >= 0; rest /= sizes[d--]) {
            place = "[" + rest % sizes[d] + "]" + place;
        }
        return place;
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
        int size = slot.size();
        if (size != count && !(out.takesShorterSequences() && size < count && size % step == 0)) {
            throw new BadValueException(name + " has " + size + " numbers instead of " + count
                    + (step < count && out.takesShorterSequences()
                            ? ": a sequence has 1 to " + count / step + " steps of " + step
                            : ""));
        }
        for (int i = size; i < count; i++) {
            out.number(Double.NaN);
        }
        for (int i = 0; i < size; i++) {
            out.number(slot.get(i).number(name));
        }
    }

    @Override
    public String toString() {
        return DESCRIPTION.name() + "(" + written + ")";
    }
}
