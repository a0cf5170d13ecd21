package io.millrace.cli.demo;

import io.millrace.cli.command.Clients;
import io.millrace.cli.console.FailedException;
import io.millrace.cli.csv.LabelledRow;
import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.cluster.CommittedRecords;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
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
    private final MillraceConfig config;
    private final AvroSerdes serdes;
    private final DemoStream stream;
    private final Pace pace;
    private final RequestShare share;
    private volatile boolean stopped;
    private final AtomicReference<Exception> failure = new AtomicReference<>();

    /**
     * @param share the rows that are also sent as requests
     */
    DemoFeeder(MillraceConfig config, AvroSerdes serdes, DemoStream stream, Pace pace, RequestShare share) {
        this.config = config;
        this.serdes = serdes;
        this.stream = stream;
        this.pace = pace;
        this.share = share;
    }

    Pace pace() {
        return pace;
    }

    RequestShare share() {
        return share;
    }

    /** Number of requests among all rows of the stream. */
    long requests() {
        return share.among(stream.total());
    }

    /**
     * Sends the records that are not in their topics yet, and returns when the broker has all of them. A row goes out as a request first,
     * then as an example, because a user asks before the label is known.
     */
    void feed() {
        RowEncoder encoder = RowEncoder.of(config, serdes, stream);
        try (KafkaProducer<byte[], byte[]> batching = producer(Clients.producer(config));
                KafkaProducer<byte[], byte[]> prompt = producer(Clients.promptProducer(config))) {
            Sink examples = new Sink(batching, config.topics().examples());
            Sink requests = new Sink(prompt, config.topics().features());
            long row = 0;
            for (LabelledRow labelled : stream.rows().get()) {
                if (stopped || failure.get() != null) {
                    break;
                }
                boolean asks = share.includes(row) && requests.lacks(share.among(row));
                boolean teaches = examples.lacks(row);
                if (asks || teaches) {
                    pace.await(row);
                }
                if (asks) {
                    requests.send(share.among(row), row, encoder.request(labelled), labelled.headers());
                }
                if (teaches) {
                    examples.send(row, row, encoder.example(labelled), labelled.headers());
                }
                row++;
            }
            prompt.flush();
            batching.flush();
        }
        requireDelivered();
    }

    /** Ends {@link #feed} before all is sent. */
    void stop() {
        stopped = true;
        pace.learned(Long.MAX_VALUE);
    }

    private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> settings) {
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
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
        /** Rows of the stream in each partition when this feeder began; null until it is needed. */
        private List<Long> written;

        Sink(KafkaProducer<byte[], byte[]> producer, String topic) {
            this.producer = producer;
            this.topic = topic;
        }

        /** Whether the record with this number is not in the topic yet. */
        boolean lacks(long number) {
            if (written == null) {
                written = written(topic);
            }
            return number / written.size() >= written.get((int) (number % written.size()));
        }

        void send(long number, long row, byte[] value, Headers headers) {
            int partition = (int) (number % written.size());
            long time = stream.eventTime(row);
            producer.send(new ProducerRecord<>(topic, partition, time, null, value, headers), (metadata, fault) -> {
                if (fault != null) {
                    failure.compareAndSet(null, fault);
                }
            });
        }
    }

    /**
     * Number of this stream's records in each partition, recognised by their event times: other clients may have
     * written to the topic.
     */
    private List<Long> written(String topic) {
        Map<Integer, Long> written = new HashMap<>();
        try (CommittedRecords records = new CommittedRecords(config, topic)) {
            records.forEach(record -> {
                if (stream.row(record.timestamp()) >= 0) {
                    written.merge(record.partition(), 1L, Long::sum);
                }
            });
            return IntStream.range(0, records.partitions())
                    .mapToObj(partition -> written.getOrDefault(partition, 0L))
                    .toList();
        }
    }
}
