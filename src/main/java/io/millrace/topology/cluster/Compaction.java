package io.millrace.topology.cluster;

import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/**
 * Settings of topics whose every key is written again and again, each second perhaps: small segments and an early cleaner, so
 * that a restore reads a few old copies and not an hour of them. Compacted only, never deleted by age.
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
