package io.millrace.nn.optimizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;

/** The optimizer that a golden file describes, which calls its hyper-parameters as Goodfellow et al. do. */
public final class GoldenOptimizer {
    private static final Map<String, String> NAMES =
            Map.of("rho1", "beta1", "rho2", "beta2", "delta", "epsilon", "delta_inside_sqrt", "epsilon_inside_sqrt");

    private GoldenOptimizer() {}

    /** @param described with {@code name}, {@code lr} and the hyper-parameters */
    public static Optimizer of(JsonNode described) {
        Map<String, String> options = new HashMap<>();
        described
                .properties()
                .forEach(field -> options.put(
                        NAMES.getOrDefault(field.getKey(), field.getKey()),
                        field.getValue().asText()));
        options.remove("lr");
        return Optimizer.of(options.remove("name"), options);
    }
}
