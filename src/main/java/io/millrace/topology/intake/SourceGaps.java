package io.millrace.topology.intake;

import java.util.HashMap;
import java.util.Map;
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

    /** The number of offsets that the next copy of a partition tells, once. */
    long take(TopicPartition partition) {
        Long taken = missing.isEmpty() ? null : missing.remove(partition);
        return taken == null ? 0 : taken;
    }
}
