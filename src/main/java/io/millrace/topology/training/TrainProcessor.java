package io.millrace.topology.training;

import io.millrace.config.ConfigurationText;
import io.millrace.config.MillraceConfig;
import io.millrace.input.ExampleCodec;
import io.millrace.input.Input;
import io.millrace.input.SchemaUnavailableException;
import io.millrace.learner.Learner;
import io.millrace.learner.evaluation.Report;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.input.RefusedBatch;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.topology.cluster.OutputTopic;
import io.millrace.topology.history.ExamplesTopic;
import io.millrace.topology.history.InputHistory;
import io.millrace.topology.history.InputPosition;
import io.millrace.topology.history.InputSequence;
import io.millrace.topology.model.ModelKind;
import io.millrace.topology.record.CheckpointDue;
import io.millrace.topology.record.DeadLetter.Place;
import io.millrace.topology.record.DeadLetters;
import io.millrace.topology.record.FaultCounter;
import io.millrace.topology.record.RecordKey;
import io.millrace.topology.record.ReportEvent;
import io.millrace.topology.record.Source;
import io.millrace.topology.record.TaskMetrics;
import io.millrace.topology.record.TrainingEvent;
import io.millrace.topology.training.ExampleFeed.Fed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds the examples of a partition to its learner, which learns them, or evaluates them if they are held out. Forwards a {@link CheckpointDue} on
 * the first change after a checkpoint, a {@link ReportEvent} for each report of the learner, and a {@code DeadLetter} for each record
 * that is not a usable example or whose mini-batch was refused.
 */
