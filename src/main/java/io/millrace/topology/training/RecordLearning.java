package io.millrace.topology.training;

import io.millrace.config.MillraceConfig;
import io.millrace.input.ExampleCodec;
import io.millrace.input.SchemaUnavailableException;
import io.millrace.learner.Learner;
import io.millrace.learner.evaluation.Report;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.input.RefusedBatch;
import io.millrace.topology.cluster.OutputTopic;
import io.millrace.topology.history.ExamplesTopic;
import io.millrace.topology.history.InputHistory;
import io.millrace.topology.history.InputPosition;
import io.millrace.topology.record.DeadLetter.Place;
import io.millrace.topology.record.DeadLetters;
import io.millrace.topology.record.RecordKey;
import io.millrace.topology.record.ReportEvent;
import io.millrace.topology.record.Source;
import io.millrace.topology.record.TrainingEvent;
import io.millrace.topology.training.ExampleFeed.Fed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/**
 * Learns a record at once: gives it to the learner, which learns it, or evaluates it if it is held out. Says a {@link ReportEvent} for
 * each report of the learner, and a {@code DeadLetter} for each record that is not a usable example or whose mini-batch was refused.
 */
final class RecordLearning implements RecordLearner {
    private final String model;
    private final String topic;
    private final int partition;
    private final boolean learnsFromLog;
    private final ExamplesTopic examples;
    private final ExampleCodec codec;
    private final ExampleFeed feed;
    private final Learner learner;
    private final InputHistory inputs;
    private final TrainingMetrics metrics;
    private final Sensor skipped; // records without value or label
    private final DeadLetters<RecordKey> deadLetters;
    private final EventTimeJumps eventTimeJumps;
    private final Runnable unregister;
    private final Queue<FixedKeyRecord<RecordKey, TrainingEvent>> said = new ConcurrentLinkedQueue<>();
    private FixedKeyRecord<RecordKey, byte[]> current;
    private long offset; // of the current record

    /**
     * @param codec encodes refused examples, and is used for nothing else, since another thread may decode meanwhile
     * @param missing how often each declared feature had no value so far
     * @param registryUp whether the registry answered when it was asked last
     */
    RecordLearning(
            MillraceConfig config,
            StoredLearner stored,
            ExampleCodec codec,
            ExamplesTopic examples,
            OutputTopic letters,
            AtomicLongArray missing,
            BooleanSupplier registryUp,
            FixedKeyProcessorContext<RecordKey, TrainingEvent> context) {
        model = config.modelName();
        topic = config.topics().learned();
        partition = context.taskId().partition();
        learnsFromLog = config.topics().learnsFromLog();
        this.examples = examples;
        this.codec = codec;
        learner = stored.learner();
        feed = new ExampleFeed(learner, config.learner(), codec, partition);
        inputs = stored.lineage().inputs();
        metrics = new TrainingMetrics(context, config.learner().declaration(), missing, registryUp);
        metrics.at(learner.version());
        skipped = context.metrics()
                .addRateTotalSensor(
                        "millrace", context.taskId().toString(), "skipped-records", Sensor.RecordingLevel.INFO);
        deadLetters = new DeadLetters<>(
                context, RecordKey::bytes, letters, letter -> said.add(letter.withValue(letter.value())));
        eventTimeJumps = new EventTimeJumps(context);
        unregister = () -> context.metrics().removeSensor(skipped);
    }

    @Override
    public void learn(Arrival arrival) {
        current = arrival.record;
        offset = InputPosition.offset(arrival.position);
        if (arrival.missingInSource > 0) {
            inputs.missingInSource(arrival.missingInSource);
        }
        if (arrival.fault != null) {
            refuse(arrival.fault);
            return;
        }
        try {
            long begun = metrics.begin();
            Fed fed = feed.feed(arrival.example, arrival.position);
            metrics.fed(fed, learner.version(), begun);
            if (fed == Fed.SKIPPED) {
                skipped.record();
            } else {
                eventTimeJumps.observe(feed.eventTime(), learner.oddTimes(), learner.streamTime(), this::place);
            }
        } catch (BadInputException e) {
            refuse(e);
        }
    }

    private void refuse(BadInputException fault) {
        if (fault instanceof SchemaUnavailableException) {
            inputs.omit(offset);
        }
        deadLetters.forward(current, place(), fault);
    }

    private Place place() {
        return new Place(topic, partition, offset);
    }

    /** The learner calls it. */
    void report(Report report) {
        metrics.reported(report);
        ReportEvent event = ReportEvent.of(model, partition, report, inputs.takeUnreported());
        said.add(current.<TrainingEvent>withValue(event).withHeaders(new RecordHeaders()));
    }

    /** The learner calls it. */
    void refuse(RefusedBatch batch) {
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
                .filter(example -> topic(example.position()).equals(topic))
                .map(example -> InputPosition.offset(example.position()))
                .filter(earlier -> earlier != offset)
                .toList();
        Map<Long, Headers> headers = new HashMap<>();
        if (!offsets.isEmpty()) {
            headers.putAll(examples.headers(partition, offsets));
        }
        headers.put(offset, current.headers());
        return headers;
    }

    private String topic(long position) {
        return inputs.get(InputPosition.stretch(position)).getTopic();
    }

    private Place place(long position, Map<Long, Headers> headers) {
        long earlier = InputPosition.offset(position);
        String read = topic(position);
        Headers own = read.equals(topic) ? headers.get(earlier) : null;
        Source source = own == null ? null : Source.of(own);
        return source == null ? new Place(read, partition, earlier) : source.place();
    }

    @Override
    public void await() {
        // each record is learned at once
    }

    @Override
    public FixedKeyRecord<RecordKey, TrainingEvent> said() {
        return said.poll();
    }

    @Override
    public void close() {
        metrics.close();
        unregister.run();
        deadLetters.close();
        eventTimeJumps.close();
    }
}
