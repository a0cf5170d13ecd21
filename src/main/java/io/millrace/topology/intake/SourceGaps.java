package io.millrace.topology.intake;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offsets of the examples that were deleted before they were copied, by partition. The next copy of the partition tells them, so that
 * training reports them like a gap of its own input.
 */
final class SourceGaps {
    private static final Logger LOG = LoggerFactory.getLogger(SourceGaps.class);

    private final Map<TopicPartition, Long> missing = new HashMap<>();

    /** Logs and keeps a gap. */
    void note(TopicPartition partition, long from, long to) {
        LOG.warn(
                "The offsets {} to {} of {} were deleted before they were read: their records are not learned. Retention may be too"
                        + " short for training's pauses",
                from,
                to - 1,
                partition);
        missing.merge(partition, to - from, Long::sum);
    }

    /** Whether no copy has told a gap of this partition yet. */
    boolean has(TopicPartition partition) {
        return missing.containsKey(partition);
    }

    /** The number of offsets that the copy of this record tells, because it is the next one of its partition. */
    long take(ConsumerRecord<?, ?> record) {
        if (missing.isEmpty()) {
            return 0;
        }
        Long taken = missing.remove(new TopicPartition(record.topic(), record.partition()));
        return taken == null ? 0 : taken;
    }
}
