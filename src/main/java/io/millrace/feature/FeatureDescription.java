package io.millrace.feature;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The description of a type of features.
 *
 * @param name name in declarations
 * @param options its options in their order
 * @param sentence what enters the model
 * @param maker makes the type from the values of the options, which it checks
 */
public record FeatureDescription(
        String name, List<Option> options, String sentence, Function<Options, FeatureType> maker) {

    FeatureDescription(String name, String sentence, Function<Options, FeatureType> maker, Option... options) {
        this(name, List.of(options), sentence, maker);
    }

    /** How it is written, for example {@code category(buckets, width)}. */
    public String usage() {
        return options.isEmpty()
                ? name
                : name + "(" + options.stream().map(Option::name).collect(Collectors.joining(", ")) + ")";
    }
}
