package io.millrace.config;

import static io.millrace.config.Configs.config;
import static io.millrace.config.Configs.problems;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.nn.activation.Activations;
import io.millrace.nn.activation.LeakyRelu;
import io.millrace.nn.algorithm.Algorithm;
import io.millrace.nn.algorithm.Family;
import io.millrace.nn.algorithm.Hyperparameter;
import io.millrace.nn.initializer.Initializers;
import io.millrace.nn.layer.BatchNorm;
import io.millrace.nn.loss.Losses;
import io.millrace.nn.optimizer.Optimizer;
import io.millrace.nn.optimizer.Optimizers;
import io.millrace.nn.penalty.Penalties;
import io.millrace.nn.schedule.Schedules;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What algorithms say of themselves is what the configuration knows of them. */
class AlgorithmsTest {
    static List<String> optimizers() {
        return Optimizers.FAMILY.names();
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void shouldHaveTheDefaultsOfTheAlgorithm(String name) {
        assertThat(config("optimizer", name).learner().optimization().optimizer())
                .isEqualTo(Optimizer.of(name));
    }

    @Test
    void shouldHaveTheDefaultsOfBatchNormalisationAndTheSlope() {
        assertThat(config("batch.norm", "true", "batch.size", "8")
                        .learner()
                        .architecture()
                        .layers()
                        .get(0)
                        .batchNorm())
                .isEqualTo(BatchNorm.ALGORITHM.with(Map.of()))
                .isEqualTo(new BatchNorm(0.1, 1e-5, true));
        assertThat(config("model.activation", "leaky_relu")
                        .learner()
                        .architecture()
                        .layers()
                        .get(0)
                        .activation())
                .isEqualTo(new LeakyRelu(0.01f));
    }

    /** The settings of earlier versions: none may go. */
    @Test
    void shouldKnowTheKeysThatWereThere() {
        assertThat(Settings.ALL.definition().names())
                .contains(
                        "optimizer.momentum.alpha",
                        "optimizer.nesterov.alpha",
                        "optimizer.nesterov_torch.alpha",
                        "optimizer.rmsprop.rho",
                        "optimizer.adamw.weight.decay",
                        "schedule.linear.tau",
                        "schedule.inverse_time.decay",
                        "schedule.step.every",
                        "schedule.step.factor",
                        "schedule.cosine.tau",
                        "schedule.cosine.warm.up",
                        "regularization.l1",
                        "regularization.l2",
                        "model.activation.slope",
                        "batch.norm.momentum",
                        "batch.norm.delta",
                        "batch.norm.unbiased")
                .doesNotContain("schedule.constant.rate", "schedule.linear.rate");
    }

    @Test
    void shouldDescribeEachHyperparameterWithTypeDefaultRangeAndSentence() {
        ConfigDef.ConfigKey key = Settings.ALL.definition().configKeys().get("schedule.cosine.warm.up");

        assertThat(key.type).isEqualTo(ConfigDef.Type.LONG);
        assertThat(key.defaultValue).isEqualTo(0L);
        assertThat(key.validator).hasToString("at least 0");
        assertThat(key.documentation).isEqualTo("cosine: steps at the start in which the rate rises from near zero.");
        assertThat(ConfigurationReference.markdown())
                .contains(Optimizers.FAMILY.algorithms().get(0).sentence())
                .contains(Schedules.FAMILY.algorithms().get(1).sentence());
    }

    /** What the constructor refuses is refused as a setting already, in one sentence that names the key. */
    @ParameterizedTest
    @CsvSource({
        "schedule, step, schedule.step.factor, 0",
        "schedule, inverse_time, schedule.inverse_time.decay, 2",
        "schedule, cosine, schedule.cosine.warm.up, -1",
        "model.activation, leaky_relu, model.activation.slope, 0",
        "model.activation, leaky_relu, model.activation.slope, 0.99999999999",
        "optimizer, adamw, optimizer.adamw.weight.decay, -1"
    })
    void shouldRefuseAsASettingWhatTheAlgorithmRefuses(String choice, String name, String key, String value) {
        assertThat(problems(choice, name, key, value))
                .singleElement()
                .asString()
                .contains(key, "must be");
    }

    @Test
    void everyAlgorithmShouldTakeItsOwnDefaults() {
        List<Family<?>> families = List.of(
                Activations.FAMILY,
                Initializers.FAMILY,
                Losses.FAMILY,
                Optimizers.FAMILY,
                Penalties.FAMILY,
                Schedules.FAMILY);
        for (Family<?> family : families) {
            for (Algorithm<?> algorithm : family.algorithms()) {
                for (Hyperparameter<?> option : algorithm.options()) {
                    if (option.range() != null && !option.isRequired()) {
                        assertThat(option.range().contains().test(((Number) option.defaultValue()).doubleValue()))
                                .as("%s of %s", option.name(), algorithm.name())
                                .isTrue();
                    }
                }
            }
        }
    }
}
