package io.millrace.http;

import io.javalin.config.JavalinConfig;
import java.util.function.Supplier;

/** The metrics of this process, for Prometheus. */
public final class MetricsRoute implements HttpPart {
    static final String PATH = "/metrics";

    private final Supplier<byte[]> text;
    private final String contentType;

    /**
     * @param text gives the metrics of the moment; several threads may call it at once
     * @param contentType MIME type of the text
     */
    public MetricsRoute(Supplier<byte[]> text, String contentType) {
        this.text = text;
        this.contentType = contentType;
    }

    @Override
    public void addTo(JavalinConfig config) {
        config.routes.get(PATH, http -> http.contentType(contentType).result(text.get()));
    }
}
