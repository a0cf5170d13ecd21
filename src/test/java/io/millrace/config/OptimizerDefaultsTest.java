package io.millrace.config;

import static io.millrace.config.Configs.config;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.nn.activation.Activation;
import io.millrace.nn.activation.LeakyRelu;
import io.millrace.nn.initializer.Initializer;
import io.millrace.nn.layer.BatchNorm;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.optimizer.Optimizer;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The configuration cannot see the algorithms; this test holds their names and defaults together. */
class OptimizerDefaultsTest {

    @ParameterizedTest
    @ValueSource(strings = {"sgd", "momentum", "nesterov", "nesterov_torch", "adagrad", "rmsprop", "adam", "adamw"})
    void shouldHaveTheDefaultsOfTheAlgorithm(String name) {
        LearnerSettings settings = config("optimizer", name).learner();

        assertThat(Optimizer.of(settings.optimizer(), settings.optimizerOptions()))
                .isEqualTo(Optimizer.of(name));
    }

    @Test
    void shouldHaveTheDefaultsOfBatchNormalisation() {
        LearnerSettings settings =
                config("batch.norm", "true", "batch.size", "8").learner();
        assertThat(new BatchNorm(settings.batchNormMomentum(), settings.batchNormDelta(), settings.batchNormUnbiased()))
                .isEqualTo(BatchNorm.of(Map.of()));
        assertThat((float) settings.slope()).isEqualTo(LeakyRelu.DEFAULT_SLOPE);
    }

    @Test
    void shouldKnowNoNameThatTheNetworkDoesNot() {
        ConfigDef definition = Settings.DEFINITION;
        values(definition, "optimizer").forEach(Optimizer::of);
        values(definition, "model.activation").forEach(Activation::of);
        values(definition, "model.loss").filter(name -> !name.equals("auto")).forEach(Loss::of);
        values(definition, "model.initializer")
                .filter(name -> !name.equals("auto"))
                .forEach(Initializer::of);
    }

    private static java.util.stream.Stream<String> values(ConfigDef definition, String key) {
        String names = definition.configKeys().get(key).validator.toString();
        return java.util.Arrays.stream(names.substring(1, names.length() - 1).split(", "));
    }
}
