package io.millrace.config;

import static io.millrace.config.Configs.config;
import static io.millrace.config.Configs.problems;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Single values, each at the border of what is possible. */
class ValidatorsTest {

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "bootstrap.servers|''",
                "bootstrap.servers|localhost",
                "bootstrap.servers|a:1,,b:2",
                "schema.registry.url|''",
                "schema.registry.url|localhost:8081",
                "application.id|''",
                "application.id|my app",
                "topics.examples|''",
                "topics.partitions|0",
                "topics.replication.factor|0",
                "topics.replication.factor|-2",
                "topics.replication.factor|32768",
                "topics.create|maybe",
                "model.name|' '",
                "model.task|clustering",
                "model.inputs|0",
                "model.inputs|8.5",
                "model.inputs|99999999999",
                "model.classes|a,,b",
                "model.classes|a,b,a",
                "model.targets|0",
                "model.hidden|64,,32",
                "model.hidden|0",
                "model.hidden|-1",
                "model.hidden|10000000",
                "model.hidden|many",
                "model.activation|swish",
                "model.loss|hinge",
                "model.initializer|zeros",
                "model.seed|one",
                "optimizer|lion",
                "learning.rate|0",
                "learning.rate|-0.1",
                "learning.rate|1e-50",
                "learning.rate|1e39",
                "learning.rate|NaN",
                "learning.rate|Infinity",
                "optimizer.rmsprop.rho|1",
                "optimizer.rmsprop.rho|-0.1",
                "optimizer.rmsprop.epsilon|0",
                "optimizer.rmsprop.epsilon|1e-46",
                "optimizer.rmsprop.epsilon.inside.sqrt|1",
                "batch.size|0",
                "batch.size|65537",
                "batch.window.ms|0",
                "batch.window.ms|9223372036854775807",
                "standardize.features|yes",
                "standardize.targets|2",
                "standardize.rate|1",
                "standardize.rate|NaN",
                "standardize.rate|-1",
                "validation.report.examples|0",
                "validation.fading|1",
                "validation.fading|NaN",
                "snapshot.history|0",
                "snapshot.min.examples|0",
            })
    void shouldRefuseAnImpossibleValue(String key, String value) {
        assertThat(problems(key, value)).singleElement().asString().contains(key);
    }

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "bootstrap.servers|[::1]:9092,SSL://broker-1.example.com:9093",
                "schema.registry.url|https://a/path,mock://scope",
                "application.id|my-app_1.x",
                "topics.prefix|''",
                "topics.replication.factor|-1",
                "topics.replication.factor|1",
                "topics.replication.factor|32767",
                "model.hidden|1",
                "model.hidden|''",
                "model.seed|-9223372036854775808",
                "learning.rate|1e-30",
                "optimizer.rmsprop.rho|0",
                "batch.size|65536",
                "batch.window.ms|1",
                "standardize.rate|0",
                "validation.fading|0",
                "snapshot.history|1",
            })
    void shouldTakeAPossibleValue(String key, String value) {
        assertThatCode(() -> config(key, value)).doesNotThrowAnyException();
    }
}
