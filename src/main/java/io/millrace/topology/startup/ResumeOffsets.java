package io.millrace.topology.startup;

import io.millrace.config.MillraceConfig;
import io.millrace.topology.cluster.ClusterNotReadyException;
import io.millrace.topology.cluster.CommittedRecords;
import io.millrace.topology.cluster.RecordsDeletedException;
import io.millrace.topology.history.BrokerExamplesTopic;
import io.millrace.topology.history.InputHistory;
import io.millrace.topology.history.Lineage;
import io.millrace.topology.history.MovedOffsetException;
import io.millrace.topology.history.ResumePoint;
import io.millrace.topology.training.StoreKey;
import io.millrace.topology.training.StoredLearner;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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
 * Sets the offsets of training's consumer group to those of its checkpoints, before training starts. They differ when the brokers have
 * deleted the group's offsets ({@code offsets.retention.minutes}, a week by default), or when somebody has moved them: records would be
 * learned a second time, or left out. If another instance runs, that instance has done this already.
 */
final class ResumeOffsets {
    private static final Logger LOG = LoggerFactory.getLogger(ResumeOffsets.class);

    /** How many of the last records to read first: a checkpoint ends with the items that are needed here, after the chunks of the state. */
    private static final int LAST_RECORDS = 64;

    private static final int GROWTH = 16;

    private final MillraceConfig config;
    private final Map<String, Object> client;
    private final Admin admin;
    private final String group;
    private final String changelog;
    private final String topic;
    private String topicId;
    private final List<String> warnings = new ArrayList<>();
    private CommittedRecords examples;

    /** @param client settings of training's clients */
    ResumeOffsets(MillraceConfig config, Map<String, Object> client, Admin admin, String group, String changelog) {
        this.config = config;
        this.client = client;
        this.admin = admin;
        this.group = group;
        this.changelog = changelog;
        topic = config.topics().learned();
    }

    /** @throws ClusterNotReadyException when the next offset is not known, or does not exist any more */
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

