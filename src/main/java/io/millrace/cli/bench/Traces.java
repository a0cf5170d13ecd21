package io.millrace.cli.bench;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.millrace.avro.AvroSerdes;
import io.millrace.config.MillraceConfig;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.common.KafkaException;

/**
 * What a benchmark leaves on a cluster that is not its own: topics, consumer groups and schemas whose names begin with its name.
 */
record Traces(String name, MillraceConfig config) {
    private static final long TIMEOUT_SECONDS = 15;

    /** Deletes them; says what could not be deleted. */
    void delete() {
        try (Admin admin = Admin.create(config.client())) {
            Collection<String> topics = admin.listTopics().names().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            admin.deleteTopics(ours(topics)).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            Collection<String> groups = admin.listGroups().all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS).stream()
                    .map(GroupListing::groupId)
                    .toList();
            admin.deleteConsumerGroups(ours(groups)).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            warn("topics and consumer groups", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
            for (String subject : ours(serdes.client().getAllSubjects())) {
                serdes.client().deleteSubject(subject);
                serdes.client().deleteSubject(subject, true); // the first call only hides it
            }
        } catch (IOException | RestClientException e) {
            warn("schemas", e);
        }
    }

    private List<String> ours(Collection<String> names) {
        return names.stream().filter(other -> other.startsWith(name)).toList();
    }

    private void warn(String what, Exception fault) {
        System.err.println(
                "millrace: Not all " + what + " named " + name + "* could be deleted: " + fault.getMessage() + ".");
    }
}
