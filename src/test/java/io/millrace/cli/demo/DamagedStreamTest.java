package io.millrace.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.cli.Invocation;
import io.millrace.cluster.Cluster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A demo on a damaged file, and beside a producer that sends garbage: what is learned and what is refused is what was sent. */
@Tag("cluster")
class DamagedStreamTest {
    private static final int ROWS = 6000;
    private static final int EVERY = 100; // of so many rows one is damaged

    /** Rows of a,b,c,class that are none, each of its kind. */
    private static final List<String> DAMAGE = List.of(
            "1,2,no", // too few columns
            "1,2,3,4,yes", // too many
            "1,two,3,yes", // a text for a number
            "1,half,3,no", // another text
            "1,two,x,no",
            "1,-inf,3,no",
            "1,2,3,perhaps", // an unknown class
            "1,2,1e30,yes", // far beyond what came before
            "1,2,3,\"yes", // a quote that is not closed
            "1,2,3,\u00c3\u00bc\u00e9", // a letter in UTF-8 and one in Latin-1
            "1,\u00002,3,no", // NUL
            "1,2,3,", // no label
            "1,2,3," + "x".repeat(3_000_000)); // more than a record takes

    @TempDir
    Path directory;

    private Path csv() throws IOException {
        Random random = new Random(1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes("a,b,c,class\n".getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < ROWS; i++) {
            float a = random.nextFloat();
            float b = random.nextFloat();
            String row = i % EVERY == EVERY - 1
                    ? DAMAGE.get(i / EVERY % DAMAGE.size())
                    : a + "," + b + "," + random.nextFloat() + "," + (a > b ? "yes" : "no");
            out.writeBytes((row + "\n").getBytes(StandardCharsets.ISO_8859_1));
        }
        return Files.write(directory.resolve("damaged.csv"), out.toByteArray());
    }

    private JsonNode report() throws IOException {
        return new ObjectMapper().readTree(directory.resolve("report.json").toFile());
    }

    @Test
    void shouldLearnTheOthersAndTellOfEachDamagedRow() throws Exception {
        Invocation demo = Invocation.of(
                "demo",
                "--csv=" + csv(),
                "--set=model.classes=no,yes",
                "--set=batch.size=1",
                "--report=" + directory.resolve("report.json"));

        assertThat(demo.exitCode()).as(demo.err()).isZero();
        int damaged = ROWS / EVERY;
        assertThat(report().get("sent").asLong()).isEqualTo(ROWS);
        assertThat(report().get("deadLetters").asLong()).isEqualTo(damaged);
        assertThat(report().get("examples").asLong()).isEqualTo(ROWS - damaged);
        assertThat(report().get("predictions").asLong()).isEqualTo(ROWS / 10);
        long told = 0;
        for (JsonNode count : report().get("deadLetterReasons")) {
            told += count.asLong();
        }
        assertThat(told).isEqualTo(damaged);
        assertThat(demo.out())
                .contains(
                        damaged + " bad ones in the dead letters",
                        ROWS - damaged + " learned + " + damaged + " dead letters = " + ROWS + " sent",
                        "3 columns instead of 4 (first: line 101)",
                        "20  column \"b\" holds \"two\", which is not a finite number (first: line 301)",
                        "unknown class \"perhaps\", known are no,yes (first: line 701)",
                        "a feature has the magnitude 1.0E30, and the largest so far 1.0 (first: line 801)",
                        "a quote is opened and not closed (first: line 901)",
                        "the line holds bytes that are not UTF-8 (first: line 1001)",
                        "the line holds the control character U+0000 (first: line 1101)",
                        "the label has 3000000 characters (first: line 1301)");
    }

    @Test
    void shouldFindTheClassesOfADamagedFile() throws Exception {
        Invocation demo =
                Invocation.of("demo", "--csv=" + csv(), "--requests=0", "--report=" + directory.resolve("report.json"));

        assertThat(demo.exitCode()).as(demo.err()).isZero();
        assertThat(demo.out()).contains("= " + ROWS + " sent", "known are no,perhaps,yes");
    }

    @Test
    void shouldLearnBesideAProducerOfGarbage() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            port = free.getLocalPort();
        }
        AtomicLong garbage = new AtomicLong();
        CompletableFuture<Void> producer = CompletableFuture.runAsync(() -> sendGarbage(port, garbage));
        Invocation demo = Invocation.of(
                "demo",
                "--examples=6000",
                "--rate=2000",
                "--requests=0",
                "--port=" + port,
                "--set=batch.size=1",
                "--report=" + directory.resolve("report.json"));
        producer.join();

        assertThat(demo.exitCode()).as(demo.err()).isZero();
        assertThat(garbage.get()).isEqualTo(500);
        assertThat(report().get("examples").asLong()).isEqualTo(6000);
        assertThat(report().get("deadLetters").asLong()).isEqualTo(500);
        assertThat(report().get("sent").asLong()).isEqualTo(6500);
        assertThat(demo.out())
                .contains(
                        "6000 learned + 500 dead letters = 6500 sent, 6000 of them by this demo",
                        "(first: millrace.examples-");
    }

    /** A fifth before the first row is sent, and another one whenever the topic holds {@code next} records, long before the last row. */
    private static void sendGarbage(int port, AtomicLong sent) {
        Map<String, Object> client = Map.of("bootstrap.servers", "localhost:" + port);
        try (Admin admin = Admin.create(client)) {
            Cluster.await("the topic", () -> records(admin) >= 0);
            Random random = new Random(2);
            try (KafkaProducer<byte[], byte[]> producer =
                    new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
                for (int next = 0; next < 2500; next += 500) {
                    int records = next;
                    Cluster.await(records + " records", () -> records(admin) >= records);
                    for (int i = 0; i < 100; i++) {
                        producer.send(new ProducerRecord<>("millrace.examples", garbage(random, i)), (metadata, e) -> {
                            if (e == null) {
                                sent.incrementAndGet();
                            }
                        });
                    }
                    producer.flush();
                }
            }
        }
    }

    private static byte[] garbage(Random random, int i) {
        if (i % 50 == 0) {
            return null;
        }
        byte[] value = new byte[random.nextInt(200)];
        random.nextBytes(value);
        if (value.length > 5 && i % 3 == 0) {
            value[0] = 0;
        }
        return value;
    }

    /** How many records the topic of examples holds; -1 before there are a broker and a topic. */
    private static long records(Admin admin) {
        TopicPartition partition = new TopicPartition("millrace.examples", 0);
        try {
            if (!admin.listTopics().names().get().contains(partition.topic())) {
                return -1;
            }
            return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                    .partitionResult(partition)
                    .get()
                    .offset();
        } catch (ExecutionException e) {
            return -1;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
