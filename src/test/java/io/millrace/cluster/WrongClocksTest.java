package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.avro.Features;
import io.millrace.avro.Prediction;
import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.records.FloatVector;
import io.millrace.topology.MillraceStreams;
import io.millrace.topology.audit.Verification;
import io.millrace.topology.audit.VerificationResult;
import io.millrace.topology.snapshot.StoredSnapshot;
import io.millrace.topology.startup.ClusterCheck;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker that takes records of the last seven days and of the next hour, but for examples and requests, whose topics take any: what is in
 * one of them stops nobody, neither by its time nor by its size.
 */
@Tag("cluster")
class WrongClocksTest {
    private static final long DAY = 86_400_000;
    private static final List<Long> TIMES = List.of(
            Instant.now().toEpochMilli() + DAY,
            Instant.parse("2100-01-01T00:00:00Z").toEpochMilli(),
            Instant.parse("2023-06-01T00:00:00Z").toEpochMilli(),
            0L,
            Long.MAX_VALUE);

    @TempDir
    static Path directory;

    private static Cluster cluster;
    private static KafkaProducer<byte[], byte[]> producer;

    @BeforeAll
    static void startCluster() {
        cluster = Cluster.start(directory, Map.of("log.message.timestamp.before.max.ms", String.valueOf(7 * DAY)));
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", cluster.broker().bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    @AfterAll
    static void stopCluster() {
        producer.close();
        cluster.close();
    }

    private static MillraceConfig prepared(String application, AvroSerdes[] serdes, String... settings)
            throws Exception {
        MillraceConfig config = MillraceConfig.of(cluster.settings(application, settings));
        serdes[0] = new AvroSerdes(config.registry());
        Map<String, String> any = Map.of(
                "message.timestamp.before.max.ms", String.valueOf(Long.MAX_VALUE),
                "message.timestamp.after.max.ms", String.valueOf(Long.MAX_VALUE));
        try (Admin admin = Admin.create(config.client())) {
            List<NewTopic> topics = new ArrayList<>();
            for (String topic :
                    Set.of(config.topics().examples(), config.topics().features())) {
                topics.add(new NewTopic(topic, Optional.of(1), Optional.empty()).configs(any));
            }
            for (String topic :
                    Set.of(config.topics().deadLetters(), config.topics().validationLosses())) {
                topics.add(
                        new NewTopic(topic, Optional.of(1), Optional.empty())); // the creator's time, not the broker's
            }
            admin.createTopics(topics).all().get();
        }
        new ClusterCheck(config).prepare(serdes[0]);
        return config;
    }

    private static void send(String topic, Long time, Headers headers, byte[] value) throws Exception {
        producer.send(new ProducerRecord<>(topic, 0, time, null, value, headers))
                .get();
    }

    private static byte[] example(MillraceConfig config, AvroSerdes serdes, int number) {
        return serdes.valueSerde(io.millrace.avro.Example.class)
                .serializer()
                .serialize(config.topics().examples(), Cluster.example(number));
    }

    /** As large as a record may be, up to a few bytes. */
    private static Headers giant() {
        return new RecordHeaders().add("trace", new byte[1_048_250]);
    }

    private static Headers giantName() {
        return new RecordHeaders().add("\u20ac".repeat(99_000), null);
    }

    private static Headers countless() {
        RecordHeaders headers = new RecordHeaders();
        for (int i = 0; i < 30_000; i++) {
            headers.add("abc", null);
        }
        return headers;
    }

    @Test
    void shouldLearnExamplesOfAnyTimeAndSize() throws Exception {
        AvroSerdes[] opened = new AvroSerdes[1];
        MillraceConfig config = prepared(
                "clocks", opened, "batch.size", "8", "batch.window.ms", "1000", "validation.report.examples", "1");
        int sent = 0;
        int bad = 0;
        try (AvroSerdes serdes = opened[0]) {
            String examples = config.topics().examples();
            for (int start = 0; start < 2; start++) {
                try (KafkaStreams training = MillraceStreams.training(config, serdes)) {
                    training.start();
                    for (long time : TIMES) {
                        for (int i = 0; i < 5; i++) {
                            send(examples, time, null, example(config, serdes, sent++));
                        }
                        send(examples, time, null, new byte[] {1, 2});
                        sent++;
                        bad++;
                        cluster.awaitCommitted(config, sent);
                        assertThat(training.state()).isEqualTo(KafkaStreams.State.RUNNING);
                    }
                    for (int i = 0; i < 8; i++) { // one of them completes a report
                        send(examples, null, giant(), example(config, serdes, sent++));
                    }
                    send(examples, null, countless(), new byte[1_048_250 - 150_000]);
                    send(examples, null, giantName(), new byte[1_048_250 - 297_000]);
                    sent += 2;
                    bad += 2;
                    cluster.awaitCommitted(config, sent);
                    MillraceStreams.stop(training, Duration.ofSeconds(20));
                }
            }
            StoredSnapshot newest = cluster.newest(config, serdes).get(0);
            assertThat(newest.version()).isGreaterThan(sent - bad - 8);
            assertThat(newest.streamTime())
                    .isEqualTo(newest.head().getStreamTime())
                    .isPositive();
            VerificationResult audit = new Verification(config, serdes).verify(0, null);
            assertThat(audit.equal()).as("%s", audit.sentences()).isTrue();
            List<ConsumerRecord<byte[], byte[]>> letters =
                    read(config, config.topics().deadLetters());
            assertThat(letters).hasSize(bad);
            assertThat(letters.subList(0, TIMES.size()))
                    .extracting(letter -> eventTime(letter))
                    .containsExactlyElementsOf(TIMES);
            for (String topic : List.of(
                    config.topics().deadLetters(),
                    config.topics().validationLosses(),
                    config.topics().modelSnapshots(),
                    "clocks-train-learner-changelog",
                    "clocks-train-mini-batches-changelog")) {
                assertThat(read(config, topic)).as(topic).isNotEmpty().allSatisfy(WrongClocksTest::isOfToday);
            }
        }
    }

    @Test
    void shouldCloseWindowsAfterAnExampleFromTheFutureAndARestart() throws Exception {
        AvroSerdes[] opened = new AvroSerdes[1];
        MillraceConfig config = prepared("windows", opened, "batch.size", "1000", "batch.window.ms", "1000");
        try (AvroSerdes serdes = opened[0]) {
            String examples = config.topics().examples();
            long time = System.currentTimeMillis();
            int sent = 0;
            for (int start = 0; start < 3; start++) {
                try (KafkaStreams training = MillraceStreams.training(config, serdes)) {
                    training.start();
                    send(examples, TIMES.get(1), null, example(config, serdes, sent++)); // the first of all, too
                    if (start > 0) {
                        send(examples, time + 3_000_000, null, example(config, serdes, sent++));
                    }
                    for (int i = 0; i < 100; i++) {
                        send(examples, time += 100, null, example(config, serdes, sent++));
                    }
                    cluster.awaitCommitted(config, sent);
                    MillraceStreams.stop(training, Duration.ofSeconds(20));
                }
                assertThat(cluster.newest(config, serdes).get(0).version()).isBetween(sent - 30L, (long) sent);
            }
            VerificationResult result = new Verification(config, serdes).verify(0, null);
            assertThat(result.equal()).as("%s", result.sentences()).isTrue();
        }
    }

    private static long eventTime(ConsumerRecord<byte[], byte[]> record) {
        return Long.parseLong(
                new String(record.headers().lastHeader("millrace.timestamp").value(), StandardCharsets.UTF_8));
    }

    private static List<ConsumerRecord<byte[], byte[]>> read(MillraceConfig config, String topic) {
        return cluster.read(config, topic, new ByteArrayDeserializer());
    }

    private static void isOfToday(ConsumerRecord<byte[], byte[]> record) {
        assertThat(Duration.ofMillis(Math.abs(record.timestamp() - System.currentTimeMillis())))
                .isLessThan(Duration.ofMinutes(5));
    }

    @Test
    void shouldAnswerRequestsOfAnyTimeAndSize() throws Exception {
        AvroSerdes[] opened = new AvroSerdes[1];
        MillraceConfig config = prepared("requests", opened);
        try (AvroSerdes serdes = opened[0]) {
            String features = config.topics().features();
            String predictions = config.topics().predictions();
            byte[] request = serdes.valueSerde(Features.class)
                    .serializer()
                    .serialize(features, new Features(new FloatVector(new float[] {1, 2})));
            long recent = System.currentTimeMillis() - DAY;
            int answered = 0;
            for (int start = 0; start < 2; start++) {
                try (KafkaStreams serving = MillraceStreams.serving(config, serdes)) {
                    serving.start();
                    send(features, null, giant(), request);
                    for (long time : TIMES) {
                        send(features, time, null, request);
                    }
                    send(features, recent, null, request);
                    answered += TIMES.size() + 1;
                    int expected = answered;
                    Cluster.await("answers", () -> read(config, predictions).size() >= expected);
                    MillraceStreams.stop(serving, Duration.ofSeconds(20));
                }
            }
            List<ConsumerRecord<byte[], byte[]>> answers = read(config, predictions);
            assertThat(answers).hasSize(answered);
            assertThat(answers.subList(0, TIMES.size()))
                    .allSatisfy(WrongClocksTest::isOfToday)
                    .extracting(WrongClocksTest::eventTime)
                    .containsExactlyElementsOf(TIMES);
            assertThat(answers.get(TIMES.size()).timestamp())
                    .as("what the broker takes")
                    .isEqualTo(recent);
            assertThat(answers.get(TIMES.size()).headers()).isEmpty();
            assertThat(read(config, config.topics().deadLetters()))
                    .as("requests whose headers leave no room for an answer")
                    .hasSize(2)
                    .allSatisfy(WrongClocksTest::isOfToday);
        }
    }

    @Test
    void shouldAnswerWhenTheLimitsAreAlteredMeanwhile() throws Exception {
        AvroSerdes[] opened = new AvroSerdes[1];
        MillraceConfig config = prepared("altered", opened);
        try (AvroSerdes serdes = opened[0]) {
            String features = config.topics().features();
            byte[] request = serdes.valueSerde(Features.class)
                    .serializer()
                    .serialize(features, new Features(new FloatVector(new float[] {1, 2})));
            try (KafkaStreams serving = MillraceStreams.serving(config, serdes);
                    Admin admin = Admin.create(config.client())) {
                serving.start();
                ConfigResource predictions = new ConfigResource(
                        ConfigResource.Type.TOPIC, config.topics().predictions());
                admin.incrementalAlterConfigs(Map.of(
                                predictions,
                                List.of(new AlterConfigOp(
                                        new ConfigEntry("message.timestamp.before.max.ms", "3600000"),
                                        AlterConfigOp.OpType.SET))))
                        .all()
                        .get();
                long dayBefore = System.currentTimeMillis() - DAY;
                for (int i = 0; i < 5; i++) { // some of them in one batch
                    producer.send(new ProducerRecord<>(features, 0, dayBefore, null, request));
                    producer.send(new ProducerRecord<>(features, request));
                }
                Cluster.await(
                        "ten answers",
                        () -> cluster.read(
                                                config,
                                                config.topics().predictions(),
                                                serdes.valueSerde(Prediction.class)
                                                        .deserializer())
                                        .size()
                                >= 10);
                MillraceStreams.stop(serving, Duration.ofSeconds(20));
            }
        }
    }
}
