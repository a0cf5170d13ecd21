package io.millrace.input.declared;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.millrace.feature.value.Slot;
import io.millrace.feature.value.TimeScale;
import io.millrace.feature.value.Value;
import io.millrace.learner.input.BadInputException;
import java.io.IOException;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Headers;

/**
 * Decodes JSON, with or without the header of a registry's JSON Schema (a zero byte and the schema id as four bytes). The schema is not
 * asked: a record in JSON says itself what it holds. {@code NaN} and {@code Infinity}, which Python writes, are accepted.
 */
final class JsonValues implements RecordValues {
    private static final int HEADER_BYTES = 5;

    /** Where Jackson says once more where the object began. */
    private static final Pattern START_MARKER = Pattern.compile(" \\(start marker.*", Pattern.DOTALL);

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION) // a message does not quote the record
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES) // names may be data
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .build();

    private final FieldNode root;
    private final TextBuffer texts = new TextBuffer();

    /** @param root the closed tree of the declared fields */
    JsonValues(FieldNode root) {
        this.root = root;
    }

    @Override
    public void decode(byte[] value, Headers headers) {
        texts.clear();
        int from = value.length >= HEADER_BYTES && value[0] == 0 ? HEADER_BYTES : 0;
        try (JsonParser in = FACTORY.createParser(value, from, value.length - from)) {
            JsonToken first = in.nextToken();
            if (first != JsonToken.START_OBJECT) {
                String found = first == null ? "nothing" : first.isScalarValue() ? "a single value" : "an array";
                throw new BadInputException("the record is " + found + " in JSON where an object is expected");
            }
            object(in, root);
            if (in.nextToken() != null) {
                throw new BadInputException("something follows behind the JSON object, at byte "
                        + in.currentTokenLocation().getByteOffset());
            }
        } catch (JsonProcessingException e) {
            throw invalid(
                    e.getOriginalMessage(),
                    e.getLocation() == null ? -1 : e.getLocation().getByteOffset());
        } catch (IOException e) { // an encoding that is none
            throw invalid(e.getMessage(), -1);
        }
    }

    private static BadInputException invalid(String reason, long at) {
        return new BadInputException("not valid as JSON" + (at < 0 ? "" : " at byte " + at) + ": "
                + START_MARKER.matcher(String.valueOf(reason)).replaceFirst(""));
    }

    private void object(JsonParser in, FieldNode node) throws IOException {
        node.begin();
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            JsonToken token = in.nextToken();
            FieldNode field = node.find(name);
            if (field == null) {
                in.skipChildren();
            } else {
                field.again();
                value(in, token, field);
            }
        }
    }

    private void value(JsonParser in, JsonToken token, FieldNode node) throws IOException {
        if (token == JsonToken.START_ARRAY) {
            array(in, node);
        } else if (token == JsonToken.START_OBJECT) {
            for (Slot slot : node.slots()) {
                slot.add().record();
            }
            object(in, node);
        } else if (node.slots().length > 0) {
            scalar(in, token, node.slots());
        }
    }

    /** Arrays in arrays are read as one; a loop, because there may be many in one another. */
    private void array(JsonParser in, FieldNode node) throws IOException {
        int depth = 1;
        while (depth > 0) {
            JsonToken token = in.nextToken();
            if (token == JsonToken.START_ARRAY) {
                depth++;
            } else if (token == JsonToken.END_ARRAY) {
                depth--;
            } else {
                value(in, token, node);
            }
        }
    }

    private void scalar(JsonParser in, JsonToken token, Slot[] slots) throws IOException {
        int from = -1; // of a text in the buffer
        if (token == JsonToken.VALUE_STRING || isNumeral(in, token)) {
            char[] chars = in.getTextCharacters();
            texts.reserve(3 * in.getTextLength());
            from = texts.size();
            texts.append(chars, in.getTextOffset(), in.getTextLength());
        }
        for (Slot slot : slots) {
            set(slot.add(), in, token, from);
        }
    }

    /** Whether the digits are kept: a fraction, or more than 64 bits. */
    private static boolean isNumeral(JsonParser in, JsonToken token) throws IOException {
        return token == JsonToken.VALUE_NUMBER_FLOAT && !in.isNaN()
                || token == JsonToken.VALUE_NUMBER_INT && in.getNumberType() == JsonParser.NumberType.BIG_INTEGER;
    }

    private void set(Value value, JsonParser in, JsonToken token, int from) throws IOException {
        switch (token) {
            case VALUE_NULL -> value.missing();
            case VALUE_TRUE -> value.bool(true);
            case VALUE_FALSE -> value.bool(false);
            case VALUE_STRING -> value.text(texts.bytes(), from, texts.size());
            default -> {
                if (from >= 0) {
                    value.numeral(texts.bytes(), from, texts.size());
                } else if (token == JsonToken.VALUE_NUMBER_INT) {
                    value.whole(in.getLongValue(), TimeScale.BY_MAGNITUDE);
                } else {
                    value.real(in.getDoubleValue()); // NaN or infinite
                }
            }
        }
    }
}
