package io.millrace.cli.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.millrace.feature.Declaration;
import io.millrace.records.AvroSerdes;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.junit.jupiter.api.Test;

class RequestSchemaTest {
    private static final Schema ORDER = new Schema.Parser().parse("""
            {"type": "record", "name": "Order", "namespace": "shop", "fields": [
              {"name": "id", "type": "string"}, {"name": "amount", "type": "double"}, {"name": "created", "type": "long"},
              {"name": "customer", "type": ["null", {"type": "record", "name": "Customer", "fields": [
                {"name": "age", "type": "int"}]}], "default": null},
              {"name": "status", "type": "string"}]}
            """);

    private static Declaration declaration(String features) {
        return Declaration.parse(features, "status", "", "created");
    }

    @Test
    void shouldHaveTheFieldsThatFeaturesNeedEachOfWhichMayBeMissing() {
        Schema request =
                RequestSchema.reduced(ORDER, declaration("amount: log, customer.age?: number, @key: category"));
        assertThat(request.getFullName()).isEqualTo("shop.Order");
        assertThat(request.getFields()).extracting(Schema.Field::name).containsExactly("amount", "customer");
        assertThat(request.getFields()).allMatch(field -> field.schema().isNullable() && field.hasDefaultValue());
        assertThat(RequestSchema.reduced(ORDER, declaration("created: time(age)"))
                        .getFields())
                .extracting(Schema.Field::name)
                .containsExactly("created");
    }

    @Test
    void schemasOfDifferentDeclarationsShouldReadEachOther() {
        Schema few = RequestSchema.reduced(ORDER, declaration("amount: log"));
        Schema more = RequestSchema.reduced(ORDER, declaration("amount: log, id: category"));
        assertThat(compatible(few, more)).isTrue();
        assertThat(compatible(more, few)).isTrue();
    }

    private static boolean compatible(Schema reader, Schema writer) {
        return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                        .getType()
                == SchemaCompatibilityType.COMPATIBLE;
    }

    @Test
    void shouldBeTheLatestSchemaOfTheRequestsUnlessItLacksAFeature() throws Exception {
        try (AvroSerdes serdes = new AvroSerdes(Map.of("schema.registry.url", "mock://request-schema"))) {
            Declaration amount = declaration("amount: log");
            assertThat(RequestSchema.of(serdes, amount, "asked", "orders")).isEmpty();
            serdes.client().register("orders-value", new AvroSchema(ORDER));
            assertThat(RequestSchema.of(serdes, amount, "asked", "orders"))
                    .contains(RequestSchema.reduced(ORDER, amount));
            Schema own = new Schema.Parser()
                    .parse(
                            "{\"type\": \"record\", \"name\": \"Ask\", \"fields\": [{\"name\": \"amount\", \"type\": \"double\"}]}");
            serdes.client().register("asked-value", new AvroSchema(own));
            assertThat(RequestSchema.of(serdes, amount, "asked", "orders")).contains(own);
            Declaration both = declaration("amount: log, id: category");
            assertThat(RequestSchema.of(serdes, both, "asked", "orders")).contains(RequestSchema.reduced(ORDER, both));
        }
    }
}
