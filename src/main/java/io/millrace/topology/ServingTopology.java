package io.millrace.topology;

import io.millrace.avro.Prediction;
import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import io.millrace.config.Topics;
import io.millrace.input.Input;
import io.millrace.input.Inputs;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.cluster.OutputTopic;
import io.millrace.topology.record.AnswerEvent;
import io.millrace.topology.record.EventTime;
import io.millrace.topology.record.Events;
import io.millrace.topology.record.ServingEvent;
import io.millrace.topology.serving.LiveModel;
import io.millrace.topology.serving.PredictProcessor;
import io.millrace.topology.serving.SnapshotReceiver;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.state.Stores;

/**
 * Answers requests with the newest weights, on every instance:
 *
 * <pre>
 * model-snapshots -> receive-snapshots (global store)
 * features -> predict -> predictions
 *                   \-> dead-letters
 * </pre>
 */
public final class ServingTopology {
    static final String SNAPSHOTS = "snapshots";

    private ServingTopology() {}

    /**
     * Builds the topology. To answer within milliseconds, run it with at_least_once and without linger. Its global consumer must read
     * committed records only.
     *
     * @param config which model, and where requests and answers go
     * @param serdes Avro serdes on the configured registry
     * @return the topology; each call creates one with its own live model. An answer has the timestamp of its request, whatever that is
     */
    public static Topology build(MillraceConfig config, AvroSerdes serdes) {
        return build(
                config,
                serdes,
                new LiveModel(config.modelName()),
                Inputs.of(config, serdes),
                OutputTopic.any(),
                OutputTopic.any());
    }

    /**
     * @param liveModel receives the versions and answers
     * @param input kind of records that hold the requests
     * @param answers topic of the answers
     * @param letters topic of the dead letters
     */
    static Topology build(
            MillraceConfig config,
            AvroSerdes serdes,
            LiveModel liveModel,
            Input input,
            OutputTopic answers,
            OutputTopic letters) {
        Topics topics = config.topics();
        StreamsBuilder builder =
                new StreamsBuilder(new TopologyConfig(new StreamsConfig(StreamsProperties.serving(config))));

        builder.addGlobalStore(
                Stores.keyValueStoreBuilder(
                                Stores.inMemoryKeyValueStore(SNAPSHOTS), Serdes.ByteArray(), Serdes.ByteArray())
                        .withLoggingDisabled(),
                topics.modelSnapshots(),
                Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()).withName("model-snapshots"),
                () -> new SnapshotReceiver(liveModel, config, serdes));

        KStream<byte[], ServingEvent> events = builder.stream(
                        topics.features(),
                        Consumed.with(Serdes.ByteArray(), Serdes.ByteArray())
                                .withTimestampExtractor(new EventTime())
                                .withName("features"))
                .processValues(
                        () -> new PredictProcessor(liveModel, config, input, answers, letters), Named.as("predict"));

        Events.only(events, AnswerEvent.class, AnswerEvent::record, "answers")
                .to(
                        topics.predictions(),
                        Produced.with(Serdes.ByteArray(), serdes.valueSerde(Prediction.class))
                                .withName("predictions"));

        Events.writeDeadLetters(events, "bad-requests", topics.deadLetters());

        return builder.build();
    }
}
