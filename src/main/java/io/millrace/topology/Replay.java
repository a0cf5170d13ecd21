package io.millrace.topology;

import io.millrace.avro.AvroSerdes;
import io.millrace.avro.Configuration;
import io.millrace.config.LearnerText;
import io.millrace.learner.BadInputException;
import io.millrace.learner.Learner;
import io.millrace.learner.LearnerSpec;
import io.millrace.learner.RefusedBatch;
import io.millrace.learner.StateWriter;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Learns records of the examples topic again, as the learner did that a snapshot tells of: with its configurations, each from the
 * offset on at which it came into force. Publishes nothing.
 */
final class Replay {
    /** What became of the records below an offset. */
    record Counts(long learned, long deadLettered, long heldOut) {}

    private final String topic;
    private final int partition;
    private final AvroSerdes serdes;
    private final List<Configuration> configurations;
    private final List<Long> deadLettered = new ArrayList<>();
    private final List<Long> heldOut = new ArrayList<>();
    private int inForce;
    private Learner learner;
    private ExampleFeed feed;
    private long learnedBefore;
    private long partitionTime;

    /**
     * A learner that has seen nothing.
     *
     * @param configurations at least one
     */
    Replay(String topic, int partition, AvroSerdes serdes, List<Configuration> configurations) {
        this.topic = topic;
        this.partition = partition;
        this.serdes = serdes;
        this.configurations = configurations;
        configure(0);
    }

    /**
     * The learner of an earlier version.
     *
     * @param state as {@link LearnerStore#checkpoint} gave it
     * @param index of the configuration that was in force
     * @throws IllegalStateException when the state is damaged or does not fit
     */
    Replay(
            String topic,
            int partition,
            AvroSerdes serdes,
            List<Configuration> configurations,
            List<byte[]> state,
            int index) {
        this(topic, partition, serdes, configurations);
        configure(index);
        LearnerStore.restore(learner, state);
        learnedBefore = learner.version();
        partitionTime = learner.streamTime();
    }

    private void configure(int index) {
        inForce = index;
        LearnerSpec spec = LearnerSpecs.of(LearnerText.settings(Lineage.inForce(configurations, index)));
        learner = new Learner(spec, report -> {}, this::refused);
        feed = new ExampleFeed(spec, topic, partition, serdes, false);
    }

    private void refused(RefusedBatch batch) {
        batch.examples().forEach(example -> deadLettered.add(example.position()));
    }

    /** Takes a record in. */
    void take(ConsumerRecord<byte[], byte[]> record) {
        while (inForce + 1 < configurations.size()
                && configurations.get(inForce + 1).getOffset() <= record.offset()) {
            restart();
        }
        long timestamp = record.timestamp() >= 0 ? record.timestamp() : partitionTime;
        partitionTime = Math.max(partitionTime, timestamp);
        try {
            if (feed.feed(learner, record.headers(), record.value(), timestamp, record.offset())) {
                heldOut.add(record.offset());
            }
        } catch (BadInputException e) {
            deadLettered.add(record.offset());
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
        LearnerStore.restore(learner, state);
    }

    Learner learner() {
        return learner;
    }

    /** What became of the records that were taken in, as far as they lie below {@code nextOffset}. */
    Counts counts(long nextOffset) {
        return new Counts(
                learner.version() - learnedBefore, below(deadLettered, nextOffset), below(heldOut, nextOffset));
    }

    private static long below(List<Long> offsets, long end) {
        return offsets.stream().filter(offset -> offset < end).count();
    }
}
