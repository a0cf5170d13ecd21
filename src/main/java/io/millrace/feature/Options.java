package io.millrace.feature;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The options of a feature as they are declared: a list of alternatives for each, which {@code |} separates. */
final class Options {
    private final FeatureDescription owner;
    private final List<String> given;

    /** @param text what is between the parentheses; null if there are none */
    Options(FeatureDescription owner, String text) {
        this.owner = owner;
        given = text == null || text.isBlank() ? List.of() : Words.split(text, ',');
        if (given.size() > owner.options().size()) {
            throw Words.problem(
                    owner.options().isEmpty()
                            ? owner.name() + " has no options"
                            : owner.name() + " has at most " + owner.options().size() + " options: " + owner.usage());
        }
    }

    /** Name of the type that has the options. */
    String owner() {
        return owner.name();
    }

    /** The alternatives of an option. */
    List<String> list(Option option) {
        int index = owner.options().indexOf(option);
        String text = index < given.size() ? given.get(index) : option.defaultValue();
        if (text == null) {
            throw Words.problem(owner.name() + " needs the option " + option.name() + ": " + owner.usage());
        }
        List<String> values = new ArrayList<>();
        for (String value : Words.split(text, '|')) {
            values.add(Words.option(value));
        }
        return values;
    }

    /** A single value. */
    String text(Option option) {
        List<String> values = list(option);
        if (values.size() > 1) {
            throw Words.problem(owner.name() + " takes one " + option.name() + ": " + owner.usage());
        }
        return values.get(0);
    }

    /** A whole number. */
    int count(Option option, int least, int most) {
        return parsed(option, text -> {
            int count = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
            return count >= least && count <= most ? count : null;
        });
    }

    /**
     * A single value that is not a text.
     *
     * @param parser returns null for a text that is out of the option's range
     */
    <T> T parsed(Option option, Function<String, T> parser) {
        String text = text(option);
        T value = parser.apply(text);
        if (value == null) {
            throw Words.problem(
                    owner.name() + ": " + option.name() + " is \"" + text + "\"; it must be " + option.range());
        }
        return value;
    }
}
