package io.millrace.topology.history;

import io.millrace.avro.InputStretch;
import io.millrace.topology.cluster.RecordsDeletedException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.Sensor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the offsets of a task's records with what its learner has read, so that nothing is read twice and nothing is left out silently.
 * It asks the brokers at the first record, at gaps, and after the consumer has lost its position; every other record costs one comparison.
 */
public final class InputSequence {
    private static final Logger LOG = LoggerFactory.getLogger(InputSequence.class);

    private final TopicPartition partition;
    private final ExamplesTopic topic;
    private final Lineage lineage;
    private final InputHistory inputs;
    private final boolean fromCommitted;
    private final Sensor missing;
    private final Runnable beforeChange;
    private boolean started;
    private boolean skipping;

    /**
     * @param lineage lineage of the learner, which records what is read
     * @param fromCommitted whether the group's offsets decide, not the checkpoint
     * @param missing receives the number of offsets that were deleted before they were read
     * @param beforeChange runs before the lineage changes by more than a record that was read: records before it may still be learned
     */
    public InputSequence(
            TopicPartition partition,
            ExamplesTopic topic,
            Lineage lineage,
            boolean fromCommitted,
            Sensor missing,
            Runnable beforeChange) {
        this.partition = partition;
        this.topic = topic;
        this.lineage = lineage;
        this.inputs = lineage.inputs();
        this.fromCommitted = fromCommitted;
        this.missing = missing;
        this.beforeChange = beforeChange;
    }

    /**
     * Handles the offset of the next record.
     *
     * @return whether to read the record; false when it was read before
     * @throws MovedOffsetException when records were skipped or lost, and would be left out by mistake
     */
    public boolean follows(long offset) {
        if (!started) {
            boolean reads = start(offset);
            started = true;
            inputs.noteOmitted();
            return reads;
        }
        return offset == inputs.next() || afterBreak(offset, topic.tookJump(partition.partition()));
    }

    private boolean start(long offset) {
        if (inputs.isEmpty()) { // a new learner, or one of an older Millrace, which did not record what it read
            inputs.begin(partition.topic(), topic.id(), lineage.firstOffset(offset), InputHistory.START);
            inputs.read(offset - 1);
            return true;
        }
        return afterBreak(offset, true);
    }

    private boolean afterBreak(long offset, boolean asks) {
        if (asks) {
            beforeChange.run();
            followTopic(offset);
        }
        return offset >= inputs.next() ? ahead(offset, asks) : behind(offset, asks);
    }

    /** Begins a stretch if the topic is another one than before. */
    private void followTopic(long offset) {
        String id = topic.id();
        String name = partition.topic();
        InputStretch last = inputs.last();
        if (last.getTopic().equals(name) && InputHistory.sameId(last.getTopicId(), id)) {
            if (!last.getTopicId().isEmpty()) {
                return;
            }
            boolean anew = offset < inputs.next()
                    && inputs.knownBy() != null
                    && topic.madeAnew(partition.partition(), inputs.knownBy());
            inputs.knows(anew ? InputHistory.UNKNOWN_ID : id);
            if (!anew) {
                return;
            }
        }
        LOG.warn(
                "{} (topic id {}) is another topic than {} (topic id {}), which was read up to offset {}: the model continues with it",
                partition,
                id,
                last.getTopic(),
                last.getTopicId(),
                inputs.next());
        inputs.begin(name, id, inputs.leftOff(name, id).orElse(offset), InputHistory.TOPIC);
    }

    private boolean ahead(long offset, boolean asks) {
        while (asks && offset > inputs.next()) {
            noteMissing(Math.min(offset, topic.beginning(partition.partition())));
            try {
                if (offset > inputs.next() && topic.holdsRecords(partition.partition(), inputs.next(), offset)) {
                    leftOut(offset);
                }
                break;
            } catch (RecordsDeletedException e) {
                LOG.debug("Deleted in the meantime: {}", e.getMessage());
            }
        }
        return true; // the gap has only transaction markers, aborted or compacted records
    }

    private void leftOut(long offset) {
        if (!fromCommitted) {
            throw new MovedOffsetException("The records of " + partition + " from offset " + inputs.next() + " to "
                    + (offset - 1) + " would be left out: somebody has moved the offset of the consumer group to "
                    + offset + ". Start again, and training continues at its checkpoint.");
        }
        move(offset);
    }

    private void noteMissing(long to) {
        long from = inputs.next();
        if (to <= from) {
            return;
        }
        missing.record(to - from);
        inputs.missing(to);
        LOG.warn(
                "The offsets {} to {} of {} were deleted before they were read: their records are not learned. Retention may be"
                        + " too short for training's pauses, or training too slow",
                from,
                to - 1,
                partition);
    }

    private boolean behind(long offset, boolean asks) {
        if (asks && fromCommitted) {
            move(offset);
            return true;
        }
        if (asks && inputs.next() > topic.end(partition.partition())) {
            throw MovedOffsetException.ended(partition, topic.end(partition.partition()), inputs.next());
        }
        if (!skipping) {
            skipping = true;
            LOG.warn(
                    "The records of {} from offset {} to {} were learned already and are skipped: somebody has moved the"
                            + " offset of the consumer group. learn.from=committed would learn them again",
                    partition,
                    offset,
                    inputs.next() - 1);
        }
        return false;
    }

    private void move(long offset) {
        LOG.warn(
                "{} is read from offset {}, the consumer group's, and not from {}, the checkpoint's, because"
                        + " learn.from=committed",
                partition,
                offset,
                inputs.next());
        inputs.begin(partition.topic(), inputs.last().getTopicId(), offset, InputHistory.MOVED);
    }
}
