package io.millrace.bench;

import io.millrace.avro.Example;
import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.records.FloatVector;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Fills the topic of examples. Features are uniform in [-1, 1), from a seed; records have no keys. The class is the
 * index of the largest of the first features, as many as there are classes.
 */
final class ExampleFill {
    private static final long SEED = 20260101;
    /** Approximate overhead of a record in a Kafka batch. */
    private static final int RECORD_OVERHEAD_BYTES = 12;

    private final MillraceConfig config;
    private final Workload workload;
    private final Serializer<Example> serializer;
    private final SplittableRandom random = new SplittableRandom(SEED);

    ExampleFill(MillraceConfig config, Workload workload, AvroSerdes serdes) {
        this.config = config;
        this.workload = workload;
        serializer = serdes.valueSerde(Example.class).serializer();
    }

    /** @return bytes of an example's value on the wire */
    int exampleBytes() {
        Example like = new Example(new FloatVector(new float[workload.features()]), 0, 1f);
        return serializer.serialize(config.topics().examples(), like).length;
    }

    /** @return approximate bytes of all examples on the disk of a broker */
    long totalBytes() {
        return workload.examples() * (exampleBytes() + RECORD_OVERHEAD_BYTES);
    }

    /**
     * Writes all examples.
     *
     * @return examples written a second
     */
    double run() {
        Map<String, Object> settings = config.client();
        settings.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, "20");
        settings.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, String.valueOf(256 * 1024));
        AtomicReference<Exception> failure = new AtomicReference<>();
        long start = System.nanoTime();
        try (KafkaProducer<byte[], Example> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), serializer)) {
            String topic = config.topics().examples();
            for (long i = 0; i < workload.examples() && failure.get() == null; i++) {
                producer.send(new ProducerRecord<>(topic, next()), (metadata, fault) -> {
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
        return workload.examples() / ((System.nanoTime() - start) / 1e9);
    }

    private Example next() {
        float[] features = new float[workload.features()];
        for (int i = 0; i < features.length; i++) {
            features[i] = (float) (random.nextDouble() * 2 - 1);
        }
        int label = 0;
        for (int i = 1; i < Math.min(workload.outputs(), features.length); i++) {
            label = features[i] > features[label] ? i : label;
        }
        return new Example(new FloatVector(features), label, 1f);
    }
}
