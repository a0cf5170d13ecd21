package io.millrace.config;

import io.millrace.nn.algorithm.Family;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.config.AbstractConfig;

/** A setting that chooses algorithms of a family by name, together with the settings of these algorithms. */
final class AlgorithmChoice<T> {
    private final String key;
    private final Family<T> family;
    private final List<AlgorithmKeys<T>> algorithms;
    private final Function<AbstractConfig, List<String>> elsewhere;

    private AlgorithmChoice(
            String key,
            Family<T> family,
            List<AlgorithmKeys<T>> algorithms,
            Function<AbstractConfig, List<String>> elsewhere) {
        this.elsewhere = elsewhere;
        this.key = key;
        this.family = family;
        this.algorithms = algorithms;
    }

    /** The settings of the options have names of the form KEY.ALGORITHM.OPTION. */
    AlgorithmChoice(String key, Family<T> family) {
        this(
                key,
                family,
                family.algorithms().stream()
                        .map(algorithm -> new AlgorithmKeys<>(key + "." + algorithm.name() + ".", algorithm))
                        .toList(),
                values -> List.of());
    }

    /**
     * The settings of the options have names of the form KEY.OPTION, so no two algorithms may have an option of the same name.
     *
     * @param elsewhere names of algorithms that other settings choose, with other words
     */
    static <T> AlgorithmChoice<T> withShortKeys(
            String key, Family<T> family, Function<AbstractConfig, List<String>> elsewhere) {
        return new AlgorithmChoice<>(
                key,
                family,
                family.algorithms().stream()
                        .map(algorithm -> new AlgorithmKeys<>(key + ".", algorithm))
                        .toList(),
                elsewhere);
    }

    /** The values that the setting accepts: first the given other words, then the names of the algorithms. */
    String[] names(String... others) {
        return Stream.concat(Stream.of(others), family.names().stream()).toArray(String[]::new);
    }

    /** One sentence for each algorithm. */
    String sentences() {
        return family.algorithms().stream()
                .map(algorithm -> algorithm.name() + ": " + algorithm.sentence())
                .collect(Collectors.joining(" "));
    }

    void defineOptions(Definition d) {
        algorithms.forEach(keys -> keys.define(d));
    }

    private List<?> chosen(AbstractConfig values) {
        Object chosen = values.values().get(key);
        return chosen instanceof List<?> several ? several : List.of(chosen);
    }

    /** The settings of algorithms that are not chosen. */
    List<String> idle(AbstractConfig values) {
        return idleKeys(values).flatMap(keys -> keys.names().stream()).toList();
    }

    private Stream<AlgorithmKeys<T>> idleKeys(AbstractConfig values) {
        List<?> chosen = chosen(values);
        List<String> others = elsewhere.apply(values);
        return algorithms.stream()
                .filter(keys -> !chosen.contains(keys.algorithm().name()))
                .filter(keys -> !others.contains(keys.algorithm().name()));
    }

    /** @return one sentence for each option that is set but has no effect */
    List<String> problems(AbstractConfig values) {
        String chosen = chosen(values).stream().map(String::valueOf).collect(Collectors.joining(","));
        return idleKeys(values)
                .flatMap(keys -> keys.names().stream()
                        .filter(name -> values.originals().containsKey(name))
                        .map(name -> name + " is set, but " + key + "=" + chosen
                                + " has no such option: remove it, or choose "
                                + keys.algorithm().name() + "."))
                .toList();
    }

    /** The algorithm that the setting chooses. */
    T of(AbstractConfig values, Map<String, String> required) {
        return of(values.getString(key), values, required);
    }

    /** The algorithm with this name, made with its configured options. */
    T of(String name, AbstractConfig values, Map<String, String> required) {
        return algorithms.stream()
                .filter(keys -> keys.algorithm().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(key + "=" + name + " is unknown"))
                .of(values, required);
    }
}
