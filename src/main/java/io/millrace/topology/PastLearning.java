package io.millrace.topology;

import io.millrace.avro.AvroSerdes;
import io.millrace.config.MillraceConfig;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was learned before training starts, so that nothing is overwritten and nothing counts twice: versions of the model must be
 * this application's own, and where its state is known, the place in the examples that it belongs to must be, too.
 */
final class PastLearning {
    private static final Logger LOG = LoggerFactory.getLogger(PastLearning.class);

    private final MillraceConfig config;
    private final Map<String, Object> client;
    private final Admin admin;
    private final String group;
    private final String changelog;

    /** @param client settings of training's clients */
    PastLearning(MillraceConfig config, Map<String, Object> client, Admin admin) {
        this.config = config;
        this.client = client;
        this.admin = admin;
        group = config.applicationId() + "-train";
        changelog = group + "-" + TrainingTopology.LEARNER + "-changelog";
    }

    /** @throws ClusterNotReadyException when training would overwrite another application's model */
    void check(AvroSerdes serdes) throws InterruptedException, ExecutionException {
        if (exists(changelog)) {
            restoreOffsets();
        } else {
            requireNoOtherModel(serdes);
        }
    }

    private boolean exists(String topic) throws InterruptedException, ExecutionException {
        try {
            admin.describeTopics(Set.of(topic)).allTopicNames().get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw e;
        }
    }

    private void requireNoOtherModel(AvroSerdes serdes) throws InterruptedException, ExecutionException {
        String topic = config.topics().modelSnapshots();
        if (ends(topic).values().stream().allMatch(end -> end.offset() == 0)) {
            return; // most often, and reading the topic takes a right that training needs for nothing else
        }
        Set<ByteBuffer> keys = new LinkedHashSet<>();
        SnapshotKeys own = new SnapshotKeys(config, serdes);
        try (CommittedRecords records = new CommittedRecords(client, topic)) {
            records.forEach(record -> {
                if (own.read(record.key()) == null) {
                    return;
                }
                if (record.value() == null) {
                    keys.remove(ByteBuffer.wrap(record.key()));
                } else {
                    keys.add(ByteBuffer.wrap(record.key()));
                }
            });
        }
        if (keys.isEmpty()) {
            return;
        }
        if (!config.resetsModel()) {
            throw new ClusterNotReadyException(
                    "The topic " + topic + " holds versions of the model " + config.modelName()
                            + " that another application has learned: " + group + " has no state of it, and would"
                            + " overwrite them. Give the new model a model.name of its own, or start with the"
                            + " application.id that has learned it, or set model.reset=true to delete them and begin"
                            + " anew.",
                    null);
        }
        LOG.warn(
                "Deletes the {} chunks of model {} in {}, since model.reset=true",
                keys.size(),
                config.modelName(),
                topic);
        delete(topic, keys);
    }

    private void delete(String topic, Set<ByteBuffer> keys) throws InterruptedException, ExecutionException {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(new HashMap<>(client), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (ByteBuffer key : keys) {
                producer.send(new ProducerRecord<>(topic, key.array(), null)).get();
            }
        }
    }

    /**
     * Brokers forget the offsets of a group that has been away for long ({@code offsets.retention.minutes}, a week by default): everything
     * that retention has left would be learned a second time.
     */
    private void restoreOffsets() throws InterruptedException, ExecutionException {
        Map<TopicPartition, ListOffsetsResultInfo> ends = ends(config.topics().examples());
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get();
        List<TopicPartition> forgotten = ends.keySet().stream()
                .filter(partition -> committed.get(partition) == null)
                .toList();
        if (forgotten.isEmpty()) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> restored = new HashMap<>();
        try (CommittedRecords states = new CommittedRecords(client, changelog);
                CommittedRecords examples =
                        new CommittedRecords(client, config.topics().examples())) {
            for (TopicPartition partition : forgotten) {
                NextInput next = states.has(partition.partition()) ? nextInput(states, partition) : null;
                if (next != null
                        && next.topic().equals(partition.topic())
                        && next.offset() <= ends.get(partition).offset()
                        && isSameTopic(examples, partition, next)) {
                    restored.put(partition, new OffsetAndMetadata(next.offset()));
                }
            }
        }
        if (restored.isEmpty()) {
            return;
        }
        try {
            admin.alterConsumerGroupOffsets(group, restored).all().get();
            LOG.warn("The brokers had forgotten how far {} has learned; it goes on from {}", group, restored);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof GroupNotEmptyException || e.getCause() instanceof UnknownMemberIdException)) {
                throw e; // else another instance runs, and has done this
            }
        }
    }

    /** Whether the last record that was read is still the same; not in a topic that was deleted, with its offsets, and made anew. */
    private boolean isSameTopic(CommittedRecords examples, TopicPartition partition, NextInput next) {
        long last = next.offset() - 1;
        if (examples.beginning(partition.partition()) > last) {
            return false; // the records from the first one on were not read, whichever topic it is
        }
        AtomicBoolean same = new AtomicBoolean();
        AtomicBoolean found = new AtomicBoolean();
        try {
            examples.from(partition.partition(), last, record -> {
                found.set(record.offset() == last);
                same.set(next.follows(record.value()));
                return false;
            });
        } catch (RecordsGoneException e) {
            found.set(false);
        }
        if (!found.get()) {
            throw unknown(partition, "the record before it, by which the topic would be known, is gone");
        }
        return same.get();
    }

    private ClusterNotReadyException unknown(TopicPartition partition, String why) {
        return new ClusterNotReadyException(
                "The brokers have forgotten how far " + group + " has learned " + partition + ", and " + why
                        + ": all that is left of the topic would be learned a second time. Set the offset with"
                        + " kafka-consumer-groups.sh --reset-offsets, or begin anew under another application.id.",
                null);
    }

    /** Where the last checkpoint goes on; null when there is none. */
    private NextInput nextInput(CommittedRecords records, TopicPartition examples) {
        AtomicReference<NextInput> next = new AtomicReference<>();
        AtomicBoolean learned = new AtomicBoolean();
        int partition = examples.partition();
        records.from(partition, records.beginning(partition), record -> {
            learned.set(true);
            if (ByteBuffer.wrap(record.key()).getInt() == LearnerStore.NEXT_INPUT) {
                next.set(NextInput.of(record.value()));
            }
            return true;
        });
        if (learned.get() && next.get() == null) {
            throw unknown(examples, "the state that an older Millrace wrote does not tell");
        }
        return next.get();
    }

    private Map<TopicPartition, ListOffsetsResultInfo> ends(String topic)
            throws InterruptedException, ExecutionException {
        Map<TopicPartition, OffsetSpec> latest =
                admin.describeTopics(Set.of(topic)).allTopicNames().get().get(topic).partitions().stream()
                        .collect(Collectors.toMap(
                                info -> new TopicPartition(topic, info.partition()), info -> OffsetSpec.latest()));
        return admin.listOffsets(latest).all().get();
    }
}
