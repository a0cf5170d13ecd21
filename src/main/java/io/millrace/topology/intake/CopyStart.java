package io.millrace.topology.intake;

import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import io.millrace.topology.cluster.ClusterNotReadyException;
import io.millrace.topology.cluster.CommittedRecords;
import io.millrace.topology.record.Source;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the offsets from which partitions are copied, so that no record is copied twice and none is left out silently. These are the
 * offsets of the intake's group, which are in the transactions of the copies. If the brokers have forgotten them, or somebody has moved
 * them, the headers in the learning log tell what was copied.
 */
final class CopyStart {
    private static final Logger LOG = LoggerFactory.getLogger(CopyStart.class);

    private final MillraceConfig config;
    private final Consumer<byte[], byte[]> consumer;
    private final CopyMark mark;
    private final SourceGaps gaps;
    private final String group;
    private Map<Integer, Long> copied; // by partition: the offset after the last copied one; null until it is needed

    /**
     * @param consumer of the group
     * @param mark ids of the topics
     * @param gaps is told what was deleted before it was copied
     */
    CopyStart(MillraceConfig config, Consumer<byte[], byte[]> consumer, CopyMark mark, SourceGaps gaps) {
        this.config = config;
        this.consumer = consumer;
        this.mark = mark;
        this.gaps = gaps;
        group = config.applicationId().intake();
    }

    /**
     * @param partitions of the examples
     * @return the offset from which to copy each of them
     * @throws ClusterNotReadyException when it is not known what was copied
     */
    Map<TopicPartition, Long> of(Collection<TopicPartition> partitions) {
        Set<TopicPartition> all = consumer.partitionsFor(config.topics().examples()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .collect(Collectors.toSet());
        all.addAll(partitions);
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(all);
        boolean forgotten = committed.values().stream().allMatch(offset -> offset == null);
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<TopicPartition, Long> starts = new HashMap<>();
        for (TopicPartition partition : partitions) {
            long beginning = beginnings.get(partition);
            long end = ends.get(partition);
            OffsetAndMetadata offset = committed.get(partition);
            long start = offset == null
                    ? unknown(partition, forgotten, beginning, end)
                    : known(partition, offset, beginning);
            starts.put(partition, existing(partition, start, beginning, end));
        }
        return starts;
    }

    private long known(TopicPartition partition, OffsetAndMetadata committed, long beginning) {
        Optional<CopyMark> marked = CopyMark.of(committed);
        if (marked.isEmpty()) {
            return moved(partition, committed.offset());
        }
        if (!marked.get().logId().equals(mark.logId())) {
            LOG.warn(
                    "The topic {} was deleted and recreated: records of {} before offset {} that were not learned yet are lost",
                    config.topics().learningLog(),
                    partition,
                    committed.offset());
        }
        if (marked.get().sourceId().equals(mark.sourceId())) {
            return committed.offset();
        }
        LOG.warn(
                "{} was deleted and recreated after offset {}: the new topic is learned from its beginning, offset {}",
                partition,
                committed.offset(),
                beginning);
        return beginning;
    }

    private long moved(TopicPartition partition, long committed) {
        Long next = copied().get(partition.partition());
        if (next == null || next == committed) {
            return committed; // somebody has chosen where to begin
        }
        if (config.learnsFromCommitted()) {
            LOG.warn(
                    "{} is copied from offset {}, the consumer group's, and not from {}, the learning log's, because"
                            + " learn.from=committed",
                    partition,
                    committed,
                    next);
            return committed;
        }
        LOG.warn(
                "Somebody has moved the offset of {} for {} to {}: records would be {}. Copying continues after the last copied"
                        + " record, at offset {}; with learn.from=committed it would follow the group",
                group,
                partition,
                committed,
                committed < next ? "learned a second time" : "left out",
                next);
        return next;
    }

    /** @param forgotten whether the group has no offset of any partition */
    private long unknown(TopicPartition partition, boolean forgotten, long beginning, long end) {
        Long next = copied().get(partition.partition());
        if (next != null) {
            LOG.warn(
                    "The brokers no longer have the offset of {} for {}: copying continues after the last copied record, at"
                            + " offset {}",
                    group,
                    partition,
                    next);
            return next;
        }
        if (!forgotten) {
            return beginning; // a partition that was added
        }
        try (CommittedRecords log = log()) {
            if (log.beginning(0) > 0) {
                throw new ClusterNotReadyException(
                        "The brokers no longer have the offsets of " + group + ", and retention has deleted from "
                                + config.topics().learningLog() + " what was copied of " + partition
                                + ": its records could be learned a second time. Set the offsets with"
                                + " kafka-consumer-groups.sh --reset-offsets, or start over with another application.id.",
                        null);
            }
        }
        return StreamsProperties.startsAtEnd(config) ? end : beginning;
    }

    private Map<Integer, Long> copied() {
        if (copied == null) {
            copied = new HashMap<>();
            try (CommittedRecords log = log()) {
                log.forEach(record -> {
                    Source source = Source.of(record.headers());
                    if (source != null && source.topicId().equals(mark.sourceId())) {
                        copied.put(source.place().partition(), source.place().offset() + 1);
                    }
                });
            }
        }
        return copied;
    }

    private CommittedRecords log() {
        return new CommittedRecords(config.trainingClient(), config.topics().learningLog());
    }

    private long existing(TopicPartition partition, long start, long beginning, long end) {
        if (start < beginning) {
            gaps.note(partition, start, beginning);
            return beginning;
        }
        if (start > end) {
            LOG.warn(
                    "{} ends at offset {}, but records up to offset {} were copied: the brokers have lost records. Copying"
                            + " continues at its end",
                    partition,
                    end,
                    start - 1);
            return end;
        }
        return start;
    }
}
