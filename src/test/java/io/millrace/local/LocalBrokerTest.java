package io.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("cluster")
@Timeout(60)
class LocalBrokerTest {
    private static final String TOPIC = "words";

    @TempDir
    private Path directory;

    @Test
    void shouldServeTransactionsAndGroupsAndKeepThemOverARestart() throws Exception {
        String address;
        try (LocalBroker broker = LocalBroker.start(directory, 0, Map.of("num.io.threads", "2"))) {
            address = broker.bootstrapServers();
            assertThat(address).startsWith("127.0.0.1:");
            assertThat(broker.directory()).isAbsolute();
            createTopic(address);
            writeInTransaction(address, "one", "two");
            assertThat(readInGroup(address, 2)).containsExactly("one", "two");
            broker.close(); // once more at the end of the block: does nothing
        }
        int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
        try (LocalBroker again = LocalBroker.start(directory, port, Map.of())) {
            assertThat(again.bootstrapServers()).isEqualTo(address);
            writeInTransaction(address, "three");
            assertThat(readInGroup(address, 1))
                    .as("the group goes on where it was")
                    .containsExactly("three");
        }
    }

    @Test
    void shouldKeepCommittedRecordsWhenItsJvmIsKilled() throws Exception {
        Process killed = startJvm();
        String address;
        try {
            address = awaitAddress(killed);
            createTopic(address);
            writeInTransaction(address, "one", "two");
        } finally {
            killed.destroyForcibly().waitFor();
        }
        long start = System.nanoTime();
        try (LocalBroker again = LocalBroker.start(directory, 0, Map.of())) {
            long millis = (System.nanoTime() - start) / 1_000_000;
            assertThat(millis).as("ms to start after a kill").isLessThan(15_000);
            assertThat(again.bootstrapServers())
                    .as("the port it had, since it is free")
                    .isEqualTo(address);
            writeInTransaction(address, "three");
            assertThat(readInGroup(address, 3)).containsExactly("one", "two", "three");
        }
    }

    @Test
    void shouldEndItsOwnJvmWhenStandardInputCloses() throws Exception {
        Process jvm = startJvm();
        try {
            awaitAddress(jvm);
            jvm.getOutputStream().close();
            assertThat(jvm.waitFor(20, TimeUnit.SECONDS)).as("ended").isTrue();
            assertThat(jvm.exitValue()).isZero();
        } finally {
            jvm.destroyForcibly();
        }
    }

    @Test
    void shouldRefuseATakenPortADirectoryInUseAndSettingsOfItsOwn() {
        try (LocalBroker broker = LocalBroker.start(directory, 0, Map.of())) {
            String address = broker.bootstrapServers();
            int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));

            assertThatThrownBy(() -> LocalBroker.start(directory.resolve("other"), port, Map.of()))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("port " + port)
                    .hasMessageContaining("ask for port 0");
            assertThatThrownBy(() -> LocalBroker.start(directory, 0, Map.of()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(directory.getFileName().toString())
                    .hasMessageContaining("another local broker runs on");
            assertThatThrownBy(() -> LocalBroker.start(directory.resolve("other"), 0, Map.of("listeners", "x")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("\"listeners\" cannot be overridden");
        }
    }

    @Test
    void shouldEndItsOwnJvmOnSigterm() throws Exception {
        Process jvm = startJvm();
        awaitAddress(jvm);
        jvm.destroy();
        assertThat(jvm.waitFor(20, TimeUnit.SECONDS)).as("ended").isTrue();
    }

    private Process startJvm() throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        LocalBroker.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String awaitAddress(Process jvm) throws Exception {
        String line =
                new BufferedReader(new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8)).readLine();
        assertThat(line).as("first line on standard output").startsWith("bootstrap.servers=127.0.0.1:");
        return line.substring(line.indexOf('=') + 1);
    }

    private static void createTopic(String address) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
        }
    }

    private static void writeInTransaction(String address, String... words) {
        Map<String, Object> config = Map.of("bootstrap.servers", address, "transactional.id", "writer");
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            for (String word : words) {
                producer.send(new ProducerRecord<>(TOPIC, word));
            }
            producer.commitTransaction();
        }
    }

    private static List<String> readInGroup(String address, int count) {
        Map<String, Object> config = Map.of(
                "bootstrap.servers", address,
                "group.id", "readers",
                "auto.offset.reset", "earliest",
                "enable.auto.commit", "false",
                "isolation.level", "read_committed");
        List<String> words = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(TOPIC));
            while (words.size() < count) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    words.add(record.value());
                }
            }
            consumer.commitSync();
        }
        return words;
    }
}
