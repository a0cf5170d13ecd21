package io.millrace.bench;

import io.millrace.avro.Example;
import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.processor.UsePartitionTimeOnInvalidTimestamp;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/**
 * The minimum that Kafka Streams can do with an example: read, deserialize and count it. Training is compared with
 * this.
 */
final class EmptyTopology {
    private EmptyTopology() {}

    static Topology build(MillraceConfig config, AvroSerdes serdes) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(
                        config.topics().examples(),
                        Consumed.with(Serdes.ByteArray(), serdes.valueSerde(Example.class))
                                .withTimestampExtractor(new UsePartitionTimeOnInvalidTimestamp())
                                .withName("examples"))
                .process(Counter::new, Named.as("count"));
        return builder.build();
    }

    private static final class Counter extends ContextualProcessor<byte[], Example, Void, Void> {
        private long count;

        @Override
        public void process(Record<byte[], Example> record) {
            count++;
        }
    }
}
