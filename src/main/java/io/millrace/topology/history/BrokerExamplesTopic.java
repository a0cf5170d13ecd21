package io.millrace.topology.history;

import io.millrace.config.MillraceConfig;
import io.millrace.topology.cluster.AuthErrors;
import io.millrace.topology.cluster.CommittedRecords;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.Headers;

/** Asks the brokers as training's user. Each request uses its own client, because requests are rare. */
public final class BrokerExamplesTopic implements ExamplesTopic {
    /** Short, because a task asks while a transaction is open. */
    private static final String PATIENCE_MS = "5000";

    private final String topic;
    private final Map<String, Object> client;
    private final Set<TopicPartition> jumped = ConcurrentHashMap.newKeySet();

    public BrokerExamplesTopic(MillraceConfig config) {
        topic = config.topics().learned();
        client = new HashMap<>(config.trainingClient());
        client.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MS);
        client.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MS);
    }

    @Override
    public String id() {
        try (Admin admin = Admin.create(client)) {
            return id(admin, topic);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException fault ? fault : new KafkaException(e.getCause());
        }
    }

    /** Kafka's id of a topic that exists. */
    public static String id(Admin admin, String topic) throws InterruptedException, ExecutionException {
        try {
            return admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get()
                    .get(topic)
                    .topicId()
                    .toString();
        } catch (ExecutionException e) {
            throw AuthErrors.named(e, topic);
        }
    }

    @Override
    public long beginning(int partition) {
        try (CommittedRecords records = new CommittedRecords(client, topic)) {
            return records.beginning(partition);
        }
    }

    @Override
    public long end(int partition) {
        try (CommittedRecords records = new CommittedRecords(client, topic)) {
            return records.end(partition);
        }
    }

    @Override
    public boolean holdsRecords(int partition, long from, long to) {
        try (CommittedRecords records = new CommittedRecords(client, topic)) {
            return holdsRecords(records, partition, from, to);
        }
    }

    /** Whether there is a committed record from {@code from} on, before {@code to}. */
    public static boolean holdsRecords(CommittedRecords records, int partition, long from, long to) {
        AtomicBoolean found = new AtomicBoolean();
        records.from(partition, from, record -> {
            found.set(record.offset() < to);
            return false;
        });
        return found.get();
    }

    @Override
    public boolean madeAnew(int partition, ResumePoint next) {
        long last = next.offset() - 1;
        try (CommittedRecords records = new CommittedRecords(client, topic)) {
            if (last >= records.end(partition)) {
                return true;
            }
            ConsumerRecord<byte[], byte[]> record = records.at(partition, last);
            return record != null && !next.follows(record.value());
        }
    }

    @Override
    public Map<Long, Headers> headers(int partition, List<Long> offsets) {
        Map<Long, Headers> headers = new HashMap<>();
        try (CommittedRecords records = new CommittedRecords(client, topic)) {
            for (long offset : offsets) {
                ConsumerRecord<byte[], byte[]> record = records.at(partition, offset);
                if (record != null) {
                    headers.put(offset, record.headers());
                }
            }
        }
        return headers;
    }

    @Override
    public boolean tookJump(int partition) {
        return jumped.remove(new TopicPartition(topic, partition));
    }

    @Override
    public void jumps(InvalidOffsetException fault) {
        jumped.addAll(fault.partitions());
    }
}
