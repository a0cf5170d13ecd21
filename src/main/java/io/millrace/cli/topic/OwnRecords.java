package io.millrace.cli.topic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.console.UsageException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Records that are given as objects of JSON, one in each line. The members {@code @key}, {@code @timestamp} (ms) and {@code @headers.name}
 * are not part of the value: they are what the paths of these names read. Blank lines are left out.
 */
public final class OwnRecords implements Iterator<OwnRecord>, AutoCloseable {
    private static final String KEY = "@key";
    private static final String TIMESTAMP = "@timestamp";
    private static final String HEADERS = "@headers.";

    /** Fractions keep their digits. */
    static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION) // a message does not quote the record
            .build();

    private final BufferedReader lines;
    private final String name;
    private final Function<ObjectNode, byte[]> encoder;
    private long number; // of the last line
    private String line; // the next one; null: not read, or none

    /**
     * @param lines objects of JSON
     * @param name where they come from, for messages
     * @param encoder makes a value; throws an {@link IllegalArgumentException} with a sentence if it cannot
     */
    public OwnRecords(BufferedReader lines, String name, Function<ObjectNode, byte[]> encoder) {
        this.lines = lines;
        this.name = name;
        this.encoder = encoder;
    }

    @Override
    public boolean hasNext() {
        try {
            while (line == null || line.isBlank()) {
                line = lines.readLine();
                if (line == null) {
                    return false;
                }
                number++;
            }
            return true;
        } catch (CharacterCodingException e) {
            throw new UsageException(name + " is not in UTF-8 behind line " + number + ".", e);
        } catch (IOException e) {
            throw new UsageException(name + " cannot be read behind line " + number + ": " + e.getMessage() + ".", e);
        }
    }

    /** {@return the next record, or why it is none} */
    @Override
    public OwnRecord next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        String text = number == 1 ? line.replaceFirst("^\uFEFF", "") : line;
        line = null;
        Headers headers = new RecordHeaders();
        try {
            if (!(JSON.readTree(text) instanceof ObjectNode object)) {
                throw new IllegalArgumentException("a record is an object, as in {\"amount\": 12.5}");
            }
            byte[] key = null;
            Long timestamp = null;
            List<String> outer = List.copyOf(
                    object.properties().stream().map(member -> member.getKey()).toList());
            for (String member : outer) {
                if (member.equals(KEY)) {
                    key = text(object.remove(member)).getBytes(StandardCharsets.UTF_8);
                } else if (member.equals(TIMESTAMP)) {
                    timestamp = timestamp(object.remove(member));
                } else if (member.startsWith(HEADERS)) {
                    headers.add(
                            member.substring(HEADERS.length()),
                            text(object.remove(member)).getBytes(StandardCharsets.UTF_8));
                }
            }
            return new OwnRecord(key, encoder.apply(object), timestamp, headers, null);
        } catch (JsonProcessingException e) {
            return fault("not valid as JSON: " + e.getOriginalMessage());
        } catch (IllegalArgumentException e) {
            return fault(e.getMessage());
        }
    }

    private OwnRecord fault(String sentence) {
        return new OwnRecord(null, null, null, null, "line " + number + ": " + sentence);
    }

    private static String text(JsonNode node) {
        return node.isTextual() ? node.textValue() : node.toString();
    }

    private static long timestamp(JsonNode node) {
        if (!node.canConvertToExactIntegral() || !node.canConvertToLong() || node.longValue() < 0) {
            throw new IllegalArgumentException(TIMESTAMP + " is " + node + ", no milliseconds since 1970");
        }
        return node.longValue();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
