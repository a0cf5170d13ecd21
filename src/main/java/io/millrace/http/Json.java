package io.millrace.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.millrace.input.declared.JsonRecord;
import io.millrace.learner.input.BadInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** JSON of clients, and answers in JSON. */
public final class Json {
    static final String CONTENT_TYPE = "application/json";

    private static final int MOST_SHOWN = 100;

    private Json() {}

    /** {@return a new object} */
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /**
     * Reads JSON of a client; fractions keep their digits.
     *
     * @throws BadInputException if it is none
     */
    static JsonNode read(byte[] body) {
        try {
            return JsonRecord.JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new BadInputException("the body is not valid as JSON: " + e.getOriginalMessage());
        } catch (IOException e) { // an encoding that is none
            throw new BadInputException("the body is not valid as JSON: " + e.getMessage());
        }
    }

    /** A name that a client sent, as a message quotes it. */
    static String shown(String name) {
        return "\"" + abbreviated(name) + "\"";
    }

    /** A value that a client sent, as a message shows it. */
    static String shown(JsonNode value) {
        return abbreviated(value.toString());
    }

    private static String abbreviated(String text) {
        return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "...";
    }

    /** Answers a request. The answer is in UTF-8 and not for caches. */
    public static void answer(Context http, int status, JsonNode json) {
        // as bytes: Javalin would encode a text in the charset of the content type, which names none
        http.status(status)
                .contentType(CONTENT_TYPE)
                .header("Cache-Control", "no-store")
                .result(json.toString().getBytes(StandardCharsets.UTF_8));
    }
}
