package io.millrace.topology.audit;

import io.millrace.avro.Configuration;
import io.millrace.config.ConfigurationText;
import io.millrace.input.Input;
import io.millrace.input.SchemaUnavailableException;
import io.millrace.learner.Learner;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.input.RefusedBatch;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.topology.history.InputPosition;
import io.millrace.topology.history.Lineage;
import io.millrace.topology.model.ModelKind;
import io.millrace.topology.record.Source;
import io.millrace.topology.training.ExampleFeed;
import io.millrace.topology.training.ExampleFeed.Fed;
import io.millrace.topology.training.StoredLearner;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Learns records again exactly as the learner of a version did: with its configurations, each from the position at which it took effect,
 * and without the records that it left out. Publishes nothing.
 */
public final class Replay {
    /**
     * Counts the replayed records that the version is made of, by result.
     *
     * @param records all records
     * @param deadLettered bad records, and those of refused mini-batches
     * @param heldOut only evaluated
     * @param skipped no examples: they have no value or no label
     * @param omitted left out, because their schema was not available during training
     */
    record Counts(long records, long deadLettered, long heldOut, long skipped, long omitted) {
        long learned() {
            return records - deadLettered - heldOut - skipped - omitted;
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
    private long skipped;
    private long omitted;

    /** Starts with a learner that has seen no example. */
    public Replay(VersionHistory history, int partition, Input input) {
        this(history, partition, input, 0, history.first());
    }

    /**
     * Starts with the learner of an earlier version.
     *
     * @param start the position from which it continues
     * @param state state that {@link StoredLearner#checkpoint} returned
     * @param configurations number of configurations that had taken effect
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
        String topic = history.stretchAt(InputPosition.of(stretch, 0)).getTopic();
        feed = new ExampleFeed(learner, spec, input.examples(topic, spec), partition);
    }

    private void refused(RefusedBatch batch) {
        for (RefusedBatch.Example example : batch.examples()) {
            deadLettered += counts(example.position()) ? 1 : 0;
        }
    }

    /** Whether a record is part of the version and was replayed. */
    private boolean counts(long position) {
        return position >= start && position < history.next();
    }

    /**
     * Replays a record.
     *
     * @param stretch index of the stretch that the record belongs to
     * @throws CannotReplayException when the registry does not provide its schema any more
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
        long own = Source.timestamp(record.headers(), record.timestamp());
        long timestamp = own >= 0 ? own : partitionTime;
        partitionTime = Math.max(partitionTime, timestamp);
        records += counts(position) ? 1 : 0;
        if (history.omits(position)) {
            omitted += counts(position) ? 1 : 0;
            return;
        }
        try {
            Fed fed = feed.feed(record.key(), record.value(), record.headers(), timestamp, position);
            if (counts(position)) {
                heldOut += fed == Fed.HELD_OUT ? 1 : 0;
                skipped += fed == Fed.SKIPPED ? 1 : 0;
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

    /** Does what a restart with the next configuration does. */
    private void restart() {
        List<byte[]> state = StoredLearner.save(learner);
        configure(inForce + 1);
        StoredLearner.restore(learner, state);
    }

    public Learner learner() {
        return learner;
    }

    /** The position at which the replay began. */
    long start() {
        return start;
    }

    Counts counts() {
        return new Counts(records, deadLettered, heldOut, skipped, omitted);
    }
}
