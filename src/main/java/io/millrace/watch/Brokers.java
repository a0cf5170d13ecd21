package io.millrace.watch;

import io.millrace.config.MillraceConfig;
import io.millrace.topology.cluster.ConsumerGroups;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/** Questions to the brokers, each answered within seconds or not at all. They change nothing. */
final class Brokers implements AutoCloseable {
    private static final int TIMEOUT_MS = 5000;

    private final Admin admin;

    Brokers(MillraceConfig config) {
        Map<String, Object> settings = new HashMap<>(config.client());
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
        admin = Admin.create(settings);
    }

    /** An offset of each partition of a topic, as readers of committed records see it. */
    Map<TopicPartition, Long> offsets(String topic, OffsetSpec which)
            throws InterruptedException, ExecutionException, TimeoutException {
        try {
            Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
            get(admin.describeTopics(List.of(topic)).allTopicNames())
                    .get(topic)
                    .partitions()
                    .forEach(info -> wanted.put(new TopicPartition(topic, info.partition()), which));
            Map<TopicPartition, Long> offsets = new HashMap<>();
            get(admin.listOffsets(wanted, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                            .all())
                    .forEach((partition, info) -> offsets.put(partition, info.offset()));
            return offsets;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicAuthorizationException) {
                throw new TopicAuthorizationException(Set.of(topic)); // Kafka's does not name it
            }
            throw e;
        }
    }

    /** What a group has committed; a partition without a committed offset is not there, or null. */
    Map<TopicPartition, OffsetAndMetadata> committed(String group)
            throws InterruptedException, ExecutionException, TimeoutException {
        return get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    }

    /** The members of a group; empty if there is no such group. */
    List<MemberDescription> members(String group) throws InterruptedException, ExecutionException {
        return ConsumerGroups.members(admin, group);
    }

    private static <T> T get(KafkaFuture<T> future) throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(TIMEOUT_MS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
