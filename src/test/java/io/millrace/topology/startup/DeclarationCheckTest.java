package io.millrace.topology.startup;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.millrace.feature.Declaration;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.cluster.ClusterNotReadyException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeclarationCheckTest {
    private static final String ORDER = """
            {"type": "record", "name": "Order", "fields": [
              {"name": "amount", "type": "double"},
              {"name": "customer", "type": {"type": "record", "name": "Customer", "fields": [
                {"name": "country", "type": "string"}]}},
              {"name": "late", "type": "boolean"}]}
            """;

    private final AvroSerdes serdes = new AvroSerdes(Map.of("schema.registry.url", "mock://declaration-check"));

    @BeforeEach
    void register() throws Exception {
        serdes.client().register("orders-value", new AvroSchema(ORDER));
    }

    @AfterEach
    void close() {
        serdes.close();
    }

    private void check(String format, String features, String label, String topic) {
        new DeclarationCheck(Declaration.parse(format, features, label, "", "")).check(serdes, topic, true);
    }

    @Test
    void shouldAcceptWhatFitsTheNewestSchemaAndTopicsWithoutOne() {
        assertThatCode(() -> {
                    check("avro", "amount: log, customer.country: category, note?: words", "late", "orders");
                    check("avro", "anything: number", "label", "topic-without-schema");
                    new DeclarationCheck(null).check(serdes, "orders", true);
                })
                .doesNotThrowAnyException();
    }

    @Test
    void shouldNameEachFieldThatDoesNotFitInOneRefusal() {
        assertThatExceptionOfType(ClusterNotReadyException.class)
                .isThrownBy(() -> check("avro", "amuont: log, customer: category, late: flag", "status", "orders"))
                .withMessageContaining("\"amuont\" is not in orders (schema ")
                .withMessageContaining("\"customer\" is a record")
                .withMessageContaining("\"status\" is not in orders")
                .withMessageNotContaining("\n");
    }

    @Test
    void shouldNameTheFormatThatTheTopicHas() {
        assertThatExceptionOfType(ClusterNotReadyException.class)
                .isThrownBy(() -> check("json", "amount: log", "late", "orders"))
                .withMessageContaining("orders holds Avro")
                .withMessageContaining("Set value.format=avro.");
    }
}
