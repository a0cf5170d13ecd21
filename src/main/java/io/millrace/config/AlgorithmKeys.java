package io.millrace.config;

import io.millrace.nn.algorithm.Algorithm;
import io.millrace.nn.algorithm.Hyperparameter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.config.AbstractConfig;

/**
 * The settings of one algorithm's hyper-parameters. A key is a prefix followed by the name of the hyper-parameter, with dots instead of
 * underscores. A required hyper-parameter has no setting here; its value comes from another setting.
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
     * @param required values of the required hyper-parameters
     */
    T of(AbstractConfig values, Map<String, String> required) {
        Map<String, String> given = new HashMap<>(required);
        options()
                .forEach(option ->
                        given.put(option.name(), String.valueOf(values.values().get(key(option)))));
        return algorithm.with(given);
    }
}
