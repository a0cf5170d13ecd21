package io.millrace.topology.training;

import io.millrace.avro.Example;
import io.millrace.avro.InputStretch;
import io.millrace.avro.ValidationLoss;
import io.millrace.config.ConfigurationText;
import io.millrace.config.MillraceConfig;
import io.millrace.learner.Learner;
import io.millrace.learner.evaluation.Report;
import io.millrace.learner.evaluation.Score;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.input.Labels;
import io.millrace.learner.input.RefusedBatch;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.nn.network.Curvature;
import io.millrace.records.AvroSerdes;
import io.millrace.records.FloatVector;
import io.millrace.topology.cluster.OutputTopic;
import io.millrace.topology.history.ExamplesTopic;
import io.millrace.topology.history.InputHistory;
import io.millrace.topology.history.InputPosition;
import io.millrace.topology.history.InputSequence;
import io.millrace.topology.model.ModelKind;
import io.millrace.topology.record.DeadLetters;
import io.millrace.topology.record.RecordKey;
import io.millrace.topology.record.SchemaNotToldException;
import java.util.Map;
import java.util.OptionalDouble;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds the examples of a partition to its learner, which learns them or evaluates those held out. Forwards a {@link CheckpointDue} on the first change after a checkpoint, the
 * learner's reports as {@link ValidationLoss}, and a {@code DeadLetter} for each record that is no usable example or whose mini-batch was refused.
 */
public final class TrainProcessor implements FixedKeyProcessor<RecordKey, byte[], Object> {
    private static final Logger LOG = LoggerFactory.getLogger(TrainProcessor.class);

    private final MillraceConfig config;
    private final LearnerSpec spec;
    private final Labels labels;
    private final AvroSerdes serdes;
    private final Serializer<Example> serializer;
    private final ExamplesTopic examples;
    private final OutputTopic letters;
    private ExampleFeed feed;
    private FixedKeyProcessorContext<RecordKey, Object> context;
    private FixedKeyRecord<RecordKey, byte[]> current;
    private LearnerStore store;
    private boolean followed; // whether the lineage knows this configuration
    private Learner learner;
    private InputSequence sequence;
    private Sensor missing;
    private DeadLetters<RecordKey> deadLetters;
    private OddTimes oddTimes;
    private long lastTime; // event time of the record before

    public TrainProcessor(MillraceConfig config, AvroSerdes serdes, ExamplesTopic examples, OutputTopic letters) {
        this.config = config;
        this.examples = examples;
        this.letters = letters;
        spec = config.learner();
        labels = new Labels(spec.task(), spec.classes());
        this.serdes = serdes;
        serializer = serdes.valueSerde(Example.class).serializer();
    }

    @Override
    public void init(FixedKeyProcessorContext<RecordKey, Object> context) {
        this.context = context;
        store = context.getStateStore(LearnerStore.NAME);
        learner = store.open(
                () -> ModelKind.of(spec).learner(spec, this::forwardReport, this::forwardRefused),
                context.getStateStore(MiniBatches.NAME),
                context.taskId().partition(),
                config.modelName(),
                config.resetsModel());
        if (store.replaced() != null) {
            LOG.warn(
                    "Model {}, partition {}: what was learned before is forgotten, since it does not fit the configuration"
                            + " and model.reset=true",
                    config.modelName(),
                    context.taskId().partition());
        }
        feed = new ExampleFeed(
                spec,
                config.topics().examples(),
                context.taskId().partition(),
                serdes,
                config.deadLettersWithoutRegistry());
        followed = false;
        missing = context.metrics()
                .addRateTotalSensor(
                        "millrace", context.taskId().toString(), "missing-input", Sensor.RecordingLevel.INFO);
        sequence = new InputSequence(
                new TopicPartition(config.topics().examples(), context.taskId().partition()),
                examples,
                store.lineage(),
                config.learnsFromCommitted(),
                missing);
        deadLetters = new DeadLetters<>(context, RecordKey::bytes, letters);
        oddTimes = new OddTimes(context);
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
        InputHistory inputs = store.lineage().inputs();
        if (!followed) {
            store.lineage().follow(offset, learner.version(), ConfigurationText.of(config));
            followed = true;
        }
        try {
            long position = InputPosition.of(inputs.stretch(), offset);
            feed.feed(learner, record.headers(), record.value(), record.timestamp(), position);
            oddTimes.count(learner.oddTimes(), lastTime, record.timestamp(), learner.streamTime());
            lastTime = record.timestamp();
        } catch (BadInputException e) {
            if (e instanceof SchemaNotToldException) {
                inputs.omit(offset);
            }
            deadLetters.forward(record, e.getMessage());
        }
        inputs.read(offset);
        if (store.changed()) { // a bad record changes the learner, too: it counts how many came in a row
            // its time becomes that of the changelogs' records: one that any broker takes
            context.forward(written(CheckpointDue.MARKER));
        }
    }

    /** What the record being processed gave rise to: at the time at which it is written, and without that record's headers. */
    private <T> FixedKeyRecord<RecordKey, T> written(T event) {
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
        Score heldOut = report.heldOut();
        Report.Best best = report.best();
        Curvature curvature = report.curvature();
        OptionalDouble step = curvature == null ? OptionalDouble.empty() : curvature.optimalStep();
        ValidationLoss event = new ValidationLoss(
                config.modelName(),
                context.taskId().partition(),
                report.step(),
                report.examples(),
                report.reportExamples(),
                report.loss(),
                report.metrics(),
                report.fadedLoss(),
                report.fadedMetrics(),
                report.learningRate(),
                report.gradientNorm(),
                report.firstTimestamp(),
                report.lastTimestamp(),
                heldOut == null ? 0 : heldOut.examples(),
                heldOut == null || Double.isNaN(heldOut.loss()) ? null : heldOut.loss(),
                heldOut == null ? Map.of() : heldOut.metrics(),
                best == null ? null : best.version(),
                best == null ? null : best.loss(),
                best == null ? 0 : best.reportsWithoutGain(),
                best != null && best.patienceEnded(),
                report.refused().examples(),
                report.refused().returnedTo(),
                curvature == null || !Double.isFinite(curvature.alongGradient()) ? null : curvature.alongGradient(),
                step.isPresent() ? step.getAsDouble() : null,
                store.lineage().inputs().takeUnreported());
        context.forward(written(event));
    }

    private void forwardRefused(RefusedBatch batch) {
        for (RefusedBatch.Example example : batch.examples()) {
            Object label = labels.decode(example.target());
            Example again = new Example(
                    new FloatVector(example.features()),
                    label instanceof float[] many ? new FloatVector(many) : label,
                    example.weight());
            byte[] value = serializer.serialize(config.topics().examples(), again);
            long position = example.position();
            InputStretch stretch = store.lineage().inputs().get(InputPosition.stretch(position));
            deadLetters.forward(
                    current,
                    value,
                    batch.cause(),
                    stretch.getTopic(),
                    InputPosition.offset(position),
                    example.timestamp());
        }
    }

    @Override
    public void close() {
        context.metrics().removeSensor(missing);
        deadLetters.close();
        oddTimes.close();
    }
}
