package io.millrace.bench.pass;

import io.millrace.avro.Prediction;
import io.millrace.avro.PredictionStatus;
import io.millrace.bench.workload.BenchException;
import io.millrace.bench.workload.BenchRecords;
import io.millrace.bench.workload.Workload;
import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.MillraceStreams;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.KafkaStreams;

/**
 * Sends requests to a serving application at a steady rate. Each latency counts from the time at which the request was
 * due, not from when it was sent, so the delay of a request that had to wait counts in full (Tene, "How not to measure
 * latency": coordinated omission).
 */
public final class ServingPass {
    private static final long SEED = 20260102;
    private static final long START_TIMEOUT_NANOS = Duration.ofSeconds(60).toNanos();
    private static final long ANSWER_TIMEOUT_NANOS = Duration.ofSeconds(30).toNanos();
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    private final MillraceConfig config;
    private final AvroSerdes serdes;
    private final Workload workload;
    private final long[] latencyNanos;
    private final byte[][] answers;
    private double watching = Double.NaN;

    /** @param config of the training pass whose model answers */
    public ServingPass(MillraceConfig config, AvroSerdes serdes, Workload workload) {
        this.config = config;
        this.serdes = serdes;
        this.workload = workload;
        latencyNanos = new long[workload.requests()];
        answers = new byte[workload.requests()][];
    }

    /**
     * @param watched whether somebody looks on
     * @return latencies of all requests except the first quarter
     * @throws BenchException when serving fails or a request gets no valid answer
     */
    public Latencies run(boolean watched) {
        try (KafkaStreams streams = MillraceStreams.serving(config, serdes);
                Onlookers onlookers = watched ? Onlookers.of("serve", streams, config, serdes) : null) {
            streams.start();
            awaitRunning(streams);
            ask();
            if (watched) {
                onlookers.requireLooking();
                watching = onlookers.cpu();
            }
            streams.close(CLOSE_TIMEOUT);
        }
        requireGood();
        return Latencies.ofNanos(Arrays.copyOfRange(latencyNanos, workload.requests() / 4, workload.requests()));
    }

    /** {@return CPU seconds a second that were spent on those who look on; NaN if nobody did} */
    public double watching() {
        return watching;
    }

    private static void awaitRunning(KafkaStreams streams) {
        long deadline = System.nanoTime() + START_TIMEOUT_NANOS;
        while (streams.state() != KafkaStreams.State.RUNNING) {
            if (streams.state() == KafkaStreams.State.ERROR || System.nanoTime() > deadline) {
                throw new BenchException("Serving did not start; it is " + streams.state() + ".");
            }
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }

    private void ask() {
        try (KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(prompt(), new ByteArraySerializer(), new ByteArraySerializer());
                KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                        StreamsProperties.committedReader(config),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            TopicPartition predictions = new TopicPartition(config.topics().predictions(), 0);
            consumer.assign(List.of(predictions));
            consumer.seekToEnd(List.of(predictions));
            consumer.position(predictions); // seeks are lazy: do it before any answer can arrive
            producer.partitionsFor(config.topics().features()); // fetch metadata before the clock starts
            byte[][] requests = requests();
            long start = System.nanoTime() + Duration.ofMillis(10).toNanos();
            Thread sender = new Thread(() -> send(producer, requests, start), "requests");
            sender.setDaemon(true);
            sender.start();
            receive(consumer, start);
        }
    }

    private Map<String, Object> prompt() {
        Map<String, Object> settings = config.client();
        settings.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        return settings;
    }

    private byte[][] requests() {
        SplittableRandom random = new SplittableRandom(SEED);
        BenchRecords records = workload.records(config, serdes);
        byte[][] requests = new byte[workload.requests()][];
        for (int i = 0; i < requests.length; i++) {
            requests[i] = records.request(random);
        }
        return requests;
    }

    private void send(KafkaProducer<byte[], byte[]> producer, byte[][] requests, long start) {
        for (int i = 0; i < requests.length; i++) {
            long due = due(start, i);
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            byte[] key = ByteBuffer.allocate(Integer.BYTES).putInt(i).array();
            producer.send(new ProducerRecord<>(config.topics().features(), key, requests[i]));
        }
    }

    private long due(long start, int request) {
        return start + (long) (request / workload.rate() * 1e9);
    }

    private void receive(KafkaConsumer<byte[], byte[]> consumer, long start) {
        int missing = answers.length;
        long lastDue = due(start, answers.length - 1);
        while (missing > 0) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                int request = ByteBuffer.wrap(record.key()).getInt();
                if (answers[request] == null) { // serving delivers answers at least once
                    latencyNanos[request] = System.nanoTime() - due(start, request);
                    answers[request] = record.value();
                    missing--;
                }
            }
            if (System.nanoTime() - lastDue > ANSWER_TIMEOUT_NANOS) {
                throw new BenchException(missing + " of " + answers.length + " requests had no answer within "
                        + Duration.ofNanos(ANSWER_TIMEOUT_NANOS).toSeconds() + " s.");
            }
        }
    }

    private void requireGood() {
        Deserializer<Prediction> deserializer =
                serdes.valueSerde(Prediction.class).deserializer();
        for (byte[] answer : answers) {
            Prediction prediction = deserializer.deserialize(config.topics().predictions(), answer);
            if (prediction.getStatus() != PredictionStatus.OK) {
                throw new BenchException(
                        "A request was answered " + prediction.getStatus() + ": " + prediction.getReason() + ".");
            }
        }
    }
}
