package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cluster.Cluster;
import io.millrace.cluster.DeclaredRecords;
import io.millrace.cluster.SharedCluster;
import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.Application;
import io.millrace.topology.startup.ClusterCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code millrace verify --sources}: what it says about a log whose records are not the examples. They are {@link DeclaredRecords}. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class SourceCheckTest {
    private static final int EXAMPLES = 300;

    private static Cluster cluster;
    private static AvroSerdes serdes;
    private static MillraceConfig config;
    private static List<ConsumerRecord<byte[], byte[]>> log;

    @BeforeAll
    static void learn(Cluster shared) {
        cluster = shared;
        serdes = cluster.serdes();
        config = MillraceConfig.of(cluster.settings("sourced", DeclaredRecords.settings("topics.partitions", "3")));
        ClusterCheck check = ClusterCheck.forTraining(config);
        check.prepareTopics(serdes);
        cluster.sendExamples(config, serdes, 0, EXAMPLES);
        MillraceConfig scoped = check.scoped();
        Application training = Application.training(scoped, serdes);
        training.start();
        Cluster.await("the copies", () -> log().size() == EXAMPLES);
        log = log();
        cluster.awaitCommitted(scoped, log.get(EXAMPLES - 1).offset() + 1);
        training.stop(Duration.ofSeconds(20));
    }

    private static List<ConsumerRecord<byte[], byte[]>> log() {
        return cluster.read(config, config.topics().learningLog(), new ByteArrayDeserializer());
    }

    private static Invocation verify(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "verify",
                "--bootstrap-server",
                cluster.broker().bootstrapServers(),
                "--schema-registry",
                cluster.registry().url(),
                "--topics-prefix",
                "sourced.",
                "--sources"));
        arguments.addAll(List.of(more));
        return Invocation.of(arguments.toArray(String[]::new));
    }

    /** Writes other records as a log of this name, and checks that one. */
    private static Invocation verifyForged(String name, List<ConsumerRecord<byte[], byte[]>> records) {
        MillraceConfig forged = MillraceConfig.of(cluster.settings(
                "sourced", DeclaredRecords.settings("topics.partitions", "3", "topics.learning.log", name)));
        ClusterCheck.forTraining(forged).scoped(); // creates the topic
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(forged.client(), new ByteArraySerializer(), new ByteArraySerializer())) {
            records.forEach(each -> producer.send(new ProducerRecord<>(
                    forged.topics().learningLog(), 0, null, each.key(), each.value(), each.headers())));
        }
        return verify("--set", "topics.learning.log=" + name);
    }

    private static ConsumerRecord<byte[], byte[]> withValue(ConsumerRecord<byte[], byte[]> copy, byte[] value) {
        ConsumerRecord<byte[], byte[]> other =
                new ConsumerRecord<>(copy.topic(), copy.partition(), copy.offset(), copy.key(), value);
        new RecordHeaders(copy.headers()).forEach(other.headers()::add);
        return other;
    }

    @Test
    void shouldProveThatTheLogHoldsTheExamples() {
        Invocation result = verify();
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out())
                .contains("partition 0: version")
                .contains("sources: sourced.learning-log: 300 records, 300 of them are byte for byte the records of"
                        + " sourced.examples that they name");
    }

    @Test
    void shouldNameAnAlteredRecord() {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(log);
        byte[] altered = records.get(100).value().clone();
        altered[altered.length - 1]++;
        records.set(100, withValue(records.get(100), altered));
        Invocation result = verifyForged("altered-log", records);
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out())
                .contains("sources: the record at offset 100 of sourced.altered-log says that it is"
                        + " sourced.examples-1@33, but has another value")
                .contains("NOT VERIFIED");
    }

    @Test
    void shouldNameARecordThatWasNeverCopiedAndOneThatWasCopiedTwice() {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(log);
        records.remove(30);
        records.add(200, records.get(50));
        Invocation result = verifyForged("incomplete-log", records);
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out())
                .contains("sources: sourced.examples-0@10 was never copied")
                .contains("sources: the record at offset 200 of sourced.incomplete-log says that it is"
                        + " sourced.examples-0@17, which is copied already, or out of order");
    }

    @Test
    void shouldNameARecordWithoutASource() {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(log);
        records.add(7, new ConsumerRecord<>("", 0, 0, null, new byte[] {1}));
        assertThat(verifyForged("foreign-log", records).out())
                .contains("sources: the record at offset 7 of sourced.foreign-log does not name a source");
    }
}
