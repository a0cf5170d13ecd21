package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.avro.Example;
import io.millrace.config.MillraceConfig;
import io.millrace.metrics.Prometheus;
import io.millrace.records.FloatVector;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The labels of a stream are flipped while {@code run} learns it: the page that is open and the alert of a real Prometheus, both with their
 * defaults, tell it within a minute. Takes about a minute and a half.
 */
@Tag("cluster")
@Tag("crash")
@Tag("visible")
@ExtendWith(SharedCluster.class)
class FlippedStreamTest {
    private static final int RATE = 500; // examples a second
    private static final int BEFORE = 20_000;
    private static final int FLIPPED = 20_000;
    private static final double WITHIN_SECONDS = 60;
    private static final long NEVER = Long.MAX_VALUE;

    @TempDir
    Path directory;

    private final Random random = new Random(7);
    private volatile long sent;
    private volatile long flippedAt = NEVER; // ns
    private final AtomicLong marked = new AtomicLong(NEVER); // ns: when the page received the mark
    private final StringBuffer mark = new StringBuffer();

    private Example example() {
        float[] x = {random.nextFloat(), random.nextFloat()};
        boolean wrong = random.nextInt(10) == 0;
        boolean one = x[0] + x[1] > 1 != wrong;
        return new Example(new FloatVector(x), one != (sent >= BEFORE) ? "yes" : "no", 1f);
    }

    private void produce(MillraceConfig config, Cluster cluster) {
        try (KafkaProducer<byte[], Example> producer = new KafkaProducer<>(
                config.client(),
                new ByteArraySerializer(),
                cluster.serdes().valueSerde(Example.class).serializer())) {
            long start = System.nanoTime();
            while (sent < BEFORE + FLIPPED) {
                if (sent == BEFORE) {
                    flippedAt = System.nanoTime();
                }
                producer.send(new ProducerRecord<>(config.topics().examples(), example()));
                sent++;
                TimeUnit.NANOSECONDS.sleep(start + sent * TimeUnit.SECONDS.toNanos(1) / RATE - System.nanoTime());
            }
        } catch (InterruptedException e) {
            // the test has ended
        }
    }

    /** Looks at the page as a browser does: its events, as they come. */
    private void look(int port) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/events"))
                .header("Accept", "text/event-stream")
                .build();
        try (Stream<String> lines =
                HttpClient.newHttpClient().send(request, BodyHandlers.ofLines()).body()) {
            lines.filter(line -> line.contains("\"kind\":\"jumped\"")).forEach(line -> {
                if (marked.compareAndSet(NEVER, System.nanoTime())) {
                    mark.append(line);
                }
            });
        } catch (UncheckedIOException | java.io.IOException | InterruptedException e) {
            // the application was stopped
        }
    }

    @Test
    @Timeout(value = 4, unit = TimeUnit.MINUTES)
    void thePageAndTheAlertShouldTellItWithinAMinute(Cluster cluster) throws Exception {
        Prometheus.assumeInstalled();
        var settings = cluster.settings("flipped", "model.kind", "ensemble", "http.port", "0");
        settings.remove("train.commit.interval.ms");
        MillraceConfig config = MillraceConfig.of(settings);
        try (ChildApplication run = ChildApplication.run(directory, settings, "run")) {
            run.awaitOutput("train: REBALANCING -> RUNNING");
            Matcher port =
                    Pattern.compile("HTTP at 127\\.0\\.0\\.1, port (\\d+)").matcher(run.output());
            assertThat(port.find()).as(run.output()).isTrue();
            int http = Integer.parseInt(port.group(1));
            try (Prometheus prometheus = Prometheus.start(directory, http)) {
                daemon(() -> look(http));
                daemon(() -> produce(config, cluster));
                awaitLong("the stream before the flip", () -> flippedAt != NEVER);
                assertThat(prometheus.scrapes()).isTrue();
                assertThat(prometheus.firing()).isEmpty();
                assertThat(marked).as(mark.toString()).hasValue(NEVER);

                awaitLong("the alert", () -> prometheus.firing().contains("MillraceLossJumped"));
                double alert = (System.nanoTime() - flippedAt) / 1e9;
                awaitLong("the mark", () -> marked.get() != NEVER);
                double page = (marked.get() - flippedAt) / 1e9;

                System.out.printf(
                        Locale.ROOT,
                        "Labels flipped at %,d examples, %d a second: mark on the page after %.1f s, alert after %.1f s%n",
                        BEFORE,
                        RATE,
                        page,
                        alert);
                assertThat(List.of(page, alert)).allMatch(seconds -> seconds > 0 && seconds < WITHIN_SECONDS);
                Matcher at = Pattern.compile("\"examples\":(\\d+),\"kind\":\"jumped\"")
                        .matcher(mark);
                assertThat(at.find()).as(mark.toString()).isTrue();
                assertThat(Long.parseLong(at.group(1))).isBetween(BEFORE + 1L, BEFORE + 3_000L);
            }
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        thread.start();
    }

    private static void awaitLong(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited in vain for %s", what).isLessThan(deadline);
            Thread.sleep(100);
        }
    }
}
