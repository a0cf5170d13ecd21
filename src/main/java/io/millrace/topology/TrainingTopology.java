package io.millrace.topology;

import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSnapshotKey;
import io.millrace.avro.ValidationLoss;
import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import io.millrace.config.Topics;
import io.millrace.input.Input;
import io.millrace.input.Inputs;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.cluster.OutputTopic;
import io.millrace.topology.history.ExamplesTopic;
import io.millrace.topology.record.CheckpointDue;
import io.millrace.topology.record.EventTime;
import io.millrace.topology.record.Events;
import io.millrace.topology.record.RecordKey;
import io.millrace.topology.record.ReportEvent;
import io.millrace.topology.record.TrainingEvent;
import io.millrace.topology.training.CatchUpProcessor;
import io.millrace.topology.training.CheckpointProcessor;
import io.millrace.topology.training.IdleCommits;
import io.millrace.topology.training.LearnerStore;
import io.millrace.topology.training.MiniBatches;
import io.millrace.topology.training.TrainProcessor;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.state.Stores;

/**
 * Learns from examples, or from the learning log that holds those of all partitions in one order. Each partition of what it reads trains a
 * replica in its own task:
 *
 * <pre>
 * examples -> train ------------------------> said -> validation-losses
 *               |                            /    \-> dead-letters
 *               \-> commit-trigger -> catch-up -> checkpoint -> model-snapshots
 * </pre>
 *
 * <p>The live learner is a set of primitive arrays that {@code train}, or a thread beside it, updates. It is written to the logged stores
 * inside each commit, before the transaction closes: {@code train} leaves one marker in a caching table, and Kafka Streams flushes the
 * table's cache just then, which runs {@code catch-up} and {@code checkpoint}. docs/design.md explains why.
 */
public final class TrainingTopology {
    private static final String COMMIT_TRIGGER = "commit-trigger";

    private TrainingTopology() {}

    /**
     * Builds the topology for a run without brokers, for instance with {@code TopologyTestDriver}.
     *
     * @param config what to learn, and from where
     * @param serdes Avro serdes on the configured registry
     * @return the topology
     */
    public static Topology build(MillraceConfig config, AvroSerdes serdes) {
        return build(
                config,
                serdes,
                Inputs.of(config, serdes),
                ExamplesTopic.UNKNOWN,
                OutputTopic.any(),
                new IdleCommits(config));
    }

    /** Builds the topology; it must run with exactly_once_v2. */
    static Topology build(
            MillraceConfig config,
            AvroSerdes serdes,
            Input input,
            ExamplesTopic examples,
            OutputTopic letters,
            IdleCommits commits) {
        Topics topics = config.topics();
        StreamsBuilder builder =
                new StreamsBuilder(new TopologyConfig(new StreamsConfig(StreamsProperties.training(config))));
        builder.addStateStore(LearnerStore.builder(LearnerStore.NAME));
        builder.addStateStore(
                MiniBatches.builder(MiniBatches.NAME, config.learner().batchWindowMs()));

        KStream<RecordKey, TrainingEvent> trained = builder.stream(
                        topics.learned(),
                        Consumed.with(RecordKey.SERDE, Serdes.ByteArray())
                                .withTimestampExtractor(new EventTime())
                                .withName("examples"))
                .processValues(
                        () -> new TrainProcessor(config, input, examples, letters, serdes::registryAnswered, commits),
                        Named.as("train"),
                        LearnerStore.NAME,
                        MiniBatches.NAME);

        KStream<RecordKey, TrainingEvent> caughtUp = Events.only(
                        trained, CheckpointDue.class, due -> due, "checkpoints-due")
                .toTable(
                        Named.as(COMMIT_TRIGGER),
                        Materialized.<RecordKey, CheckpointDue>as(Stores.inMemoryKeyValueStore(COMMIT_TRIGGER))
                                .withKeySerde(RecordKey.ALL_ALIKE)
                                .withValueSerde(CheckpointDue.SERDE)
                                .withCachingEnabled()
                                .withLoggingDisabled())
                .toStream(Named.as("on-commit"))
                .process(CatchUpProcessor::new, Named.as("catch-up"), LearnerStore.NAME);

        Events.only(caughtUp, CheckpointDue.class, due -> due, "caught-up")
                .process(
                        () -> new CheckpointProcessor(config, commits),
                        Named.as("checkpoint"),
                        LearnerStore.NAME,
                        MiniBatches.NAME)
                .to(
                        topics.modelSnapshots(),
                        Produced.with(serdes.keySerde(ModelSnapshotKey.class), serdes.valueSerde(ModelSnapshot.class))
                                .withName("model-snapshots"));

        KStream<RecordKey, TrainingEvent> said = trained.merge(caughtUp, Named.as("said"));

        Events.only(said, ReportEvent.class, ReportEvent::record, "reports")
                .selectKey((key, report) -> report.getModel(), Named.as("by-model"))
                .to(
                        topics.validationLosses(),
                        Produced.with(Serdes.String(), serdes.valueSerde(ValidationLoss.class))
                                .withName("validation-losses"));

        Events.writeDeadLetters(said, "bad-examples", topics.deadLetters());

        return builder.build();
    }
}
