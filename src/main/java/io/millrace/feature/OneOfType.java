package io.millrace.feature;

import io.millrace.feature.value.Slot;
import io.millrace.feature.value.TextIndex;
import io.millrace.feature.value.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;

/** One of a few known values: an input for each, 0 or 1, and a last one for any other value. */
final class OneOfType implements FeatureType {
    private static final int MOST = 1000;
    private static final Option VALUES = new Option("a|b|...", null, "values, each once");

    static final FeatureDescription DESCRIPTION = new FeatureDescription(
            "oneof",
            "An input for each value, 0 or 1; a last one is 1 for any other value. All are standardised, so that a rare value counts more.",
            options -> new OneOfType(options.list(VALUES)),
            VALUES);

    private final List<String> values;
    private final TextIndex index;

    private OneOfType(List<String> values) {
        if (values.contains("")) {
            throw Words.problem("oneof has an empty value; an empty text is a missing value, which \"?\" allows");
        }
        if (new HashSet<>(values).size() < values.size()) {
            throw Words.problem("oneof names a value twice");
        }
        if (values.size() > MOST) {
            throw Words.problem("oneof has " + values.size() + " values. Take category for more than " + MOST);
        }
        this.values = List.copyOf(values);
        index = new TextIndex(values);
    }

    @Override
    public List<DenseInput> inputs(Field field) {
        List<DenseInput> inputs = new ArrayList<>();
        values.forEach(value -> inputs.add(new DenseInput(field.name() + "=" + value, true, field.optional())));
        inputs.add(new DenseInput(field.name() + " other", true, field.optional()));
        return inputs;
    }

    @Override
    public boolean reads(Value.Kind kind) {
        return kind != Value.Kind.RECORD;
    }

    @Override
    public void write(String name, Slot slot, RowWriter out) {
        Value value = slot.get(0);
        value.toText(name);
        int found = index.of(value.textBytes(), value.textFrom(), value.textTo());
        int hot = found < 0 ? values.size() : found;
        for (int i = 0; i <= values.size(); i++) {
            out.number(i == hot ? 1 : 0);
        }
    }

    @Override
    public String toString() {
        return DESCRIPTION.name() + values.stream().map(Words::quotedOption).collect(Collectors.joining("|", "(", ")"));
    }
}
