package io.millrace.cli.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.millrace.input.declared.JsonRecord;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.avro.Conversions;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AvroFromJsonTest {
    private static final Schema ORDER = new Schema.Parser().parse("""
            {"type": "record", "name": "Order", "fields": [
              {"name": "amount", "type": {"type": "bytes", "logicalType": "decimal", "precision": 6, "scale": 2}},
              {"name": "count", "type": "int", "default": 3},
              {"name": "big", "type": ["null", "long"]},
              {"name": "share", "type": ["null", "double", "string"], "default": null},
              {"name": "plan", "type": ["null", {"type": "enum", "name": "Plan", "symbols": ["free", "pro"]}], "default": null},
              {"name": "day", "type": ["null", {"type": "int", "logicalType": "date"}], "default": null},
              {"name": "at", "type": ["null", {"type": "long", "logicalType": "timestamp-micros"}], "default": null},
              {"name": "noon", "type": ["null", {"type": "int", "logicalType": "time-millis"}], "default": null},
              {"name": "raw", "type": ["null", "bytes"], "default": null},
              {"name": "hash", "type": ["null", {"type": "fixed", "name": "H", "size": 2}], "default": null},
              {"name": "tags", "type": {"type": "array", "items": "string"}, "default": []},
              {"name": "more", "type": {"type": "map", "values": "float"}, "default": {}},
              {"name": "customer", "type": ["null", {"type": "record", "name": "Customer", "fields": [
                {"name": "age", "type": "int"}, {"name": "vip", "type": "boolean", "default": false}]}], "default": null}]}
            """);

    private static GenericRecord order(String json) {
        try {
            return AvroFromJson.record(JsonRecord.JSON.readTree(json), ORDER);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldTakePlainValuesOfAllTypes() {
        GenericRecord order = order("""
                {"amount": 12.5, "count": 7, "big": 9007199254740993, "share": "half", "plan": "pro", "day": "2024-05-01",
                 "at": "2024-05-01T12:30:00.000001+02:00", "noon": "12:00", "raw": "\u00ff", "hash": "ab", "tags": ["a", "b"],
                 "more": {"x": 1.5}, "customer": {"age": 30}, "unknown": {"is": "left out"}}
                """);
        assertThat(new Conversions.DecimalConversion()
                        .fromBytes(
                                (ByteBuffer) order.get("amount"),
                                ORDER.getField("amount").schema(),
                                ORDER.getField("amount").schema().getLogicalType()))
                .isEqualTo(new BigDecimal("12.50"));
        assertThat(order.get("count")).isEqualTo(7);
        assertThat(order.get("big")).isEqualTo(9_007_199_254_740_993L);
        assertThat(order.get("share")).isEqualTo("half");
        assertThat(order.get("plan")).hasToString("pro");
        assertThat(order.get("day")).isEqualTo(19_844);
        assertThat(order.get("at")).isEqualTo(1_714_559_400_000_001L);
        assertThat(order.get("noon")).isEqualTo(12 * 3_600_000);
        assertThat(order.get("raw")).isEqualTo(ByteBuffer.wrap(new byte[] {(byte) 255}));
        assertThat(order.get("tags")).isEqualTo(List.of("a", "b"));
        assertThat(order.get("more")).isEqualTo(Map.of("x", 1.5f));
        assertThat(order.get("customer")).hasToString("{\"age\": 30, \"vip\": false}");
    }

    @Test
    void shouldTakeTheDefaultOrNullForWhatIsAbsent() {
        GenericRecord order = order("{\"amount\": \"0.01\"}");
        assertThat(order.get("count")).isEqualTo(3);
        assertThat(order.get("big")).isNull(); // null is allowed, although it is no default
        assertThat(order.get("tags")).isEqualTo(List.of());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | amount is missing, and Order requires it",
                "[] | the record is [] where the schema has record",
                "{\"amount\": 12.505} | amount is 12.505 where the schema has decimal(6,2)",
                "{\"amount\": 123456} | amount is 123456 where the schema has decimal(6,2)",
                "{\"amount\": true} | amount is true where the schema has decimal(6,2)",
                "{\"amount\": 1, \"count\": 1.5} | count is 1.5 where the schema has int",
                "{\"amount\": 1, \"count\": 3000000000} | count is 3000000000 where the schema has int",
                "{\"amount\": 1, \"count\": null} | count is null where the schema has int",
                "{\"amount\": 1, \"plan\": \"gold\"} | plan is \"gold\" where the schema has free, pro",
                "{\"amount\": 1, \"share\": []} | share is [] where the schema has null, double, string",
                "{\"amount\": 1, \"at\": \"soon\"} | at is \"soon\", no time: a time of ISO 8601 and a number since 1970 are",
                "{\"amount\": 1, \"hash\": \"abc\"} | hash is \"abc\" where the schema has fixed",
                "{\"amount\": 1, \"tags\": [1]} | tags[] is 1 where the schema has string",
                "{\"amount\": 1, \"customer\": {\"age\": \"x\"}} | customer.age is \"x\" where the schema has int",
                "{\"amount\": 1, \"customer\": {}} | customer.age is missing, and Customer requires it"
            })
    void shouldNameTheFieldAndTheValueThatDoNotFit(String json, String sentence) {
        assertThatIllegalArgumentException().isThrownBy(() -> order(json)).withMessage(sentence);
    }
}
