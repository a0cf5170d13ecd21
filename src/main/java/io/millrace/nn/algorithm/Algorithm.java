package io.millrace.nn.algorithm;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The description of an algorithm.
 *
 * @param name name in lower case, with underscores
 * @param sentence what the algorithm does
 * @param options its hyper-parameters, in the order of the documentation
 * @param maker makes the algorithm from the values of {@code options}; checks their ranges
 */
public record Algorithm<T>(
        String name, String sentence, List<Hyperparameter<?>> options, Function<Options, ? extends T> maker) {

    /** An algorithm with these hyper-parameters. */
    public Algorithm(String name, String sentence, Function<Options, ? extends T> maker, Hyperparameter<?>... options) {
        this(name, sentence, List.of(options), maker);
    }

    /**
     * Makes the algorithm.
     *
     * @param given values of hyper-parameters as text by name; absent ones take their default
     * @throws IllegalArgumentException if a hyper-parameter or a value is unknown or out of range, or a required one is missing
     */
    public T with(Map<String, String> given) {
        return with(name, given);
    }

    T with(String owner, Map<String, String> given) {
        TreeSet<String> known =
                options.stream().map(Hyperparameter::name).collect(Collectors.toCollection(TreeSet::new));
        TreeSet<String> unknown = new TreeSet<>(given.keySet());
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(owner + " has no option " + String.join(", ", unknown) + "; it knows "
                    + (known.isEmpty() ? "none" : String.join(", ", known)));
        }
        return maker.apply(new Options(owner, given));
    }
}
