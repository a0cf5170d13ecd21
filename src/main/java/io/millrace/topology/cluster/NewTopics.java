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

/** What is to be waited for when topics or partitions have been created. */
public final class NewTopics {
    private static final long TIMEOUT_SECONDS = 15;
    private static final long LEADER_RETRY_MS = 50;

    private NewTopics() {}

    /**
     * A producer that is quicker than a new partition's leader may see its second batch taken and its first one refused for ever. Only
     * leaders can answer for offsets; that a broker has not heard of the topic yet is a matter of milliseconds.
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
