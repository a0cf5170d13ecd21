package io.millrace.topology.training;

import io.millrace.config.ConfigurationText;
import io.millrace.config.MillraceConfig;
import io.millrace.input.ExampleCodec;
import io.millrace.input.Input;
import io.millrace.learner.Learner;
import io.millrace.topology.cluster.OutputTopic;
import io.millrace.topology.history.ExamplesTopic;
import io.millrace.topology.history.InputHistory;
import io.millrace.topology.history.InputPosition;
import io.millrace.topology.history.InputSequence;
import io.millrace.topology.model.ModelKind;
import io.millrace.topology.record.CheckpointDue;
import io.millrace.topology.record.RecordKey;
import io.millrace.topology.record.TaskMetrics;
import io.millrace.topology.record.TrainingEvent;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the records of a partition and gives them to its learner, in their order: to learn them at once, or in a {@link LearnerThread}. Forwards a
 * {@link CheckpointDue} on the first record after a checkpoint, and what the learner has said so far.
 */
public final class TrainProcessor implements FixedKeyProcessor<RecordKey, byte[], TrainingEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(TrainProcessor.class);

    private final MillraceConfig config;
    private final Input input;
    private final ExampleCodec codec;
    private final ExamplesTopic examples;
    private final OutputTopic letters;
    private final BooleanSupplier registryUp;
    private final IdleCommits commits;
    private FixedKeyProcessorContext<RecordKey, TrainingEvent> context;
    private LearnerStore store;
    private StoredLearner stored;
    private RecordReading reading;
    private RecordLearning learning;
    private RecordLearner records;
    private boolean followed; // whether the lineage contains this configuration
    private InputSequence sequence;
    private Sensor missing;

    /** @param registryUp whether the registry answered when it was asked last */
    public TrainProcessor(
            MillraceConfig config,
            Input input,
            ExamplesTopic examples,
            OutputTopic letters,
            BooleanSupplier registryUp,
            IdleCommits commits) {
        this.config = config;
        this.examples = examples;
        this.letters = letters;
        this.registryUp = registryUp;
        this.commits = commits;
        this.input = input;
        codec = codec();
    }

    private ExampleCodec codec() {
        return input.examples(config.topics().examples(), config.learner());
    }

    @Override
    public void init(FixedKeyProcessorContext<RecordKey, TrainingEvent> context) {
        this.context = context;
        int partition = context.taskId().partition();
        store = context.getStateStore(LearnerStore.NAME);
        stored = store.open(
                StoreKey.ONLY,
                config.modelName(),
                this::untrained,
                context.getStateStore(MiniBatches.NAME),
                partition,
                config.resetsModel());
        if (stored.replaced() != null) {
            LOG.warn(
                    "Model {}, partition {}: what was learned before is discarded, because it does not fit the"
                            + " configuration and model.reset=true",
                    config.modelName(),
                    partition);
        }
        followed = false;
        missing = TaskMetrics.summing(context, "missing-input");
        Learner learner = stored.learner();
        LOG.info(
                "Model {}, partition {}: at version {}, {} examples waiting in the open mini-batch",
                config.modelName(),
                partition,
                learner.version(),
                learner.waiting());
        reading = new RecordReading(codec, config.topics().learnsFromLog(), missing, context);
        learning = new RecordLearning(config, stored, codec(), examples, letters, codec.missing(), registryUp, context);
        records = config.learnsInThread()
                ? new LearnerThread(
                        learning,
                        ArrivalRing.of(config.learner()),
                        Thread.currentThread().getName() + "-learner-" + context.taskId())
                : learning;
        stored.records(records);
        sequence = new InputSequence(
                new TopicPartition(config.topics().learned(), partition),
                examples,
                stored.lineage(),
                config.learnsFromCommitted(),
                missing,
                records::await);
    }

    private Learner untrained() {
        return ModelKind.of(config.learner())
                .learner(config.learner(), report -> learning.report(report), batch -> learning.refuse(batch));
    }

    @Override
    public void process(FixedKeyRecord<RecordKey, byte[]> record) {
        long offset = offset();
        if (!sequence.follows(offset)) {
            return;
        }
        if (!followed) {
            follow(offset);
        }
        InputHistory inputs = stored.lineage().inputs();
        records.learn(reading.read(record, InputPosition.of(inputs.stretch(), offset)));
        inputs.read(offset);
        for (FixedKeyRecord<RecordKey, TrainingEvent> event = records.said(); event != null; event = records.said()) {
            context.forward(event.withTimestamp(context.currentSystemTimeMs()));
        }
        if (store.changed(stored)) { // a bad record changes the learner, too: it counts bad records in a row
            // the changelogs' records get this timestamp; every broker accepts it
            context.forward(record.withValue(CheckpointDue.MARKER)
                    .withTimestamp(context.currentSystemTimeMs())
                    .withHeaders(new RecordHeaders()));
            commits.changed(context);
        }
    }

    private long offset() {
        return context.recordMetadata()
                .orElseThrow(
                        () -> new IllegalStateException("a record has no offset, which belongs to the learner's state"))
                .offset();
    }

    private void follow(long offset) {
        Map<String, String> changed =
                stored.lineage().follow(offset, stored.learner().version(), ConfigurationText.of(config));
        followed = true;
        if (!changed.isEmpty()) {
            LOG.info(
                    "Model {}, partition {}: from offset {} on, at version {}, it learns with other settings: {}",
                    config.modelName(),
                    context.taskId().partition(),
                    offset,
                    stored.learner().version(),
                    changed);
        }
    }

    @Override
    public void close() {
        commits.closed(context);
        records.close();
        reading.close();
        context.metrics().removeSensor(missing);
    }
}
