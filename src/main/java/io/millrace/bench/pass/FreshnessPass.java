package io.millrace.bench.pass;

import io.millrace.avro.Prediction;
import io.millrace.bench.workload.BenchException;
import io.millrace.bench.workload.BenchRecords;
import io.millrace.bench.workload.Workload;
import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.Application;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;

/**
 * Sends examples at irregular times, requests all the time, and measures for each example how long it takes from its acknowledged append to
 * the arrival of the first prediction that has learned it. Training and serving run with their defaults.
 */
public final class FreshnessPass {
    private static final int REQUESTS_FOR_EXAMPLE = 8;
    private static final int LEAST = 8;
    private static final int WARM_UP_ONE_IN = 4;
    private static final long SEED = 20261126;
    private static final int MOST_PAUSE_MS = 150;
    private static final long BETWEEN_REQUESTS = Duration.ofMillis(4).toNanos();
    private static final long STALL_NANOS = Duration.ofSeconds(60).toNanos();
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    private final MillraceConfig config;
    private final AvroSerdes serdes;
    private final Workload workload;
    private final long[] appended; // ns
    private volatile boolean ended;

    /** @param config says what training reads, as {@code ClusterCheck.scoped} decided */
    public FreshnessPass(MillraceConfig config, AvroSerdes serdes, Workload workload) {
        this.config = config;
        this.serdes = serdes;
        this.workload = workload;
        appended = new long[Math.max(LEAST, workload.requests() / REQUESTS_FOR_EXAMPLE)];
    }

    /** @return nanoseconds of each example but the first quarter, the warm-up; there is an example for eight requests of the workload */
    public long[] run() {
        Application training = Application.training(config, serdes);
        Application serving = Application.serving(config, serdes);
        training.start();
        serving.start();
        Map<String, Object> settings = config.client();
        settings.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        try (KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
                KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                        StreamsProperties.committedReader(config),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            awaitRunning(training);
            awaitRunning(serving);
            daemon(() -> send(producer));
            Thread asking = daemon(() -> ask(producer));
            try {
                return Arrays.copyOfRange(learned(consumer), appended.length / WARM_UP_ONE_IN, appended.length);
            } finally {
                ended = true;
                asking.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("Interrupted.", e);
        } finally {
            ended = true;
            serving.stop(CLOSE_TIMEOUT);
            training.stop(CLOSE_TIMEOUT);
        }
    }

    private static void awaitRunning(Application application) {
        long start = System.nanoTime();
        while (application.state() != KafkaStreams.State.RUNNING) {
            if (System.nanoTime() - start > STALL_NANOS) {
                throw new BenchException("An application did not start; it is " + application.state() + ".");
            }
            LockSupport.parkNanos(BETWEEN_REQUESTS);
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "freshness");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void send(KafkaProducer<byte[], byte[]> producer) {
        String topic = config.topics().examples();
        int partitions = producer.partitionsFor(topic).size();
        SplittableRandom random = new SplittableRandom(SEED);
        BenchRecords records = workload.records(config, serdes);
        try {
            for (int i = 0; i < appended.length; i++) {
                Thread.sleep(20 + random.nextInt(MOST_PAUSE_MS));
                byte[] value = records.example(random);
                producer.send(new ProducerRecord<>(topic, i % partitions, null, value))
                        .get();
                synchronized (appended) {
                    appended[i] = System.nanoTime();
                }
            }
        } catch (InterruptedException | ExecutionException e) {
            ended = true; // learned() makes no progress, and says so
        }
    }

    private void ask(KafkaProducer<byte[], byte[]> producer) {
        String topic = config.topics().features();
        byte[] request = workload.records(config, serdes).request(new SplittableRandom(SEED));
        while (!ended) {
            producer.send(new ProducerRecord<>(topic, 0, null, request));
            LockSupport.parkNanos(BETWEEN_REQUESTS);
        }
    }

    private long[] learned(KafkaConsumer<byte[], byte[]> consumer) {
        String topic = config.topics().predictions();
        var answers = serdes.valueSerde(Prediction.class).deserializer();
        consumer.assign(consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList());
        consumer.seekToBeginning(consumer.assignment());
        long[] nanos = new long[appended.length];
        long changed = System.nanoTime();
        for (int known = 0; known < appended.length; ) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                Long version = answers.deserialize(topic, record.value()).getModelVersion();
                long now = System.nanoTime();
                for (; version != null && known < Math.min(version, appended.length); known++) {
                    synchronized (appended) {
                        nanos[known] = Math.max(0, now - appended[known]);
                    }
                    changed = now;
                }
            }
            if (System.nanoTime() - changed > STALL_NANOS) {
                throw new BenchException("Only " + known + " of " + appended.length + " examples are in a prediction.");
            }
        }
        return nanos;
    }
}
