package io.millrace.topology.cluster;

import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** What the brokers tell of consumer groups. */
public final class ConsumerGroups {
    private ConsumerGroups() {}

    /** Whether a group has members; false if there is no such group. Waits as long as the API timeout of {@code admin} allows. */
    public static boolean hasMembers(Admin admin, String group) throws InterruptedException, ExecutionException {
        try {
            return !admin.describeConsumerGroups(Set.of(group))
                    .describedGroups()
                    .get(group)
                    .get()
                    .members()
                    .isEmpty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return false;
            }
            throw e;
        }
    }
}
