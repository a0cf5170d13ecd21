package io.millrace.bench.pass;

import io.millrace.avro.Example;
import io.millrace.bench.workload.BenchException;
import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import io.millrace.records.AvroSerdes;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.processor.UsePartitionTimeOnInvalidTimestamp;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/**
 * The minimum that Kafka Streams can do with an example: read and count it, and deserialize it if it is an {@code Example}. Records with
 * fields of their own stay bytes, because a team would choose its own deserializer. Training is compared with this.
 */
public final class EmptyTopology {
    private EmptyTopology() {}

    /**
     * Times it over the examples.
     *
     * @param config of the pass
     * @param all whether the topic holds no other records
     * @return records a second
     * @throws BenchException when it fails or makes no progress
     */
    public static double time(MillraceConfig config, AvroSerdes serdes, long records, boolean all) {
        KafkaStreams streams = new KafkaStreams(build(config, serdes), StreamsProperties.training(config));
        return new StreamsPass("The empty topology", streams, config).run(records, all);
    }

    private static Topology build(MillraceConfig config, AvroSerdes serdes) {
        return config.learner().declaration() == null
                ? counting(config, serdes.valueSerde(Example.class))
                : counting(config, Serdes.ByteArray());
    }

    private static <V> Topology counting(MillraceConfig config, Serde<V> values) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(
                        config.topics().examples(),
                        Consumed.with(Serdes.ByteArray(), values)
                                .withTimestampExtractor(new UsePartitionTimeOnInvalidTimestamp())
                                .withName("examples"))
                .process(() -> new Counter<V>(), Named.as("count"));
        return builder.build();
    }

    private static final class Counter<V> extends ContextualProcessor<byte[], V, Void, Void> {
        private long count;

        @Override
        public void process(Record<byte[], V> record) {
            count++;
        }
    }
}
