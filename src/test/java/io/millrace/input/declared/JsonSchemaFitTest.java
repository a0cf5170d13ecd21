package io.millrace.input.declared;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.feature.Declaration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a JSON Schema says of declared fields before the start. */
class JsonSchemaFitTest {
    private static final String CUSTOMER =
            "'customer': {'oneOf': [{'type': 'null'}, {'$ref': '#/definitions/Customer'}]}";
    private static final String DEFINITIONS =
            "'definitions': {'Customer': {'type': 'object', 'additionalProperties': false,"
                    + " 'properties': {'country': {'type': 'string'}, 'parent': {'$ref': '#/definitions/Customer'}}},"
                    + " 'Loop': {'$ref': '#/definitions/Loop'}}";
    private static final String ITEMS =
            "'items': {'type': 'array', 'items': {'type': 'object', 'properties': {'sku': {'type': 'string'}}}}";

    private static SchemaFindings check(String features, boolean closed) {
        String schema = "{'type': 'object', 'additionalProperties': " + !closed + ", " + DEFINITIONS
                + ", 'properties': {'amount': {'type': 'number'}, 'late': {}, 'attributes': {'type': 'object',"
                + " 'properties': {}, 'additionalProperties': {'type': 'string'}},"
                + " 'loop': {'$ref': '#/definitions/Loop'}, " + CUSTOMER + ", " + ITEMS + "}}";
        Declaration declaration = Declaration.parse("json", features, "late", "", "");
        return JsonSchemaFit.check("orders", 12, schema.replace('\'', '"'), declaration, true);
    }

    @Test
    void shouldFindWhatItNames() {
        SchemaFindings found = check(
                "amount: number, customer.country: category, customer.parent.parent.country: category, items[].sku: set,"
                        + " attributes.colour: category, loop.x: number, missing|amount: log, @key: category",
                true);
        assertThat(found.isEmpty()).as(found.toString()).isTrue();
    }

    @Test
    void shouldRefuseAMisspeltFieldWhereNoOthersAreAllowedAndWarnElsewhere() {
        assertThat(check("amuont: number, customer.contry: category, note?: words", true))
                .isEqualTo(new SchemaFindings(
                        12,
                        List.of(
                                "\"amuont\" is not in orders (schema 12), which has amount, attributes, customer, items,"
                                        + " late, loop.",
                                "\"customer.contry\" is not in orders (schema 12), which has country, parent."),
                        List.of("\"note\" is not in orders (schema 12), which has amount, attributes, customer, items,"
                                + " late, loop.")));
        assertThat(check("amuont: number", false))
                .isEqualTo(new SchemaFindings(
                        12,
                        List.of(),
                        List.of(
                                "\"amuont\" is not in orders (schema 12), which has amount, attributes, customer, items,"
                                        + " late, loop; it allows further properties.")));
        assertThat(check("amount.value: number", true).problems())
                .containsExactly("\"amount.value\" is not in orders (schema 12).");
    }

    @Test
    void shouldFindNothingInWhatItCannotRead() {
        Declaration declaration = Declaration.parse("json", "amount: number", "late", "", "");
        for (String schema : List.of("no JSON", "true", "{}", "{\"$ref\": \"other.json\"}")) {
            assertThat(JsonSchemaFit.check("orders", 1, schema, declaration, true)
                            .isEmpty())
                    .as(schema)
                    .isTrue();
        }
    }
}
