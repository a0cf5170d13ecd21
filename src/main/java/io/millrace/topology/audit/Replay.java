package io.millrace.topology.audit;

import io.millrace.avro.Configuration;
import io.millrace.config.ConfigurationText;
import io.millrace.input.Input;
import io.millrace.input.SchemaUnavailableException;
import io.millrace.learner.Learner;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.input.RefusedBatch;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.state.StateWriter;
import io.millrace.topology.history.InputPosition;
import io.millrace.topology.history.Lineage;
import io.millrace.topology.model.ModelKind;
import io.millrace.topology.training.ExampleFeed;
import io.millrace.topology.training.StoredLearner;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Learns records again, as the learner did that a version tells of: with its configurations, each from the place on at which it came into
 * force, and without the records that it left out. Publishes nothing.
 */
public final class Replay {
    /**
     * What became of the records that were taken in and that the version is made of.
     *
     * @param records all of them
     * @param deadLettered bad ones, and those of mini-batches that were refused
     * @param heldOut evaluated alone
     * @param omitted left out because their schema was not available at that time
     */
    record Counts(long records, long deadLettered, long heldOut, long omitted) {
        long learned() {
            return records - deadLettered - heldOut - omitted;
        }
    }

    private final VersionHistory history;
    private final int partition;
    private final Input input;
    private final long start;
    private int inForce;
    private LearnerSpec spec;
    private Learner learner;
    private ExampleFeed feed;
    private long partitionTime;
    private int stretch;
    private long records;
    private long deadLettered;
    private long heldOut;
    private long omitted;

    /** A learner that has seen nothing. */
    public Replay(VersionHistory history, int partition, Input input) {
        this(history, partition, input, 0, history.first());
    }

    /**
     * The learner of an earlier version.
     *
     * @param start the position that it goes on from
     * @param state as {@link StoredLearner#checkpoint} gave it
     * @param configurations how many of them had come into force
     * @throws IllegalStateException when the state is damaged or does not fit
     */
    public Replay(
            VersionHistory history, int partition, Input input, long start, List<byte[]> state, int configurations) {
        this(history, partition, input, configurations - 1, start);
        StoredLearner.restore(learner, state);
        partitionTime = learner.streamTime();
    }

    private Replay(VersionHistory history, int partition, Input input, int configuration, long start) {
        this.history = history;
        this.partition = partition;
        this.input = input;
        this.start = history.afterMissing(start);
        stretch = InputPosition.stretch(start);
        configure(configuration);
    }

    private void configure(int index) {
        inForce = index;
        spec = ConfigurationText.spec(Lineage.inForce(history.configurations(), index));
        learner = ModelKind.of(spec).learner(spec, report -> {}, this::refused);
        openFeed();
    }

    private void openFeed() {
        String topic = history.stretches().get(stretch).getTopic();
        feed = new ExampleFeed(learner, spec, input.examples(topic, spec), partition);
    }

    private void refused(RefusedBatch batch) {
        for (RefusedBatch.Example example : batch.examples()) {
            deadLettered += counts(example.position()) ? 1 : 0;
        }
    }

    /** Whether a record is one of those that the version is made of and that this replay has taken in. */
    private boolean counts(long position) {
        return position >= start && position < history.next();
    }

    /**
     * Takes a record in.
     *
     * @param stretch index of the one that it belongs to
     * @throws CannotReplayException when the registry does not tell its schema any more
     */
    public void take(int stretch, ConsumerRecord<byte[], byte[]> record) {
        long position = InputPosition.of(stretch, record.offset());
        List<Configuration> configurations = history.configurations();
        if (stretch != this.stretch) {
            this.stretch = stretch;
            partitionTime = 0;
            openFeed();
        }
        while (inForce + 1 < configurations.size()
                && VersionHistory.position(configurations.get(inForce + 1)) <= position) {
            restart();
        }
        long timestamp = record.timestamp() >= 0 ? record.timestamp() : partitionTime;
        partitionTime = Math.max(partitionTime, timestamp);
        records += counts(position) ? 1 : 0;
        if (history.omits(position)) {
            omitted += counts(position) ? 1 : 0;
            return;
        }
        try {
            if (feed.feed(record.key(), record.value(), record.headers(), timestamp, position)) {
                heldOut += counts(position) ? 1 : 0;
            }
        } catch (SchemaUnavailableException e) {
            if (position >= history.omittedSince()) {
                throw new CannotReplayException("the schema of the record at offset " + record.offset() + " of "
                        + record.topic() + " was available to training, but is not available now: " + e.getMessage());
            }
            deadLettered += counts(position) ? 1 : 0;
        } catch (BadInputException e) {
            deadLettered += counts(position) ? 1 : 0;
        }
    }

    /** What a restart with the next configuration does. */
    private void restart() {
        StateWriter saved = new StateWriter();
        learner.save(saved);
        List<byte[]> state = new ArrayList<>(saved.chunks());
        if (learner.waiting() > 0) {
            StateWriter batch = new StateWriter();
            learner.saveBatch(batch);
            state.addAll(batch.chunks());
        }
        configure(inForce + 1);
        StoredLearner.restore(learner, state);
    }

    public Learner learner() {
        return learner;
    }

    /** The position that it began at. */
    long start() {
        return start;
    }

    Counts counts() {
        return new Counts(records, deadLettered, heldOut, omitted);
    }
}
