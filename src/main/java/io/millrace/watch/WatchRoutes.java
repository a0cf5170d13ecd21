package io.millrace.watch;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.millrace.http.HttpPart;
import io.millrace.http.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/** The addresses of the page: its files, the picture as JSON, and the stream of events. */
final class WatchRoutes implements HttpPart, AutoCloseable {
    private static final List<String> FILES = List.of(
            "index.html",
            "icon.svg",
            "watch.css",
            "watch.js",
            "picture.js",
            "ask.js",
            "charts.js",
            "sections.js",
            "outcomes.js",
            "fields.js",
            "text.js",
            "uplot-1.6.32/uPlot.iife.min.js",
            "uplot-1.6.32/uPlot.min.css",
            "uplot-1.6.32/LICENSE");

    private static final ObjectMapper JSON = new ObjectMapper().registerModule(finiteNumbers());

    private final Picture picture;
    private final Supplier<Status> status;
    private final PageStreams streams;

    WatchRoutes(Picture picture, Supplier<Status> status) {
        this.picture = picture;
        this.status = status;
        streams = new PageStreams(picture, status, WatchRoutes::text);
    }

    /** JSON has no NaN and no infinity: they become null. */
    private static SimpleModule finiteNumbers() {
        JsonSerializer<Double> finite = new JsonSerializer<>() {
            @Override
            public void serialize(Double value, JsonGenerator json, SerializerProvider provider) throws IOException {
                if (Double.isFinite(value)) {
                    json.writeNumber(value);
                } else {
                    json.writeNull();
                }
            }
        };
        JsonSerializer<double[]> array = new JsonSerializer<>() {
            @Override
            public void serialize(double[] values, JsonGenerator json, SerializerProvider provider) throws IOException {
                json.writeStartArray();
                for (double value : values) {
                    finite.serialize(value, json, provider);
                }
                json.writeEndArray();
            }
        };
        return new SimpleModule()
                .addSerializer(Double.class, finite)
                .addSerializer(double.class, finite)
                .addSerializer(double[].class, array);
    }

    @Override
    public void addTo(JavalinConfig config) {
        for (String name : FILES) {
            byte[] content = file(name);
            config.routes.get(
                    name.equals("index.html") ? "/" : "/" + name,
                    http -> http.contentType(type(name))
                            .header("Cache-Control", "no-cache")
                            .result(content));
        }
        config.routes.get("/api/state", this::state);
        config.routes.get("/api/events", streams::answer);
    }

    private static String type(String name) {
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "html" -> "text/html; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "js" -> "text/javascript; charset=utf-8";
            case "svg" -> "image/svg+xml";
            default -> "text/plain; charset=utf-8";
        };
    }

    private static byte[] file(String name) {
        try (InputStream in = WatchRoutes.class.getResourceAsStream("page/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void state(Context http) {
        ObjectNode state = JSON.valueToTree(picture.whole());
        state.set("status", JSON.<JsonNode>valueToTree(status.get()));
        Json.answer(http, 200, state);
    }

    private static String text(Object data) {
        try {
            return JSON.writeValueAsString(data);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        streams.close();
    }
}
