package io.millrace.config;

import static io.millrace.config.Configs.config;
import static io.millrace.config.Configs.settings;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamsPropertiesTest {

    @Test
    void shouldTrainExactlyOnceAndServeAtOnce() {
        Properties training = StreamsProperties.training(config());
        Properties serving = StreamsProperties.serving(config());

        assertThat(training)
                .containsEntry("application.id", "millrace-train")
                .containsEntry("processing.guarantee", "exactly_once_v2")
                .containsEntry("commit.interval.ms", "500");
        assertThat(serving)
                .containsEntry("application.id", "millrace-serve")
                .containsEntry("producer.linger.ms", "0")
                .containsEntry("global.consumer.isolation.level", "read_committed")
                .doesNotContainKey("processing.guarantee");
        assertThat(new StreamsConfig(serving).getGlobalConsumerConfigs("x"))
                .containsEntry("isolation.level", "read_committed");
    }

    @Test
    void shouldCommitALargeNetworkLessOften() {
        Properties large = StreamsProperties.training(
                config("model.inputs", "784", "model.hidden", "2800,2800", "optimizer", "adam"));
        assertThat(Integer.parseInt(large.getProperty("commit.interval.ms"))).isBetween(30_000, 60_000);
        assertThat(new StreamsConfig(large).getProducerConfigs("x"))
                .containsEntry(
                        "transaction.timeout.ms",
                        String.valueOf(2 * Integer.parseInt(large.getProperty("commit.interval.ms"))));
        assertThat(StreamsProperties.training(config("train.commit.interval.ms", "20000")))
                .containsEntry("producer.transaction.timeout.ms", "40000");
    }

    /** Brokers refuse more than 15 minutes unless they are told to take it. */
    @ParameterizedTest
    @CsvSource({"440000, 880000", "460000, 900000", "899999, 900000", "900000, 1800000"})
    void shouldNotAskForATimeoutThatBrokersRefuse(String interval, String timeout) {
        assertThat(StreamsProperties.training(config("commit.interval.ms", interval)))
                .containsEntry("producer.transaction.timeout.ms", timeout);
    }

    /** Kafka reads the timeout of a transaction as an integer. */
    @Test
    void shouldTakeTheLongestIntervalOfCommits() {
        Properties training = StreamsProperties.training(config("commit.interval.ms", "2147483647"));

        assertThat(new StreamsConfig(training).getProducerConfigs("x"))
                .containsEntry("transaction.timeout.ms", "2147483647");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "num.stream.threads",
                "max.poll.records",
                "consumer.max.poll.records",
                "main.consumer.max.poll.records",
                "global.consumer.max.poll.records",
                "restore.consumer.max.poll.records",
                "producer.batch.size",
                "admin.request.timeout.ms",
                "topic.segment.bytes",
                "topic.max.compaction.lag.ms",
            })
    void shouldPassKafkasSettingsThrough(String key) {
        MillraceConfig both = config(key, "7");
        assertThat(StreamsProperties.training(both)).containsEntry(key, "7");
        assertThat(StreamsProperties.serving(both)).containsEntry(key, "7");

        MillraceConfig one = config("train." + key, "7", "serve." + key, "8");
        assertThat(StreamsProperties.training(one)).containsEntry(key, "7").doesNotContainKey("train." + key);
        assertThat(StreamsProperties.serving(one)).containsEntry(key, "8").doesNotContainKey("serve." + key);

        MillraceConfig special = config(key, "7", "train." + key, "9");
        assertThat(StreamsProperties.training(special)).containsEntry(key, "9");
        assertThat(StreamsProperties.serving(special)).containsEntry(key, "7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "producer.", "train.", "train.producer."})
    void shouldLetTheConfiguredTransactionTimeoutWinWhateverItsPrefix(String prefix) {
        Properties training = StreamsProperties.training(config(prefix + "transaction.timeout.ms", "5000"));

        assertThat(new StreamsConfig(training).getProducerConfigs("x")).containsEntry("transaction.timeout.ms", "5000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "consumer.", "main.consumer.", "train.", "train.consumer."})
    void shouldLetConfiguredPollsWinWhateverTheirPrefix(String prefix) {
        Properties training = StreamsProperties.training(config(prefix + "max.poll.records", "50"));

        assertThat(new StreamsConfig(training).getMainConsumerConfigs("g", "c", 0))
                .containsEntry("max.poll.records", "50");
    }

    @Test
    void shouldGiveTheRegistrysClientItsOwnSettingsAndNoRoles() {
        Map<String, String> registry = config(
                        "schema.registry.url", "http://a,http://b",
                        "schema.registry.ssl.truststore.location", "/t",
                        "basic.auth.credentials.source", "USER_INFO",
                        "basic.auth.user.info", "me:secret",
                        "bearer.auth.token", "t",
                        "train.linger.ms", "3",
                        "security.protocol", "SASL_SSL",
                        "sasl.jaas.config", "inherited")
                .registry();

        assertThat(registry)
                .containsEntry("schema.registry.url", "http://a,http://b")
                .containsEntry("schema.registry.ssl.truststore.location", "/t")
                .containsEntry("basic.auth.user.info", "me:secret")
                .containsEntry("bearer.auth.token", "t")
                .containsEntry("sasl.jaas.config", "inherited")
                .doesNotContainKey("train.linger.ms");
    }

    @Test
    void shouldGivePlainClientsWhatHasNoPrefix() {
        MillraceConfig config = config(
                "security.protocol", "SSL", "producer.linger.ms", "3", "num.stream.threads", "2", "batch.size", "32");

        assertThat(config.client())
                .containsEntry("bootstrap.servers", "localhost:9092")
                .containsEntry("security.protocol", "SSL")
                .doesNotContainKeys("producer.linger.ms", "num.stream.threads", "batch.size");
        assertThat(StreamsProperties.committedReader(config))
                .containsEntry("isolation.level", "read_committed")
                .containsEntry("enable.auto.commit", "false");
    }

    @Test
    void shouldNotChangeTheSettingsItWasGiven() {
        Map<String, String> settings = settings("linger.ms", "5");
        Map<String, String> before = Map.copyOf(settings);
        StreamsProperties.training(MillraceConfig.of(settings));

        assertThat(settings).isEqualTo(before);
    }
}
