package io.millrace.topology.cluster;

import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/**
 * Settings of topics in which every key is written again and again, perhaps each second. Segments are small and the cleaner runs early, so
 * that a restore reads a few old copies and not those of an hour. The topics are compacted only; records are never deleted by age.
 */
public final class Compaction {
    public static final Map<String, String> EAGER = Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT,
            TopicConfig.SEGMENT_BYTES_CONFIG, String.valueOf(32 << 20),
            TopicConfig.SEGMENT_MS_CONFIG, String.valueOf(600_000),
            TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0.1",
            TopicConfig.DELETE_RETENTION_MS_CONFIG, String.valueOf(3_600_000));

    private Compaction() {}
}