public final class TrainProcessor implements FixedKeyProcessor<RecordKey, byte[], TrainingEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(TrainProcessor.class);

    private final MillraceConfig config;
    private final LearnerSpec spec;
    private final ExampleCodec codec;
    private final ExamplesTopic examples;
    private final boolean learnsFromLog;
    private final OutputTopic letters;
    private final BooleanSupplier registryUp;
    private ExampleFeed feed;
    private FixedKeyProcessorContext<RecordKey, TrainingEvent> context;
    private FixedKeyRecord<RecordKey, byte[]> current;
    private LearnerStore store;
    private StoredLearner stored;
    private boolean followed; // whether the lineage contains this configuration
    private Learner learner;
    private InputSequence sequence;
    private TrainingMetrics metrics;
    private Sensor missing;
    private Sensor skipped; // records without value or label
    private FaultCounter unfitSchemas; // of writers, which lack declared features
    private DeadLetters<RecordKey> deadLetters;
    private EventTimeJumps eventTimeJumps;

    /** @param registryUp whether the registry answered when it was asked last */
    public TrainProcessor(
            MillraceConfig config,
            Input input,
            ExamplesTopic examples,
            OutputTopic letters,
            BooleanSupplier registryUp) {
        this.config = config;
        this.examples = examples;
        this.letters = letters;
        this.registryUp = registryUp;
        learnsFromLog = config.topics().learnsFromLog();
        spec = config.learner();
        codec = input.examples(config.topics().examples(), spec);
    }

    @Override
    public void init(FixedKeyProcessorContext<RecordKey, TrainingEvent> context) {
        this.context = context;
        store = context.getStateStore(LearnerStore.NAME);
        stored = store.open(
                StoreKey.ONLY,
                config.modelName(),
                () -> ModelKind.of(spec).learner(spec, this::forwardReport, this::forwardRefused),
                context.getStateStore(MiniBatches.NAME),
                context.taskId().partition(),
                config.resetsModel());
        learner = stored.learner();
        if (stored.replaced() != null) {
            LOG.warn(
                    "Model {}, partition {}: what was learned before is discarded, because it does not fit the"
                            + " configuration and model.reset=true",
                    config.modelName(),
                    context.taskId().partition());
        }
        feed = new ExampleFeed(learner, spec, codec, context.taskId().partition());
        followed = false;
        metrics = new TrainingMetrics(context, spec.declaration(), codec.missing(), registryUp);
        metrics.at(learner.version());
        missing = TaskMetrics.summing(context, "missing-input");
        skipped = context.metrics()
                .addRateTotalSensor(
                        "millrace", context.taskId().toString(), "skipped-records", Sensor.RecordingLevel.INFO);
        unfitSchemas = new FaultCounter(context, FaultCounter.UNFIT_SCHEMAS);
        sequence = new InputSequence(
                new TopicPartition(config.topics().learned(), context.taskId().partition()),
                examples,
                stored.lineage(),
                config.learnsFromCommitted(),
                missing);
        deadLetters = new DeadLetters<>(context, RecordKey::bytes, letters);
        eventTimeJumps = new EventTimeJumps(context);
        LOG.info(
                "Model {}, partition {}: at version {}, {} examples waiting in the open mini-batch",
                config.modelName(),
                context.taskId().partition(),
                learner.version(),
                learner.waiting());
    }

    @Override
    public void process(FixedKeyRecord<RecordKey, byte[]> record) {
        current = record;
        long offset = offset();
        if (!sequence.follows(offset)) {
            return;
        }
        InputHistory inputs = stored.lineage().inputs();
        if (!followed) {
            follow(offset);
        }
        long gap = learnsFromLog ? Source.missing(record.headers()) : 0;
        if (gap > 0) {
            missing.record(gap);
            inputs.missingInSource(gap);
        }
        try {
            long position = InputPosition.of(inputs.stretch(), offset);
            long begun = metrics.begin();
            Fed fed = feed.feed(record.key().bytes(), record.value(), record.headers(), record.timestamp(), position);
            metrics.fed(fed, learner.version(), begun);
            if (fed == Fed.SKIPPED) {
                skipped.record();
            } else {
                eventTimeJumps.observe(feed.eventTime(), learner.oddTimes(), learner.streamTime());
            }
        } catch (BadInputException e) {
            if (e instanceof SchemaUnavailableException) {
                inputs.omit(offset);
            }
            deadLetters.forward(record, e);
        }
        unfitSchemas.countTo(codec.unfitSchemas());
        inputs.read(offset);
        if (store.changed(stored)) { // a bad record changes the learner, too: it counts bad records in a row
            // the changelogs' records get this timestamp; every broker accepts it
            context.forward(written(CheckpointDue.MARKER));
        }
    }

    private void follow(long offset) {
        Map<String, String> changed = stored.lineage().follow(offset, learner.version(), ConfigurationText.of(config));
        followed = true;
        if (!changed.isEmpty()) {
            LOG.info(
                    "Model {}, partition {}: from offset {} on, at version {}, it learns with other settings: {}",
                    config.modelName(),
                    context.taskId().partition(),
                    offset,
                    learner.version(),
                    changed);
        }
    }

    /** An event that the current record caused. Its timestamp is the time at which it is written, and it does not have that record's headers. */
    private <T extends TrainingEvent> FixedKeyRecord<RecordKey, T> written(T event) {
        return current.withValue(event)
                .withTimestamp(context.currentSystemTimeMs())
                .withHeaders(new RecordHeaders());
    }

    private long offset() {
        return context.recordMetadata()
                .orElseThrow(
                        () -> new IllegalStateException("a record has no offset, which belongs to the learner's state"))
                .offset();
    }

    private void forwardReport(Report report) {
        metrics.reported(report);
        context.forward(written(ReportEvent.of(
                config.modelName(),
                context.taskId().partition(),
                report,
                stored.lineage().inputs().takeUnreported())));
    }

    private void forwardRefused(RefusedBatch batch) {
        metrics.refused();
        Map<Long, Headers> earlier = earlierHeaders(batch);
        for (RefusedBatch.Example example : batch.examples()) {
            deadLetters.forward(
                    current,
                    codec.encode(example),
                    batch.cause(),
                    place(example.position(), earlier),
                    example.timestamp());
        }
    }

    /** The headers of a refused mini-batch's records name their sources. They are read again, because refused batches are rare. */
    private Map<Long, Headers> earlierHeaders(RefusedBatch batch) {
        if (!learnsFromLog) {
            return Map.of();
        }
        List<Long> offsets = batch.examples().stream()
                .filter(example ->
                        topic(example.position()).equals(config.topics().learned()))
                .map(example -> InputPosition.offset(example.position()))
                .filter(offset -> offset != offset())
                .toList();
        Map<Long, Headers> headers = new HashMap<>();
        if (!offsets.isEmpty()) {
            headers.putAll(examples.headers(context.taskId().partition(), offsets));
        }
        headers.put(offset(), current.headers());
        return headers;
    }

    private String topic(long position) {
        return stored.lineage().inputs().get(InputPosition.stretch(position)).getTopic();
    }

    private Place place(long position, Map<Long, Headers> headers) {
        long offset = InputPosition.offset(position);
        String topic = topic(position);
        Headers own = topic.equals(config.topics().learned()) ? headers.get(offset) : null;
        Source source = own == null ? null : Source.of(own);
        return source == null ? new Place(topic, context.taskId().partition(), offset) : source.place();
    }

    @Override
    public void close() {
        metrics.close();
        context.metrics().removeSensor(missing);
        context.metrics().removeSensor(skipped);
        unfitSchemas.close();
        deadLetters.close();
        eventTimeJumps.close();
    }
}