    /**
     * Alters offsets, and logs the warnings if that succeeds. If another instance runs, it may have committed between two reads, and
     * nothing was moved.
     */
    private void alter(Map<TopicPartition, OffsetAndMetadata> moved) throws InterruptedException, ExecutionException {
        try {
            admin.alterConsumerGroupOffsets(group, moved).all().get();
            warnings.forEach(LOG::warn);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof GroupNotEmptyException || e.getCause() instanceof UnknownMemberIdException)) {
                throw e; // else another instance runs, and has done this
            }
        }
    }

    /**
     * The offset from which to read a partition.
     *
     * @param committed offset of the group, -1 for none
     * @return empty: the offset of the group stays
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
            throw unknown(partition, "the state, which an older Millrace wrote, does not contain it");
        }
        OptionalLong leftOff = inputs.leftOff(topic, topicId);
        if (leftOff.isEmpty() || isMadeAnew(checkpoint, partition, committed)) {
            return ofNewTopic(inputs, partition, committed);
        }
        return compared(partition, leftOff.getAsLong(), committed);
    }

    /**
     * A topic that was not read before starts at the group's offset. That offset can be an old one only if the topic has the name of an
     * earlier one.
     */
    private OptionalLong ofNewTopic(InputHistory inputs, TopicPartition partition, long committed) {
        if (committed < 0
                || config.learnsFromCommitted()
                || !inputs.last().getTopic().equals(topic)) {
            return OptionalLong.empty();
        }
        long beginning = examples.beginning(partition.partition());
        if (committed != beginning) {
            warnings.add(partition + " was deleted and recreated after " + group
                    + " had learned it: training starts at its beginning, offset " + beginning + ", and not at offset "
                    + committed);
        }
        return OptionalLong.of(beginning);
    }

    private OptionalLong compared(TopicPartition partition, long next, long committed) {
        long beginning = examples.beginning(partition.partition());
        long end = examples.end(partition.partition());
        if (committed >= 0 && config.learnsFromCommitted()) {
            return chosen(partition, committed, beginning, end);
        }
        if (next > end) {
            throw new ClusterNotReadyException(
                    MovedOffsetException.ended(partition, end, next).getMessage(), null);
        }
        long first = Math.max(next, beginning); // training reports the deleted records
        if (committed == next || isAfterMarks(partition, first, committed, end)) {
            return inReach(committed, beginning);
        }
        if (committed < 0) {
            warnings.add("The brokers no longer have the offset of " + group + " for " + partition
                    + ": training continues at its checkpoint, offset " + next);
        } else {
            warnings.add("Somebody has moved the offset of " + group + " for " + partition + " to " + committed
                    + ": records would be " + (committed < next ? "learned a second time" : "left out")
                    + ". Training continues at its checkpoint, offset " + next
                    + "; with learn.from=committed it would follow the group");
        }
        return OptionalLong.of(first);
    }

    /** With learn.from=committed, training starts at the group's offset, if it exists. */
    private OptionalLong chosen(TopicPartition partition, long committed, long beginning, long end) {
        if (committed > end) {
            throw new ClusterNotReadyException(
                    "The offset of " + group + " for " + partition + " is " + committed
                            + ", but the partition ends before offset " + end
                            + ": with learn.from=committed, training cannot continue there. Set an existing offset with"
                            + " kafka-consumer-groups.sh --reset-offsets, or set learn.from=checkpoint.",
                    null);
        }
        return inReach(committed, beginning);
    }

    /**
     * Starts at the beginning when the committed offset was deleted. From a deleted offset, a consumer would jump as auto.offset.reset
     * says, perhaps to the end, or stop.
     */
    private static OptionalLong inReach(long committed, long beginning) {
        return committed < beginning ? OptionalLong.of(beginning) : OptionalLong.empty();
    }

    /** Whether only transaction markers, aborted or compacted records are before the group's offset. */
    private boolean isAfterMarks(TopicPartition partition, long first, long committed, long end) {
        if (committed <= first || committed > end) {
            return committed == first;
        }
        try {
            return !BrokerExamplesTopic.holdsRecords(examples, partition.partition(), first, committed);
        } catch (RecordsDeletedException e) {
            LOG.debug("Deleted in the meantime: {}", e.getMessage());
            return false;
        }
    }

    /**
     * Whether the topic was deleted, with the group's offset, and recreated. A checkpoint of an older Millrace does not contain the topic's
     * id, only the last record that was read.
     */
    private boolean isMadeAnew(Checkpoint checkpoint, TopicPartition partition, long committed) {
        if (checkpoint.byLastRecord == null || committed >= 0) {
            return false;
        }
        long last = checkpoint.byLastRecord.offset() - 1;
        if (last >= examples.end(partition.partition()) || examples.beginning(partition.partition()) > last) {
            return true; // whichever topic it is, its records were not read, from the first one on
        }
        AtomicBoolean same = new AtomicBoolean();
        AtomicBoolean found = new AtomicBoolean();
        try {
            examples.from(partition.partition(), last, record -> {
                found.set(record.offset() == last);
                same.set(checkpoint.byLastRecord.follows(record.value()));
                return false;
            });
        } catch (RecordsDeletedException e) {
            LOG.debug("Deleted in the meantime: {}", e.getMessage());
        }
        if (!found.get()) {
            throw unknown(partition, "the record before it, which would identify the topic, was deleted");
        }
        return !same.get();
    }

    private ClusterNotReadyException unknown(TopicPartition partition, String why) {
        return new ClusterNotReadyException(
                "The brokers no longer have the offset of " + group + " for " + partition + ", and " + why
                        + ": training would learn all that is left of the topic a second time. Set the offset with"
                        + " kafka-consumer-groups.sh --reset-offsets, or start over with another application.id.",
                null);
    }

    /**
     * What a changelog contains about the input.
     *
     * @param lineage null: there is no checkpoint
     * @param byLastRecord null, unless an older Millrace wrote it
     */
    private record Checkpoint(Lineage lineage, ResumePoint byLastRecord) {
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
                StoreKey key = StoreKey.of(record.key());
                if (key.model().equals(StoreKey.ONLY)) {
                    // items from 0 on are the state, which may be large
                    last.put(Math.min(0, key.item()), key.item() < 0 ? record.value() : new byte[0]);
                }
                return true;
            });
            byte[] lineage = last.get(StoredLearner.LINEAGE);
            byte[] next = last.get(StoredLearner.NEXT_INPUT);
            boolean knows = lineage != null
                    && (next != null || !Lineage.of(lineage).inputs().isEmpty());
            if (knows || from == beginning) {
                return last.isEmpty()
                        ? Checkpoint.NONE
                        : new Checkpoint(
                                ResumePoint.lineage(lineage, next), next == null ? null : ResumePoint.of(next));
            }
        }
    }
}
