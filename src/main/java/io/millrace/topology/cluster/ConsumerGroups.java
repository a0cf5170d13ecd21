package io.millrace.topology.cluster;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** What the brokers tell of consumer groups. */
public final class ConsumerGroups {
    private ConsumerGroups() {}

    /** Whether a group has members; false if there is no such group. Waits as long as the API timeout of {@code admin} allows. */
    public static boolean hasMembers(Admin admin, String group) throws InterruptedException, ExecutionException {
        return !members(admin, group).isEmpty();
    }

    /** The members of a group; empty if there is no such group. Waits as {@link #hasMembers} does. */
    public static List<MemberDescription> members(Admin admin, String group)
            throws InterruptedException, ExecutionException {
        try {
            return List.copyOf(admin.describeConsumerGroups(Set.of(group))
                    .describedGroups()
                    .get(group)
                    .get()
                    .members());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return List.of();
            }
            throw e;
        }
    }
}
