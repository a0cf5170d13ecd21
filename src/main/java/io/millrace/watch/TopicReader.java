package io.millrace.watch;

import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSnapshotKey;
import io.millrace.avro.ValidationLoss;
import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import io.millrace.config.Topics;
import io.millrace.records.AvroSerdes;
import io.millrace.records.RegistryUnavailableException;
import io.millrace.topology.cluster.AuthErrors;
import io.millrace.topology.serving.LiveModel;
import io.millrace.topology.snapshot.SnapshotAssembler;
import io.millrace.topology.snapshot.SnapshotDecoder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Reads the reports, versions and dead letters from the beginning, and enters them into a picture. It reads committed records only, and
 * without a group, so it leaves no trace on the brokers. A record that cannot be read is left out and told.
 */
final class TopicReader implements Runnable, AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int LIST_MS = 5000;

    private final Topics topics;
    private final String model;
    private final Picture picture;
    private final StoredVersions versions;
    private final LiveModel live;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, String> names = new HashMap<>();
    private long listedAt;
    private final Deserializer<ValidationLoss> reports;
    private final SnapshotDecoder snapshots;
    private final SnapshotAssembler assembler = new SnapshotAssembler();
    private Map<TopicPartition, Long> history; // what was there at the start; null once it is read

    private long unreadable;
    private String reason; // why the last record of them could not be read
    private volatile double read;
    private volatile String problem;

    /**
     * @param versions learns where versions are
     * @param live receives every version, too; may be null
     */
    TopicReader(MillraceConfig config, AvroSerdes serdes, Picture picture, StoredVersions versions, LiveModel live) {
        topics = config.topics();
        model = config.modelName();
        this.picture = picture;
        this.versions = versions;
        this.live = live;
        reports = serdes.valueSerde(ValidationLoss.class).deserializer();
        snapshots = new SnapshotDecoder(config, serdes);
        Map<String, Object> settings = StreamsProperties.committedReader(config);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false"); // a topic may be deleted meanwhile
        settings.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, LIST_MS); // partitions may be added
        consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Share of the history that was read, 0 to 1: 1 once the reader has reached the end that the topics had when it began. */
    double read() {
        return read;
    }

    /** What cannot be read, a sentence; null for nothing. */
    String problem() {
        return problem;
    }

    /** Reads until the reader is closed. */
    @Override
    public void run() {
        try (consumer) {
            while (true) {
                try {
                    if (isListingDue() && !assign() && names.isEmpty()) {
                        Thread.sleep(PAUSE.toMillis());
                        continue;
                    }
                    boolean waits = enter(consumer.poll(POLL));
                    measure();
                    problem = waits ? "The schema registry cannot be reached." : unreadable == 0 ? null : left();
                    if (waits) {
                        Thread.sleep(PAUSE.toMillis());
                    }
                } catch (WakeupException | InterruptException e) {
                    throw e;
                } catch (KafkaException e) {
                    problem = AuthErrors.sentence(e).orElse("The topics cannot be read (" + AuthErrors.root(e) + ").");
                    Thread.sleep(PAUSE.toMillis());
                }
            }
        } catch (WakeupException | InterruptException | InterruptedException e) {
            // closed
        }
    }

    private String left() {
        return (unreadable == 1 ? "One record" : unreadable + " records") + " cannot be read; the last one: " + reason
                + ".";
    }

    private boolean isListingDue() {
        long now = System.nanoTime() / 1_000_000;
        if (!names.isEmpty() && now - listedAt < LIST_MS) {
            return false;
        }
        listedAt = now;
        return true;
    }

    /**
     * Begins to read the partitions that are not read yet.
     *
     * @return false while a topic is not there: training creates it
     */
    private boolean assign() {
        Map<TopicPartition, String> found = new HashMap<>();
        Map<String, String> kinds = Map.of(
                topics.validationLosses(), "reports-",
                topics.modelSnapshots(), "snapshots-",
                topics.deadLetters(), "letters-");
        for (String topic : kinds.keySet()) {
            List<PartitionInfo> partitions = consumer.partitionsFor(topic);
            if (partitions.isEmpty()) {
                problem = "The topic " + topic + " is not there yet.";
                return false;
            }
            partitions.forEach(info ->
                    found.put(new TopicPartition(topic, info.partition()), kinds.get(topic) + info.partition()));
        }
        found.keySet().removeAll(names.keySet());
        if (found.isEmpty()) {
            return true;
        }
        if (names.isEmpty()) {
            history = consumer.endOffsets(found.keySet());
        }
        names.putAll(found);
        consumer.assign(names.keySet());
        consumer.seekToBeginning(found.keySet());
        return true;
    }

    private void measure() {
        if (history == null) {
            return;
        }
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(history.keySet());
        long all = 0;
        long left = 0;
        for (Map.Entry<TopicPartition, Long> end : history.entrySet()) {
            all += end.getValue() - begins.get(end.getKey());
            left += Math.max(0, end.getValue() - consumer.position(end.getKey()));
        }
        read = left == 0 ? 1 : 1 - (double) left / Math.max(left, all);
        if (left == 0) {
            history = null;
        }
    }

    /** @return whether a record waits for the registry; it is read again */
    private boolean enter(ConsumerRecords<byte[], byte[]> records) {
        boolean waits = false;
        for (TopicPartition partition : records.partitions()) {
            for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
                try {
                    enter(record, names.get(partition));
                } catch (RegistryUnavailableException e) {
                    consumer.seek(partition, record.offset());
                    waits = true;
                    break;
                } catch (InterruptException e) {
                    throw e;
                } catch (RuntimeException e) { // anybody can write anything
                    unreadable++;
                    reason = partition + " at offset " + record.offset() + " (" + e.getMessage() + ")";
                }
            }
        }
        return waits;
    }

    private void enter(ConsumerRecord<byte[], byte[]> record, String partition) {
        if (record.topic().equals(topics.validationLosses())) {
            ValidationLoss report = reports.deserialize(record.topic(), record.value());
            if (report != null && report.getModel().equals(model)) {
                picture.report(partition, record.offset(), report, record.timestamp());
            }
        } else if (record.topic().equals(topics.modelSnapshots())) {
            enterChunk(record, partition);
        } else {
            picture.letter(partition, record.offset(), Letter.of(record));
        }
    }

    private void enterChunk(ConsumerRecord<byte[], byte[]> record, String partition) {
        ModelSnapshotKey key = snapshots.key(record.key());
        if (key == null || key.getChunk() < 0) {
            return; // of another model, or a part of the learner's state
        }
        ModelSnapshot chunk = snapshots.value(key, record.value());
        if (chunk == null) {
            assembler.remove(key);
            versions.deleted(key);
            picture.deleted(partition, record.offset(), key.getPartition(), key.getVersion());
            if (live != null) {
                live.remove(key);
            }
            return;
        }
        versions.add(key, record);
        Optional<List<ModelSnapshot>> whole = assembler.add(chunk);
        if (whole.isPresent()) {
            ModelView view = ModelView.of(whole.get()); // an ensemble's has the weights of its members
            picture.version(partition, record.offset(), whole.get().get(0), record.timestamp(), view);
        }
        if (live != null) {
            live.add(chunk, record.offset());
        }
    }

    /** Ends {@link #run}. */
    @Override
    public void close() {
        consumer.wakeup();
    }
}
