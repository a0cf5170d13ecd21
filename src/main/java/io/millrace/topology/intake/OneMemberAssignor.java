package io.millrace.topology.intake;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.TopicPartition;

/**
 * Assigns all partitions to one member of the group; the others stand by. Only one reader of all partitions can merge them. The member that
 * has partitions keeps them when others join, and gets the partitions that are added to the topic.
 */
public final class OneMemberAssignor implements ConsumerPartitionAssignor {
    @Override
    public String name() {
        return "millrace-one-member";
    }

    @Override
    public List<RebalanceProtocol> supportedProtocols() {
        return List.of(RebalanceProtocol.COOPERATIVE);
    }

    @Override
    public GroupAssignment assign(Cluster cluster, GroupSubscription subscriptions) {
        Map<String, Subscription> members = new TreeMap<>(subscriptions.groupSubscription());
        String chosen = members.keySet().iterator().next();
        for (Map.Entry<String, Subscription> member : members.entrySet()) {
            if (owned(member.getValue()) > owned(members.get(chosen))) {
                chosen = member.getKey();
            }
        }
        Map<String, Assignment> assignments = new HashMap<>();
        for (String member : members.keySet()) {
            assignments.put(
                    member, new Assignment(member.equals(chosen) ? unclaimed(cluster, members, chosen) : List.of()));
        }
        return new GroupAssignment(assignments);
    }

    private static int owned(Subscription member) {
        return member.ownedPartitions().size();
    }

    /** All partitions except those that another member owns: it must give them up first, and then another rebalance follows. */
    private static List<TopicPartition> unclaimed(Cluster cluster, Map<String, Subscription> members, String chosen) {
        List<TopicPartition> all = new ArrayList<>();
        for (String topic : members.get(chosen).topics()) {
            for (int partition = 0; partition < count(cluster, topic); partition++) {
                all.add(new TopicPartition(topic, partition));
            }
        }
        List<TopicPartition> kept = members.get(chosen).ownedPartitions();
        members.forEach((member, subscription) -> {
            if (!member.equals(chosen)) {
                all.removeIf(each -> subscription.ownedPartitions().contains(each) && !kept.contains(each));
            }
        });
        return all;
    }

    private static int count(Cluster cluster, String topic) {
        Integer count = cluster.partitionCountForTopic(topic);
        return count == null ? 0 : count;
    }
}
