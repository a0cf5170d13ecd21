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
    private final List<String> warnings = new ArrayList<>();
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

    /** Another instance that runs commits between two looks: only what was altered had been moved. */
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
            throw unknown(partition, "the state, which an older Millrace wrote, does not contain it");
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
        long first = Math.max(next, beginning); // what is gone, training tells
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

    /** With learn.from=committed, from where the group is, if there is such a place. */
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

    /** A consumer that begins at an offset that is gone would jump to where auto.offset.reset says, the end maybe, or stop. */
    private static OptionalLong inReach(long committed, long beginning) {
        return committed < beginning ? OptionalLong.of(beginning) : OptionalLong.empty();
    }

    /** Whether there are only marks of transactions, aborted or compacted records before the group's offset. */
    private boolean isAfterMarks(TopicPartition partition, long first, long committed, long end) {
        if (committed <= first || committed > end) {
            return committed == first;
        }
        try {
            return !BrokerExamplesTopic.holdsRecords(examples, partition.partition(), first, committed);
        } catch (RecordsDeletedException e) {
            LOG.debug("Deleted while it was looked for: {}", e.getMessage());
            return false;
        }
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
        } catch (RecordsDeletedException e) {
            LOG.debug("Deleted while it was looked for: {}", e.getMessage());
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
     * What a changelog says of the input.
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
                    // there is a state from 0 on, and it may be large
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
