package io.millrace.topology;

import io.millrace.config.MillraceConfig;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the offsets of training's consumer group where its checkpoints go on, before training starts. They differ when the brokers have
 * forgotten the group's ({@code offsets.retention.minutes}, a week by default), or somebody has moved them: records would be learned a
 * second time, or left out. Where another instance runs, it has seen to this.
 */
final class ResumeOffsets {
    private static final Logger LOG = LoggerFactory.getLogger(ResumeOffsets.class);

    /** A checkpoint ends with what is asked for here, after the chunks of the state. */
    private static final int LAST_RECORDS = 64;

    private static final int GROWTH = 16;

    private final MillraceConfig config;
    private final Map<String, Object> client;
    private final Admin admin;
    private final String group;
    private final String changelog;
    private final String topic;
    private String topicId;
    private CommittedRecords examples;

    /** @param client settings of training's clients */
    ResumeOffsets(MillraceConfig config, Map<String, Object> client, Admin admin, String group, String changelog) {
        this.config = config;
        this.client = client;
        this.admin = admin;
        this.group = group;
        this.changelog = changelog;
        topic = config.topics().examples();
    }

    /** @throws ClusterNotReadyException when it is not known, or not to be had any more, what comes next */
    void restore() throws InterruptedException, ExecutionException {
        TopicDescription described =
                admin.describeTopics(Set.of(topic)).allTopicNames().get().get(topic);
        topicId = described.topicId().toString();
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get();
        Map<TopicPartition, OffsetAndMetadata> moved = new HashMap<>();
        try (CommittedRecords states = new CommittedRecords(client, changelog);
                CommittedRecords records = new CommittedRecords(client, topic)) {
            examples = records;
            for (int i = 0; i < described.partitions().size(); i++) {
                TopicPartition partition = new TopicPartition(topic, i);
                OffsetAndMetadata offset = committed.get(partition);
                OptionalLong right = right(states, partition, offset == null ? -1 : offset.offset());
                right.ifPresent(next -> moved.put(partition, new OffsetAndMetadata(next)));
            }
        }
        if (!moved.isEmpty()) {
            alter(moved);
        }
    }

