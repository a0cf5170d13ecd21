package io.millrace.input.declared;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.feature.Declaration;
import io.millrace.feature.ValueFormat;
import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaFitTest {
    private static final Schema SCHEMA =
            Decoding.schema("{'name':'customer','type':['null',{'type':'record','name':'Customer','fields':["
                    + "{'name':'amount','type':'double'},{'name':'city','type':'string'}]}]},"
                    + "{'name':'active','type':['null','boolean']},{'name':'plan','type':'string'},"
                    + "{'name':'tags','type':{'type':'array','items':'string'}},"
                    + "{'name':'items','type':{'type':'array','items':{'type':'record','name':'Item','fields':["
                    + "{'name':'sku','type':'string'},{'name':'price','type':'double'}]}}},"
                    + "{'name':'raw','type':'bytes'},"
                    + "{'name':'price','type':{'type':'bytes','logicalType':'decimal','precision':9,'scale':2}},"
                    + "{'name':'m','type':{'type':'map','values':'int'}},"
                    + "{'name':'created','type':{'type':'long','logicalType':'timestamp-millis'}},"
                    + "{'name':'opened','type':{'type':'int','logicalType':'time-millis'}},"
                    + "{'name':'label','type':['null','string']}");

    private static SchemaFindings check(String features, String label, String weight, String time, boolean labelled) {
        return SchemaFit.check("orders", 12, SCHEMA, Declaration.parse(features, label, weight, time), labelled);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "customer.amount: log",
                "customer.city: words",
                "active: flag",
                "active: category",
                "plan: oneof(a)",
                "plan: number",
                "tags: set",
                "tags[]: set",
                "items[].sku: set",
                "items[].price: set",
                "tags: numbers(2)",
                "price: number",
                "raw: category",
                "m.any: number",
                "created: time",
                "created: number",
                "@key: category",
                "@timestamp: time",
                "@headers.x: flag",
                "gone|plan: category",
                "gone|@key: category"
            })
    void shouldFitFieldsThatTheSchemaHas(String feature) {
        assertThat(check(feature, "label", "price", "created", true).isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '`',
            value = {
                "plam: category => \"plam\" is not in orders (schema 12); Order has customer, active, plan, tags, items, raw, price, m, created, opened, label.",
                "customer.amuont: log => \"customer.amuont\" is not in orders (schema 12); Customer has amount, city.",
                "plan.x: log => \"plan.x\" is not in orders (schema 12).",
                "active: number => \"active\" is boolean in orders (schema 12), which number does not take. Write active: flag.",
                "active: time => \"active\" is boolean in orders (schema 12), which time does not take. Write active: flag.",
                "raw: log => \"raw\" is bytes in orders (schema 12), which log does not take. Write raw: category.",
                "customer: category => \"customer\" is a record in orders (schema 12). Name one of its fields: customer.amount, customer.city.",
                "opened: time => \"opened\" is time-millis in orders (schema 12), which has an hour and no date. Write opened: time(hour).",
                "m: category => \"m\" is a map in orders (schema 12). Name one of its keys: m.key.",
                "tags: category => tags has many values in orders (schema 12); only set takes many.",
                "items.price: number => items.price has many values in orders (schema 12); only set takes many.",
                "items[]: set => \"items[]\" is a record in orders (schema 12). Name one of its fields: items[].sku, items[].price."
            })
    void shouldSayWhatDoesNotFit(String feature, String sentence) {
        SchemaFindings found = check(feature, "", "", "", true);

        assertThat(found.problems()).containsExactly(sentence);
        assertThat(found.absent()).isEmpty();
    }

    @Test
    void shouldReportAllProblemsAtOnceAndTellWhatMayBeAbsent() {
        SchemaFindings found = check("gone: number, lost?: flag, active: log", "status", "tags", "active", true);

        assertThat(found.problems())
                .extracting(sentence -> sentence.replaceAll(" in orders.*", ""))
                .containsExactly(
                        "\"gone\" is not",
                        "\"active\" is boolean",
                        "\"status\" is not",
                        "tags has many values",
                        "\"active\" is boolean");
        assertThat(found.absent()).hasSize(1).first().asString().startsWith("\"lost\" is not in orders (schema 12)");
        assertThat(found.id()).isEqualTo(12);
    }

    @Test
    void shouldNotWantALabelOfRequests() {
        assertThat(check("plan: category", "status", "w", "t", false).isEmpty()).isTrue();
        assertThat(check("created: time(age)", "status", "w", "t", false).problems())
                .hasSize(1);
    }

    @Test
    void shouldTellTheFormat() {
        assertThat(SchemaFit.formatProblem("orders", 12, "PROTOBUF", ValueFormat.AVRO))
                .isEqualTo("orders holds Protobuf (schema 12). Millrace reads Avro and JSON.");
        assertThat(SchemaFit.formatProblem("orders", 12, "JSON", ValueFormat.AVRO))
                .isEqualTo("orders holds JSON (schema 12). Set value.format=json.");
        assertThat(SchemaFit.formatProblem("orders", 12, "AVRO", ValueFormat.JSON))
                .isEqualTo("orders holds Avro (schema 12). Set value.format=avro.");
        assertThat(List.of(ValueFormat.values()))
                .allMatch(format -> SchemaFit.formatProblem("orders", 12, format.name(), format) == null);
    }

    @Test
    void shouldSurviveASchemaThatContainsItself() {
        Schema schema = Decoding.schema("{'name':'next','type':['null','Order']},{'name':'a','type':'int'}");

        assertThat(SchemaFit.check(
                                "t",
                                1,
                                schema,
                                Declaration.parse("next.next.a?: number, next: set, a: log", "", "", ""),
                                true)
                        .problems())
                .containsExactly("\"next\" is a record in t (schema 1). Name one of its fields: next.next, next.a.");
    }
}
