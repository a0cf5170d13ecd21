package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.MillraceStreams;
import io.millrace.topology.startup.ClusterCheck;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

/** Topics are deleted under applications that run. Clients wait for seconds, where they would for minutes by default. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class DeletedTopicsTest {
    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(MillraceStreams.class);
    private static final ListAppender<ILoggingEvent> LOG = new ListAppender<>();
    private static Cluster cluster;
    private static AvroSerdes serdes;

    @BeforeAll
    static void startCluster(Cluster shared) {
        cluster = shared;
        serdes = cluster.serdes();
        LOG.start();
        LOGGER.addAppender(LOG);
        LOGGER.setLevel(Level.WARN);
    }

    @AfterAll
    static void stopCluster() {
        LOGGER.setLevel(null);
        LOGGER.detachAppender(LOG);
    }

    @BeforeEach
    void forget() {
        LOG.list.clear();
    }

    private static MillraceConfig prepared(String application) {
        MillraceConfig config = MillraceConfig.of(cluster.settings(
                application,
                "producer.max.block.ms",
                "1000",
                "producer.delivery.timeout.ms",
                "1500",
                "producer.request.timeout.ms",
                "1000",
                "producer.linger.ms",
                "5",
                "metadata.max.age.ms",
                "1000",
                "snapshot.history",
                "10000",
                "validation.report.examples",
                "64"));
        new ClusterCheck(config).prepare(serdes);
        return config;
    }

    private static void delete(MillraceConfig config, String topic) throws Exception {
        try (Admin admin = Admin.create(config.client())) {
            admin.deleteTopics(List.of(topic)).all().get();
        }
    }

    private static void sendGarbage(MillraceConfig config, String topic) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config.client(), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, new byte[] {1})).get();
        }
    }

    private static boolean said(String... parts) {
        return List.copyOf(LOG.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .anyMatch(line -> List.of(parts).stream().allMatch(line::contains));
    }

    private static int count(MillraceConfig config, String topic) {
        return cluster.read(config, topic, new ByteArrayDeserializer()).size();
    }

    @Test
    void shouldNameTheDeadLettersThatAreGoneAndGoOnWhenTheyAreThereAgain() throws Exception {
        MillraceConfig config = prepared("letters");
        String topic = config.topics().deadLetters();
        try (KafkaStreams training = MillraceStreams.training(config, serdes)) {
            training.start();
            cluster.sendExamples(config, serdes, 0, 100);
            cluster.awaitCommitted(config, 100);
            delete(config, topic);
            sendGarbage(config, config.topics().examples());
            cluster.sendExamples(config, serdes, 101, 300);
            Cluster.await("a word", () -> said("The topic " + topic + " is not there", "create it again"));
            new ClusterCheck(config).prepare(serdes);
            cluster.awaitCommitted(config, 300);
            assertThat(count(config, topic)).isEqualTo(1);
            MillraceStreams.stop(training, Duration.ofSeconds(20));
        }
        UninterruptedRun.assertSame(
                cluster,
                config,
                serdes,
                List.of(IntStream.range(0, 300).boxed().toList()),
                Set.of(100)); // its offset has the bad record
    }

    @Test
    @Tag("crash")
    void shouldGoOnWhenReportsOrWeightsCanBeWrittenAgain() throws Exception {
        MillraceConfig config = prepared("reports");
        List<String> topics =
                List.of(config.topics().validationLosses(), config.topics().modelSnapshots());
        try (KafkaStreams training = MillraceStreams.training(config, serdes)) {
            training.start();
            int sent = 0;
            for (String topic : topics) {
                cluster.sendExamples(config, serdes, sent, sent + 100);
                cluster.awaitCommitted(config, sent + 100);
                delete(config, topic);
                cluster.sendExamples(config, serdes, sent + 100, sent + 200);
                Cluster.await("a word", () -> said("The topic " + topic + " is not there", "create it again"));
                new ClusterCheck(config).prepare(serdes);
                sent += 200;
                cluster.awaitCommitted(config, sent);
                assertThat(count(config, topic)).isPositive();
            }
            MillraceStreams.stop(training, Duration.ofSeconds(20));
        }
    }

    @Test
    void shouldAnswerWhenPredictionsCanBeWrittenAgainAndStopWithASentenceWhenWeightsCannotBeRead() throws Exception {
        MillraceConfig config = prepared("answers");
        String predictions = config.topics().predictions();
        try (KafkaStreams training = MillraceStreams.training(config, serdes)) {
            training.start();
            cluster.sendExamples(config, serdes, 0, 100);
            cluster.awaitCommitted(config, 100);
            MillraceStreams.stop(training, Duration.ofSeconds(20));
        }
        try (KafkaStreams serving = MillraceStreams.serving(config, serdes)) {
            serving.start();
            sendGarbage(config, config.topics().features());
            Cluster.await("an answer", () -> count(config, predictions) == 1);
            delete(config, predictions);
            sendGarbage(config, config.topics().features());
            Thread.sleep(3000); // Kafka's own log names the topic, and the task tries again
            new ClusterCheck(config).prepare(serdes);
            Cluster.await("an answer after", () -> count(config, predictions) > 0);

            delete(config, config.topics().modelSnapshots());
            new ClusterCheck(config).prepare(serdes);
            Cluster.await("a stop", () -> serving.state() == KafkaStreams.State.ERROR);
            assertThat(said("Stopping: The topic of [" + config.topics().modelSnapshots() + "-0] was deleted"))
                    .isTrue();
        }
    }

    @Test
    void shouldSayThatTheExamplesWereDeleted() throws Exception {
        MillraceConfig config = prepared("examples");
        try (KafkaStreams training = MillraceStreams.training(config, serdes)) {
            training.start();
            cluster.sendExamples(config, serdes, 0, 100);
            cluster.awaitCommitted(config, 100);
            delete(config, config.topics().examples());
            Cluster.await("a stop", () -> training.state() == KafkaStreams.State.ERROR);
            assertThat(said("Stopping: The topic examples.examples was deleted while it was read", "start again"))
                    .isTrue();
        }
    }
}
