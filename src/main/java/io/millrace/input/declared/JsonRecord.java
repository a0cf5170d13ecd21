package io.millrace.input.declared;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * A record that is given as one object of JSON. The members {@code @key}, {@code @timestamp} (ms) and {@code @headers.name} are not part of
 * the value: they are what the paths of these names read.
 *
 * @param key null: none
 * @param value the other members
 * @param timestamp ms; null: not given
 * @param headers of the record
 */
public record JsonRecord(byte[] key, ObjectNode value, Long timestamp, Headers headers) {
    public static final String KEY = "@key";
    public static final String TIMESTAMP = "@timestamp";
    public static final String HEADERS = "@headers.";

    /** Fractions keep their digits. */
    public static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES) // names may be data
                    .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
                    .build())
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION) // a message does not quote the record
            .build();

    /**
     * Takes an object apart.
     *
     * @param object loses the members that are not part of the value
     * @throws IllegalArgumentException with a sentence without full stop if its timestamp is none
     */
    public static JsonRecord of(ObjectNode object) {
        byte[] key = null;
        Long timestamp = null;
        Headers headers = new RecordHeaders();
        List<String> outer = object.properties().stream()
                .map(member -> member.getKey())
                .filter(member -> member.startsWith("@"))
                .toList();
        for (String member : outer) {
            if (member.equals(KEY)) {
                key = text(object.remove(member));
            } else if (member.equals(TIMESTAMP)) {
                timestamp = timestamp(object.remove(member));
            } else if (member.startsWith(HEADERS)) {
                headers.add(member.substring(HEADERS.length()), text(object.remove(member)));
            }
        }
        return new JsonRecord(key, object, timestamp, headers);
    }

    private static byte[] text(JsonNode node) {
        return (node.isTextual() ? node.textValue() : node.toString()).getBytes(StandardCharsets.UTF_8);
    }

    private static long timestamp(JsonNode node) {
        if (!node.canConvertToExactIntegral() || !node.canConvertToLong() || node.longValue() < 0) {
            throw new IllegalArgumentException(TIMESTAMP + " is " + node + ", no milliseconds since 1970");
        }
        return node.longValue();
    }

    /** An object as JSON in UTF-8. */
    public static byte[] bytes(ObjectNode object) {
        try {
            return JSON.writeValueAsBytes(object);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e.getOriginalMessage(), e);
        }
    }
}
