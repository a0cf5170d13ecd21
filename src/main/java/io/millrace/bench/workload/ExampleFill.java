package io.millrace.bench.workload;

import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Fills the topic of examples, from a seed. Records have no keys. */
public final class ExampleFill {
    private static final long SEED = 20260101;
    /** Approximate overhead of a record in a Kafka batch. */
    private static final int RECORD_OVERHEAD_BYTES = 12;

    private final MillraceConfig config;
    private final Workload workload;
    private final BenchRecords records;
    private final SplittableRandom random = new SplittableRandom(SEED);

    /** @param config names the topic */
    public ExampleFill(MillraceConfig config, Workload workload, AvroSerdes serdes) {
        this.config = config;
        this.workload = workload;
        records = workload.records(config, serdes);
    }

    /** @return bytes of an example's value on the wire */
    public int exampleBytes() {
        return records.example(new SplittableRandom(SEED)).length;
    }

    /** @return approximate bytes of all examples on the disk of a broker */
    public long totalBytes() {
        return workload.examples() * (exampleBytes() + RECORD_OVERHEAD_BYTES);
    }

    /**
     * Writes all examples.
     *
     * @return examples written a second
     */
    public double run() {
        return write(workload.examples());
    }

    /**
     * Writes the next examples.
     *
     * @return examples written a second
     */
    public double write(long count) {
        Map<String, Object> settings = config.client();
        settings.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, "20");
        settings.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, String.valueOf(256 * 1024));
        AtomicReference<Exception> failure = new AtomicReference<>();
        long start = System.nanoTime();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            String topic = config.topics().examples();
            for (long i = 0; i < count && failure.get() == null; i++) {
                producer.send(new ProducerRecord<>(topic, records.example(random)), (metadata, fault) -> {
                    if (fault != null) {
                        failure.compareAndSet(null, fault);
                    }
                });
            }
            producer.flush();
        }
        if (failure.get() != null) {
            throw new BenchException(
                    "The examples could not be written: " + failure.get().getMessage() + ".", failure.get());
        }
        return count / ((System.nanoTime() - start) / 1e9);
    }
}
