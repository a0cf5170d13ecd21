package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.avro.Example;
import io.millrace.avro.Features;
import io.millrace.avro.Prediction;
import io.millrace.avro.PredictionStatus;
import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.records.FloatVector;
import io.millrace.topology.MillraceStreams;
import io.millrace.topology.cluster.ClusterNotReadyException;
import io.millrace.topology.startup.ClusterCheck;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Topics whose settings refuse what would be written to them, had it not been fitted to them. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class OddTopicsTest {
    private static Cluster cluster;
    private static AvroSerdes serdes;
    private static KafkaProducer<byte[], byte[]> producer;

    @BeforeAll
    static void startCluster(Cluster shared) {
        cluster = shared;
        serdes = cluster.serdes();
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", cluster.broker().bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    @AfterAll
    static void stopCluster() {
        producer.close();
    }

    private static MillraceConfig prepared(String application, Map<String, String> outputs) throws Exception {
        MillraceConfig config = MillraceConfig.of(cluster.settings(application));
        try (Admin admin = Admin.create(config.client())) {
            List<NewTopic> topics = List.of(
                            config.topics().deadLetters(), config.topics().predictions())
                    .stream()
                    .map(topic -> new NewTopic(topic, Optional.of(1), Optional.empty()).configs(outputs))
                    .toList();
            admin.createTopics(topics).all().get();
        }
        new ClusterCheck(config).prepare(serdes);
        return config;
    }

    private static void send(String topic, byte[] key, byte[] value, Headers headers) throws Exception {
        producer.send(new ProducerRecord<>(topic, 0, null, key, value, headers)).get();
    }

    private static byte[] request(MillraceConfig config) {
        return serdes.valueSerde(Features.class)
                .serializer()
                .serialize(config.topics().features(), new Features(new FloatVector(new float[] {1, 2})));
    }

    private static List<ConsumerRecord<byte[], byte[]>> letters(MillraceConfig config) {
        return cluster.read(config, config.topics().deadLetters(), new ByteArrayDeserializer());
    }

    private static List<ConsumerRecord<byte[], Prediction>> answers(MillraceConfig config) {
        return cluster.read(
                config,
                config.topics().predictions(),
                serdes.valueSerde(Prediction.class).deserializer());
    }

    private static String header(ConsumerRecord<?, ?> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private interface Work {
        void run() throws Exception;
    }

    /** Goes on, too, where it was when it is started again. */
    private static void twice(MillraceConfig config, Work work) throws Exception {
        for (int start = 0; start < 2; start++) {
            try (KafkaStreams training = MillraceStreams.training(config, serdes);
                    KafkaStreams serving = MillraceStreams.serving(config, serdes)) {
                training.start();
                serving.start();
                work.run();
                assertThat(training.state()).isEqualTo(KafkaStreams.State.RUNNING);
                assertThat(serving.state()).isEqualTo(KafkaStreams.State.RUNNING);
                MillraceStreams.stop(training, Duration.ofSeconds(20));
                MillraceStreams.stop(serving, Duration.ofSeconds(20));
            }
        }
    }

    @Test
    void shouldWriteWhereCompactionDemandsKeys() throws Exception {
        MillraceConfig config = prepared("compacted", Map.of("cleanup.policy", "compact"));
        int[] sent = {0};
        byte[] key = {7};
        twice(config, () -> {
            send(config.topics().examples(), null, new byte[] {1}, null);
            send(config.topics().examples(), key, new byte[] {2}, null);
            sent[0] += 2;
            cluster.awaitCommitted(config, sent[0]);
            send(config.topics().features(), null, request(config), null);
            send(config.topics().features(), null, new byte[] {3}, null);
            send(config.topics().features(), key, request(config), null);
            Cluster.await(
                    "answers and letters",
                    () -> answers(config).size() == sent[0] / 2
                            && letters(config).size() == 2 * sent[0]);
        });
        assertThat(answers(config))
                .allSatisfy(answer -> assertThat(answer.key()).isEqualTo(key));
        assertThat(letters(config)).extracting(ConsumerRecord::key).doesNotContainNull();
        assertThat(letters(config).stream()
                        .filter(letter -> !Arrays.equals(letter.key(), key))
                        .map(letter -> new String(letter.key(), StandardCharsets.UTF_8)))
                .as("keys that tell them apart")
                .doesNotHaveDuplicates()
                .contains("compacted.examples-0@0", "compacted.features-0@1");
    }

    @Test
    void shouldFitWhatItWritesToWhatTheTopicTakes() throws Exception {
        MillraceConfig config = prepared("small", Map.of("max.message.bytes", "4000"));
        byte[] noise = new byte[3800];
        new Random(1).nextBytes(noise);
        int[] sent = {0};
        twice(config, () -> {
            for (byte[] key : List.of(new byte[0], noise)) {
                for (Headers headers : List.of(new RecordHeaders(), new RecordHeaders().add("trace", noise))) {
                    send(config.topics().examples(), key, noise, headers);
                    send(config.topics().features(), key, request(config), headers);
                    sent[0]++;
                }
            }
            cluster.awaitCommitted(config, sent[0]);
            Cluster.await(
                    "answers and letters",
                    () -> answers(config).size() == sent[0] / 4
                            && letters(config).size() == sent[0] + 3 * sent[0] / 4);
        });
        assertThat(letters(config))
                .allSatisfy(
                        letter -> assertThat(header(letter, "millrace.offset")).matches("[0-7]"));
    }

    @Test
    void shouldPassRecordsWithoutATime() throws Exception {
        MillraceConfig config = prepared("timeless", Map.of());
        int[] sent = {0};
        byte[] example = serdes.valueSerde(Example.class)
                .serializer()
                .serialize(config.topics().examples(), Cluster.example(1));
        twice(config, () -> {
            for (String topic : List.of(
                    config.topics().modelSnapshots(),
                    config.topics().examples(),
                    config.topics().features())) {
                byte[] value = topic.equals(config.topics().examples()) ? example : request(config);
                producer.send(new Timeless(topic, value)).get();
            }
            sent[0]++;
            cluster.awaitCommitted(config, sent[0]);
            Cluster.await("answers", () -> answers(config).size() == sent[0]);
        });
        assertThat(answers(config).get(0).value().getStatus()).isIn(PredictionStatus.OK, PredictionStatus.NO_MODEL);
    }

    @Test
    void shouldNotStartWhereTheRegistryWillNotHaveItsSchemas() throws Exception {
        prepared("refused", Map.of());
        MillraceConfig config = MillraceConfig.of(cluster.settings("refused", "auto.register.schemas", "false"));
        try (AvroSerdes asking = new AvroSerdes(config.registry())) {
            assertThatThrownBy(() -> MillraceStreams.training(config, asking))
                    .isInstanceOf(ClusterNotReadyException.class)
                    .hasMessageContaining("Topic refused.validation-losses cannot be written to")
                    .hasMessageContaining("Register it first, or set auto.register.schemas=true.");
            assertThatThrownBy(() -> MillraceStreams.serving(config, asking))
                    .isInstanceOf(ClusterNotReadyException.class)
                    .hasMessageContaining("Topic refused.predictions cannot be written to");
        }
    }

    /** Other clients write them; brokers take them. */
    private static final class Timeless extends ProducerRecord<byte[], byte[]> {
        Timeless(String topic, byte[] value) {
            super(topic, 0, new byte[] {1}, value);
        }

        @Override
        public Long timestamp() {
            return -1L;
        }
    }
}
