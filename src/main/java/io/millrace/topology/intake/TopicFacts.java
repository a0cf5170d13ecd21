package io.millrace.topology.intake;

import io.millrace.topology.history.BrokerExamplesTopic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;

/** Asks the brokers about topics. */
final class TopicFacts implements AutoCloseable {
    /** Default limit of brokers and producers for a record with its overhead. */
    static final int DEFAULT_MAX_BYTES = 1_048_576;

    private static final String PATIENCE_MS = "15000";
    private static final String REQUEST_MS = "5000";

    private final Admin admin;

    /** @param client settings of training's clients */
    TopicFacts(Map<String, Object> client) {
        Map<String, Object> settings = new HashMap<>(client);
        settings.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MS);
        settings.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MS);
        admin = Admin.create(settings);
    }

    /** Kafka's id of a topic. */
    String id(String topic) {
        return asked(() -> BrokerExamplesTopic.id(admin, topic));
    }

    /** The largest record that a topic accepts, with its overhead; without the right to read its settings, the default of brokers. */
    int maxBytes(String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try {
            return Integer.parseInt(asked(() -> admin.describeConfigs(List.of(resource))
                    .all()
                    .get()
                    .get(resource)
                    .get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG)
                    .value()));
        } catch (AuthorizationException e) {
            return DEFAULT_MAX_BYTES;
        }
    }

    private interface Question<T> {
        T ask() throws InterruptedException, ExecutionException;
    }

    private static <T> T asked(Question<T> question) {
        try {
            return question.ask();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException fault ? fault : new KafkaException(e.getCause());
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
