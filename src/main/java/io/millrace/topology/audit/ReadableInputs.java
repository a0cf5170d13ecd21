package io.millrace.topology.audit;

import io.millrace.avro.InputStretch;
import io.millrace.config.MillraceConfig;
import io.millrace.topology.audit.VersionHistory.Part;
import io.millrace.topology.cluster.CommittedRecords;
import io.millrace.topology.history.BrokerExamplesTopic;
import io.millrace.topology.history.InputHistory;
import io.millrace.topology.history.InputPosition;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Reads the topics that a replica has read, as far as they still exist. */
final class ReadableInputs implements AutoCloseable {
    /** Receives the records that a replay reads. */
    interface Reader {
        /** @return whether to continue */
        boolean read(int stretch, ConsumerRecord<byte[], byte[]> record);
    }

    private final MillraceConfig config;
    private final int partition;
    private final Admin admin;
    private final Map<String, Optional<String>> ids = new HashMap<>(); // by topic; empty when the topic does not exist
    private final Map<String, CommittedRecords> records = new HashMap<>();

    ReadableInputs(MillraceConfig config, int partition) {
        this.config = config;
        this.partition = partition;
        admin = Admin.create(config.client());
    }

    /** Says why the records that a version has read from a position on cannot be read again, as a part of a sentence; empty when they can. */
    Optional<String> unreadable(VersionHistory history, long begin) {
        return history.parts(history.afterMissing(begin), history.next()).stream()
                .filter(part -> part.offsets() > 0)
                .flatMap(part -> unreadable(history, part).stream())
                .findFirst();
    }

    private Optional<String> unreadable(VersionHistory history, Part part) {
        InputStretch stretch = history.stretches().get(part.stretch());
        String topic = stretch.getTopic();
        Optional<String> id = ids.computeIfAbsent(topic, this::id);
        if (id.isEmpty() || !records(topic).has(partition)) {
            return Optional.of(made(part, topic)
                    + (id.isEmpty() ? ", which does not exist any more" : ", a partition that does not exist"));
        }
        if (!InputHistory.sameId(id.get(), stretch.getTopicId())) {
            return Optional.of(made(part, topic) + " with the topic id " + stretch.getTopicId()
                    + ": that topic was deleted, and the topic that now has its name has the id " + id.get());
        }
        long beginning = records(topic).beginning(partition);
        return first(history, part) >= beginning
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT, "%s, and those before %,d have been deleted", made(part, topic), beginning));
    }

    private String made(Part part, String topic) {
        return String.format(
                Locale.ROOT, "it is made of offsets %,d..%,d of %s-%d", part.from(), part.to() - 1, topic, partition);
    }

    /** A sentence for each compacted topic: if compaction removed records after they were learned, the weights may still be correct. */
    List<String> compacted(VersionHistory history) {
        return history.stretches().stream()
                .map(InputStretch::getTopic)
                .distinct()
                .filter(this::isCompacted)
                .map(topic -> "the topic " + topic + " has cleanup.policy=compact: compaction may have removed records"
                        + " that were learned, so a difference proves nothing")
                .toList();
    }

    private boolean isCompacted(String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try {
            return admin.describeConfigs(List.of(resource))
                    .all()
                    .get()
                    .get(resource)
                    .get(TopicConfig.CLEANUP_POLICY_CONFIG)
                    .value()
                    .contains(TopicConfig.CLEANUP_POLICY_COMPACT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            return false; // the topic does not exist, or the user may not read its settings
        }
    }

    /**
     * Reads the records that a version has read, and continues until the reader returns false.
     *
     * @param begin position of the first record
     * @return the offset in the last stretch at which the records end
     */
    long read(VersionHistory history, long begin, Reader reader) {
        int last = history.stretches().size() - 1;
        for (Part part : history.parts(begin, InputPosition.of(last, InputPosition.MAX_OFFSET))) {
            if (part.stretch() > InputPosition.stretch(history.next())
                    && unreadable(history, part).isPresent()) {
                break; // it may hold the record that closed the last mini-batch, but is not part of the version
            }
            if (part.offsets() == 0) {
                continue; // nothing of it was read from that position on, and it may be deleted
            }
            AtomicBoolean wanted = new AtomicBoolean(true);
            String topic = history.stretches().get(part.stretch()).getTopic();
            records(topic).from(partition, first(history, part), record -> {
                boolean within = part.stretch() == last || record.offset() < part.to();
                wanted.set(!within || reader.read(part.stretch(), record));
                return within && wanted.get();
            });
            if (!wanted.get()) {
                break;
            }
        }
        return records(history.stretchAt(history.next()).getTopic()).end(partition);
    }

    /** The first offset of a part that was not missing when it was learned. */
    private static long first(VersionHistory history, Part part) {
        return InputPosition.offset(history.afterMissing(InputPosition.of(part.stretch(), part.from())));
    }

    private CommittedRecords records(String topic) {
        return records.computeIfAbsent(topic, name -> new CommittedRecords(config, name));
    }

    private Optional<String> id(String topic) {
        try {
            return Optional.of(BrokerExamplesTopic.id(admin, topic));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw new KafkaException(e.getCause());
        }
    }

    @Override
    public void close() {
        records.values().forEach(CommittedRecords::close);
        admin.close();
    }
}
