package io.millrace.topology.cluster;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Waits after topics or partitions were created. */
public final class NewTopics {
    private static final long TIMEOUT_SECONDS = 15;
    private static final long LEADER_RETRY_MS = 50;

    private NewTopics() {}

    /**
     * Waits until every partition has a leader. If a producer is faster than the leader of a new partition, its second batch may be
     * accepted and its first one refused for ever. Only a leader answers a request for offsets. A broker that does not know the topic yet
     * learns of it within milliseconds.
     */
    public static void awaitLeaders(Admin admin, Map<TopicPartition, OffsetSpec> partitions)
            throws InterruptedException, ExecutionException, TimeoutException {
        Set<String> created =
                partitions.keySet().stream().map(TopicPartition::topic).collect(Collectors.toSet());
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        while (true) {
            try {
                admin.describeTopics(created).allTopicNames().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
                admin.listOffsets(partitions).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
                return;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException) || System.nanoTime() > deadline) {
                    throw e;
                }
                Thread.sleep(LEADER_RETRY_MS);
            }
        }
    }
}
