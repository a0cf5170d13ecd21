package io.millrace.config;

import io.millrace.nn.algorithm.Algorithm;
import io.millrace.nn.algorithm.Hyperparameter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.config.AbstractConfig;

/**
 * The settings of one algorithm's hyper-parameters: a prefix, then the name of the hyper-parameter with dots in the place of underscores.
 * One that has to be given has no setting here; its value comes from another one.
 */
record AlgorithmKeys<T>(String prefix, Algorithm<T> algorithm) {

    private String key(Hyperparameter<?> option) {
        return prefix + option.name().replace('_', '.');
    }

    private Stream<Hyperparameter<?>> options() {
        return algorithm.options().stream().filter(option -> !option.isRequired());
    }

    List<String> names() {
        return options().map(this::key).toList();
    }

    void define(Definition d) {
        options().forEach(option -> d.hyperparameter(key(option), algorithm.name(), option));
    }

    /**
     * Makes the algorithm.
     *
     * @param required values of the hyper-parameters that have to be given
     */
    T of(AbstractConfig values, Map<String, String> required) {
        Map<String, String> given = new HashMap<>(required);
        options()
                .forEach(option ->
                        given.put(option.name(), String.valueOf(values.values().get(key(option)))));
        return algorithm.with(given);
    }
}
