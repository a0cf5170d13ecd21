package io.millrace.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;

/** Answers in JSON. */
public final class Json {
    static final String CONTENT_TYPE = "application/json";

    private Json() {}

    /** {@return a new object} */
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
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
