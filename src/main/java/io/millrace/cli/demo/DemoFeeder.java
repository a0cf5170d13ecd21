package io.millrace.cli.demo;

import io.millrace.cli.command.Clients;
import io.millrace.cli.command.RateLimiter;
import io.millrace.cli.console.FailedException;
import io.millrace.cli.csv.LabelledRow;
import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.cluster.CommittedRecords;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends a demo's stream to its topics: each row as an example, and a share of the rows as requests, too. Row i goes to
 * partition i modulo the number of partitions, with a fixed event time, so the stream is the same each time. Continues
 * where an earlier feeder was stopped, according to the content of the topics.
 */
final class DemoFeeder {
    private static final long FIRST_EVENT_MS =
            Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
    private static final int EVENT_STEP_MS = 1;

    private final MillraceConfig config;
    private final AvroSerdes serdes;
    private final DemoStream stream;
    private final Double rate;
    private final RequestShare share;
    private final AtomicReference<Exception> failure = new AtomicReference<>();

    /**
     * @param rate rows a second; null for no limit
     * @param share the rows that are also sent as requests
     */
    DemoFeeder(MillraceConfig config, AvroSerdes serdes, DemoStream stream, Double rate, RequestShare share) {
        this.config = config;
        this.serdes = serdes;
        this.stream = stream;
        this.rate = rate;
        this.share = share;
    }

    /** Number of requests among all rows of the stream. */
    long requests() {
        return share.among(stream.total());
    }

    /** Sends the examples that are not in their topic yet, and returns when the broker has all of them. */
    void feedExamples() {
        RowEncoder encoder = RowEncoder.of(config, serdes, stream);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(Clients.producer(config), new ByteArraySerializer(), new ByteArraySerializer())) {
            Sink sink = new Sink(producer, config.topics().examples(), new RateLimiter(rate));
            eachRow((row, labelled) -> sink.send(row, row, () -> encoder.example(labelled), labelled.headers()));
            producer.flush();
        }
        requireDelivered();
    }

    /** Sends the requests that are not in their topic yet, and returns when the broker has all of them. */
    void feedRequests() {
        if (requests() == 0) {
            return;
        }
        RowEncoder encoder = RowEncoder.of(config, serdes, stream);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Clients.promptProducer(config), new ByteArraySerializer(), new ByteArraySerializer())) {
            RateLimiter limiter = new RateLimiter(rate == null ? null : rate * share.value());
            Sink sink = new Sink(producer, config.topics().features(), limiter);
            eachRow((row, labelled) -> {
                if (share.includes(row)) {
                    sink.send(share.among(row), row, () -> encoder.request(labelled), labelled.headers());
                }
            });
            producer.flush();
        }
        requireDelivered();
    }

    private void eachRow(BiConsumer<Long, LabelledRow> action) {
        long row = 0;
        for (LabelledRow labelled : stream.rows().get()) {
            if (Thread.currentThread().isInterrupted() || failure.get() != null) {
                return;
            }
            action.accept(row++, labelled);
        }
    }

    private void requireDelivered() {
        if (failure.get() != null) {
            throw new FailedException(
                    "The broker did not take a record: " + failure.get().getMessage(), failure.get());
        }
    }

    /** A topic that receives each record once, round robin over its partitions. */
    private final class Sink {
        private final KafkaProducer<byte[], byte[]> producer;
        private final String topic;
        private final RateLimiter limiter;
        private final List<Long> written; // rows of the stream in each partition when this feeder began

        Sink(KafkaProducer<byte[], byte[]> producer, String topic, RateLimiter limiter) {
            this.producer = producer;
            this.topic = topic;
            this.limiter = limiter;
            written = written(topic);
        }

        void send(long number, long row, Supplier<byte[]> value, Headers headers) {
            int partition = (int) (number % written.size());
            if (number / written.size() >= written.get(partition)) {
                limiter.await();
                long timestamp = FIRST_EVENT_MS + row * EVENT_STEP_MS;
                producer.send(
                        new ProducerRecord<>(topic, partition, timestamp, null, value.get(), headers),
                        (metadata, fault) -> {
                            if (fault != null) {
                                failure.compareAndSet(null, fault);
                            }
                        });
            }
        }
    }

    /**
     * Number of this stream's records in each partition, recognised by their event times: other clients may have
     * written to the topic.
     */
    private List<Long> written(String topic) {
        long end = FIRST_EVENT_MS + stream.total() * EVENT_STEP_MS;
        Map<Integer, Long> written = new HashMap<>();
        try (CommittedRecords records = new CommittedRecords(config, topic)) {
            records.forEach(record -> {
                if (record.timestamp() >= FIRST_EVENT_MS && record.timestamp() < end) {
                    written.merge(record.partition(), 1L, Long::sum);
                }
            });
            return IntStream.range(0, records.partitions())
                    .mapToObj(partition -> written.getOrDefault(partition, 0L))
                    .toList();
        }
    }
}