    private void alter(Map<TopicPartition, OffsetAndMetadata> moved) throws InterruptedException, ExecutionException {
        try {
            admin.alterConsumerGroupOffsets(group, moved).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof GroupNotEmptyException || e.getCause() instanceof UnknownMemberIdException)) {
                throw e; // else another instance runs, and has done this
            }
        }
    }

    /**
     * Where a partition is to be read on.
     *
     * @param committed offset of the group, -1 for none
     * @return empty: where the group's offset is
     */
    private OptionalLong right(CommittedRecords states, TopicPartition partition, long committed) {
        Checkpoint checkpoint = states.has(partition.partition()) ? checkpoint(states, partition) : Checkpoint.NONE;
        if (checkpoint.lineage == null) {
            return OptionalLong.empty(); // nothing was learned
        }
        InputHistory inputs = checkpoint.lineage.inputs();
        if (inputs.isEmpty()) {
            if (committed >= 0) {
                return OptionalLong.empty();
            }
            throw unknown(partition, "the state that an older Millrace wrote does not tell");
        }
        OptionalLong leftOff = inputs.leftOff(topic, topicId);
        if (leftOff.isEmpty() || isMadeAnew(checkpoint, partition, committed)) {
            return ofNewTopic(inputs, partition, committed);
        }
        return compared(partition, leftOff.getAsLong(), committed);
    }

    /** A topic that was not read: from where the group's offset says, which can be no old one unless the topic has an old name. */
    private OptionalLong ofNewTopic(InputHistory inputs, TopicPartition partition, long committed) {
        if (committed < 0
                || config.learnsFromCommitted()
                || !inputs.last().getTopic().equals(topic)) {
            return OptionalLong.empty();
        }
        long beginning = examples.beginning(partition.partition());
        if (committed != beginning) {
            LOG.warn(
                    "{} was made anew since {} learned it: it is learned from its beginning, offset {}, and not from offset {}",
                    partition,
                    group,
                    beginning,
                    committed);
        }
        return OptionalLong.of(beginning);
    }

    private OptionalLong compared(TopicPartition partition, long next, long committed) {
        if (committed == next || committed >= 0 && config.learnsFromCommitted()) {
            return OptionalLong.empty();
        }
        long end = examples.end(partition.partition());
        if (next > end) {
            throw new ClusterNotReadyException(
                    MovedOffsetException.ended(partition, end, next).getMessage(), null);
        }
        long first = Math.max(next, examples.beginning(partition.partition())); // what is gone, training tells
        if (committed > next
                && (committed <= first
                        || !BrokerExamplesTopic.holdsRecords(examples, partition.partition(), first, committed))) {
            return OptionalLong.empty(); // between, there are marks of transactions, aborted or compacted records
        }
        if (committed < 0) {
            LOG.warn("The brokers had forgotten how far {} has learned {}; it goes on from {}", group, partition, next);
        } else {
            LOG.warn(
                    "Somebody has moved the offset of {} for {} to {}: records would be {}. It goes on from {}, where its"
                            + " checkpoint is; learn.from=committed would follow the group",
                    group,
                    partition,
                    committed,
                    committed < next ? "learned a second time" : "left out",
                    next);
        }
        return OptionalLong.of(first);
    }

    /**
     * Whether the topic was deleted, with the group's offset, and made anew. A checkpoint that an older Millrace wrote does not know the
     * topic's id, but the last record that was read.
     */
    private boolean isMadeAnew(Checkpoint checkpoint, TopicPartition partition, long committed) {
        if (checkpoint.byLastRecord == null || committed >= 0) {
            return false;
        }
        long last = checkpoint.byLastRecord.offset() - 1;
        if (last >= examples.end(partition.partition()) || examples.beginning(partition.partition()) > last) {
            return true; // the records from the first one on were not read, whichever topic it is
        }
        AtomicBoolean same = new AtomicBoolean();
        AtomicBoolean found = new AtomicBoolean();
        try {
            examples.from(partition.partition(), last, record -> {
                found.set(record.offset() == last);
                same.set(checkpoint.byLastRecord.follows(record.value()));
                return false;
            });
        } catch (RecordsGoneException e) {
            LOG.debug("Deleted while it was looked for: {}", e.getMessage());
        }
        if (!found.get()) {
            throw unknown(partition, "the record before it, by which the topic would be known, is gone");
        }
        return !same.get();
    }

    private ClusterNotReadyException unknown(TopicPartition partition, String why) {
        return new ClusterNotReadyException(
                "The brokers have forgotten how far " + group + " has learned " + partition + ", and " + why
                        + ": all that is left of the topic would be learned a second time. Set the offset with"
                        + " kafka-consumer-groups.sh --reset-offsets, or begin anew under another application.id.",
                null);
    }

    /**
     * What a changelog says of the input.
     *
     * @param lineage null: there is no checkpoint
     * @param byLastRecord null, unless an older Millrace wrote it
     */
    private record Checkpoint(Lineage lineage, NextInput byLastRecord) {
        static final Checkpoint NONE = new Checkpoint(null, null);
    }

    private static Checkpoint checkpoint(CommittedRecords states, TopicPartition partition) {
        int number = partition.partition();
        long beginning = states.beginning(number);
        long end = states.end(number);
        for (long records = LAST_RECORDS; ; records *= GROWTH) {
            long from = Math.max(beginning, end - records);
            Map<Integer, byte[]> last = new HashMap<>();
            states.from(number, from, record -> {
                int key = ByteBuffer.wrap(record.key()).getInt();
                if (key < 0) {
                    last.put(key, record.value());
                } else {
                    last.put(0, new byte[0]); // there is a state, and it may be large
                }
                return true;
            });
            byte[] lineage = last.get(LearnerStore.LINEAGE);
            byte[] next = last.get(LearnerStore.NEXT_INPUT);
            boolean knows = lineage != null
                    && (next != null || !Lineage.of(lineage).inputs().isEmpty());
            if (knows || from == beginning) {
                return last.isEmpty()
                        ? Checkpoint.NONE
                        : new Checkpoint(NextInput.lineage(lineage, next), next == null ? null : NextInput.of(next));
            }
        }
    }
}
