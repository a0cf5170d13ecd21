package io.millrace.bench.place;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.common.KafkaException;

/**
 * What a benchmark leaves on an existing cluster: topics, consumer groups and schemas whose names begin with its name.
 */
record Traces(String name, MillraceConfig config) {
    private static final long TIMEOUT_SECONDS = 15;

    /**
     * Deletes them.
     *
     * @param complain whether to report what could not be deleted; not for a cluster that was never reached
     */
    void delete(boolean complain) {
        Map<String, Object> settings = config.client();
        settings.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, String.valueOf(TIMEOUT_SECONDS * 1000));
        settings.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000");
        try (Admin admin = Admin.create(settings)) {
            Collection<String> topics = admin.listTopics().names().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            admin.deleteTopics(ours(topics)).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            List<String> groups = ours(admin.listGroups().all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS).stream()
                    .map(GroupListing::groupId)
                    .toList());
            for (String group : groups) {
                expelMembers(admin, group);
            }
            admin.deleteConsumerGroups(groups).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            warn(complain, "topics and consumer groups", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
            for (String subject : ours(serdes.client().getAllSubjects())) {
                serdes.client().deleteSubject(subject);
                serdes.client().deleteSubject(subject, true); // the first call only hides it
            }
        } catch (IOException | RestClientException e) {
            warn(complain, "schemas", e);
        }
    }

    /**
     * Removes the members of a group. When Kafka Streams closes, it does not leave its group, so that it finds its
     * tasks again; a group with members cannot be deleted.
     */
    private static void expelMembers(Admin admin, String group) throws InterruptedException, TimeoutException {
        try {
            admin.removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions())
                    .all()
                    .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            // either no member is left, or deleting the group fails and reports it
        }
    }

    private List<String> ours(Collection<String> names) {
        return names.stream().filter(other -> other.startsWith(name)).toList();
    }

    private void warn(boolean complain, String what, Exception fault) {
        if (complain) {
            System.err.println("millrace: Not all " + what + " named " + name + "* could be deleted (" + fault
                    + "): delete them.");
        }
    }
}
