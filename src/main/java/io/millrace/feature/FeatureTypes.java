package io.millrace.feature;

import java.util.List;
import java.util.stream.Collectors;

/** The types of features. */
public final class FeatureTypes {
    /** All of them, in the order of the documentation. */
    public static final List<FeatureDescription> ALL = List.of(
            NumberType.DESCRIPTION,
            LogType.DESCRIPTION,
            NumbersType.DESCRIPTION,
            FlagType.DESCRIPTION,
            OneOfType.DESCRIPTION,
            CategoryType.DESCRIPTION,
            WordsType.DESCRIPTION,
            SetType.DESCRIPTION,
            TimeType.DESCRIPTION);

    private FeatureTypes() {}

    /**
     * Parses a type.
     *
     * @param text a name, and options in parentheses
     * @throws IllegalArgumentException with a sentence without full stop
     */
    static FeatureType parse(String text) {
        int open = text.indexOf('(');
        String name = (open < 0 ? text : text.substring(0, open)).strip();
        for (FeatureDescription description : ALL) {
            if (description.name().equals(name)) {
                if (open >= 0 && !text.endsWith(")")) {
                    throw Words.problem("\"" + text + "\" lacks a parenthesis at its end");
                }
                String options = open < 0 ? null : text.substring(open + 1, text.length() - 1);
                return description.maker().apply(new Options(description, options));
            }
        }
        throw Words.problem("there is no type \"" + name + "\". Types are "
                + ALL.stream().map(FeatureDescription::usage).collect(Collectors.joining(", ")));
    }
}
