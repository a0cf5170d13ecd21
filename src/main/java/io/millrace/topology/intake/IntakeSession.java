package io.millrace.topology.intake;

import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One membership in the intake's group, from the first join to the first fault. While it owns the partitions, it copies: each transaction
 * holds copies and the offsets behind their sources, so a copy exists exactly once whatever fails. After a fault, another session continues
 * from the last committed transaction.
 */
final class IntakeSession implements AutoCloseable, ConsumerRebalanceListener {
    private static final Logger LOG = LoggerFactory.getLogger(IntakeSession.class);

    /** How long a transaction collects copies. Training reads them when it is committed. */
    private static final long COMMIT_NANOS = Duration.ofMillis(50).toNanos();

    private static final Duration IDLE = Duration.ofMillis(500);
    private static final Duration LAST_WORD = Duration.ofSeconds(1);

    /** Limits of what waits of one partition while others are waited for. */
    private static final int MOST_RECORDS = 8000;

    private static final long MOST_BYTES = 4 << 20;

    private final MillraceConfig config;
    private final KafkaClientSupplier clients; // training's, as configured
    private final Consumer<byte[], byte[]> consumer;
    private final PartitionMerge merge = new PartitionMerge();
    private final SourceGaps gaps = new SourceGaps();
    private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>(); // by this session
    private Producer<byte[], byte[]> producer; // null while another member owns the partitions
    private LearningLog log;
    private CopyMark mark;
    private long begunNanos;
    private boolean begun; // whether a transaction is open
    private boolean lost; // whether the partitions went to another member, or the topic is gone
    private boolean closing;

    IntakeSession(MillraceConfig config) {
        this.config = config;
        clients = new StreamsConfig(StreamsProperties.training(config)).getKafkaClientSupplier();
        Map<String, Object> settings = StreamsProperties.intakeConsumer(config);
        settings.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, OneMemberAssignor.class.getName());
        consumer = clients.getConsumer(settings);
    }

    /** Ends a wait of {@link #run}; may be called by another thread. */
    void wakeup() {
        consumer.wakeup();
    }

    /** Metrics of its consumer; any thread may read them. */
    Map<MetricName, ? extends Metric> metrics() {
        return consumer.metrics();
    }

    /** Copies until it is stopped, or until a fault is thrown, or until another member owns the partitions. */
    void run(BooleanSupplier running) {
        consumer.subscribe(List.of(config.topics().examples()), this);
        while (running.getAsBoolean() && !lost) {
            ConsumerRecords<byte[], byte[]> records = poll();
            if (lost) {
                break; // while it polled; its partitions cannot be asked any more
            }
            long now = System.nanoTime();
            for (TopicPartition partition : records.partitions()) {
                merge.add(partition, records.records(partition), now);
            }
            for (TopicPartition partition : merge.partitions()) {
                merge.unread(partition, consumer.currentLag(partition).orElse(1) > 0);
            }
            copy(now);
            balance();
            if (begun && System.nanoTime() - begunNanos >= COMMIT_NANOS) {
                commit();
            }
        }
    }

    private ConsumerRecords<byte[], byte[]> poll() {
        long now = System.nanoTime();
        long wait = merge.waitNanos(now);
        long due = begun ? begunNanos + COMMIT_NANOS - now : Long.MAX_VALUE;
        long nanos = Math.min(IDLE.toNanos(), Math.min(due, wait == 0 ? Long.MAX_VALUE : wait));
        try {
            return consumer.poll(Duration.ofNanos(Math.max(0, nanos)));
        } catch (OffsetOutOfRangeException e) {
            skipDeleted(e.offsetOutOfRangePartitions());
            return ConsumerRecords.empty();
        }
    }

    /** Continues after records that were deleted before they were read. For another reason, the topic may be another one, and a new session asks. */
    private void skipDeleted(Map<TopicPartition, Long> offsets) {
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(offsets.keySet());
        offsets.forEach((partition, offset) -> {
            long beginning = beginnings.get(partition);
            if (offset >= beginning) {
                lost = true;
                return;
            }
            gaps.note(partition, offset, beginning);
            consumer.seek(partition, beginning);
        });
    }

    private void copy(long now) {
        for (ConsumerRecord<byte[], byte[]> record = merge.next(now); record != null; record = merge.next(now)) {
            if (!begun) {
                producer.beginTransaction();
                begun = true;
                begunNanos = now;
            }
            log.append(record, merge.timestamp(), gaps);
        }
    }

    /** Fetches no more of a partition of which enough waits. */
    private void balance() {
        Set<TopicPartition> full = merge.partitions().stream()
                .filter(partition -> merge.records(partition) >= MOST_RECORDS || merge.bytes(partition) >= MOST_BYTES)
                .collect(Collectors.toSet());
        Set<TopicPartition> paused = consumer.paused();
        if (!paused.equals(full)) {
            consumer.resume(paused.stream().filter(each -> !full.contains(each)).toList());
            consumer.pause(full);
        }
    }

    private void commit() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (TopicPartition partition : merge.partitions()) {
            long waiting = merge.nextOffset(partition);
            OffsetAndMetadata next = mark.at(waiting >= 0 ? waiting : consumer.position(partition));
            if (!next.equals(committed.get(partition)) && !gaps.has(partition)) {
                offsets.put(partition, next);
            }
        }
        producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
        producer.commitTransaction();
        begun = false;
        committed.putAll(offsets);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> added) {
        if (added.isEmpty()) {
            return;
        }
        if (producer == null) {
            own();
        }
        new CopyStart(config, consumer, mark, gaps).of(added).forEach((partition, offset) -> {
            consumer.seek(partition, offset);
            merge.open(partition, System.nanoTime());
        });
        LOG.info(
                "The intake copies {} partitions of {} into {}",
                merge.partitions().size(),
                config.topics().examples(),
                config.topics().learningLog());
    }

    /** Ends the transaction of the former owner before its offsets are read. */
    private void own() {
        try (TopicFacts facts = new TopicFacts(config.trainingClient())) {
            String sourceId = facts.id(config.topics().examples());
            int maxBytes = facts.maxBytes(config.topics().learningLog());
            Map<String, Object> settings = StreamsProperties.intakeProducer(config);
            int request = Integer.parseInt(String.valueOf(
                    settings.getOrDefault(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, TopicFacts.DEFAULT_MAX_BYTES)));
            settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, String.valueOf(Math.max(request, maxBytes)));
            mark = new CopyMark(sourceId, facts.id(config.topics().learningLog()));
            producer = clients.getProducer(settings);
            log = new LearningLog(producer, config.topics().learningLog(), sourceId, maxBytes);
        }
        producer.initTransactions();
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
        if (closing || revoked.isEmpty()) {
            return;
        }
        if (begun) {
            commit();
        }
        end();
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        if (!closing) {
            end();
        }
    }

    /** A new session joins again, as one that stands by if another member owns the partitions. */
    private void end() {
        lost = true;
    }

    /** @throws MissingSourceTopicException when the session ended because the examples topic was deleted */
    void requireTopic() {
        if (lost
                && consumer.partitionsFor(config.topics().examples(), Duration.ofSeconds(5))
                        .isEmpty()) {
            throw new MissingSourceTopicException("The topic " + config.topics().examples() + " was deleted.");
        }
    }

    /** Leaves the group. An open transaction is aborted: its records are copied by the next owner. */
    @Override
    public void close() {
        closing = true;
        if (producer != null) {
            producer.close(LAST_WORD);
        }
        consumer.close(CloseOptions.timeout(LAST_WORD));
    }
}
