package io.millrace.nn.algorithm;

import java.util.List;
import java.util.Map;

/**
 * Algorithms of one kind, which are chosen by name.
 *
 * @param kind name of the kind, for messages
 * @param algorithms the algorithms, in the order of the documentation
 */
public record Family<T>(String kind, List<Algorithm<T>> algorithms) {
    /** Copies the list. */
    public Family {
        algorithms = List.copyOf(algorithms);
    }

    /** The names of the algorithms, in their order. */
    public List<String> names() {
        return algorithms.stream().map(Algorithm::name).toList();
    }

    /**
     * Makes the algorithm with this name.
     *
     * @param given values of hyper-parameters as text by name; absent ones take their default
     * @throws IllegalArgumentException if the name, a hyper-parameter or a value is unknown or out of range; the message lists the known
     *     ones
     */
    public T create(String name, Map<String, String> given) {
        return algorithms.stream()
                .filter(algorithm -> algorithm.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "unknown " + kind + " '" + name + "'; known are " + String.join(", ", names())))
                .with(kind + " " + name, given);
    }
}
