package io.millrace.feature;

import io.millrace.feature.value.Murmur3;
import io.millrace.feature.value.Slot;
import io.millrace.feature.value.Value;

/**
 * The words of a text: the mean of a learned vector for each. A word is a run of ASCII letters, digits and bytes of other characters; ASCII
 * letters count as lower case. A text without words is as a missing one.
 */
record WordsType(Table table) implements FeatureType {
    static final FeatureDescription DESCRIPTION = new FeatureDescription(
            "words",
            "The mean of learned vectors, one for each word of a text.",
            options -> new WordsType(Table.of(options)),
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
        byte[] text = value.textBytes();
        int end = value.textTo();
        boolean none = true;
        int at = value.textFrom();
        while (at < end) {
            int start = at;
            while (at < end && isOfWord(text[at])) {
                at++;
            }
            if (at > start) {
                out.id(table.row(Murmur3.hashInLowerCase(text, start, at)));
                none = false;
            } else {
                at++;
            }
        }
        if (none) {
            out.id(0);
        }
        out.endOfTable();
    }

    /** Does not ask Unicode, whose tables differ from JVM to JVM. */
    private static boolean isOfWord(byte b) {
        return b < 0 || b >= '0' && b <= '9' || (b | 0x20) >= 'a' && (b | 0x20) <= 'z';
    }

    @Override
    public String toString() {
        return DESCRIPTION.name() + table;
    }
}
