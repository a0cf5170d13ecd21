package io.millrace.http;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import java.util.function.Supplier;

/** Health as orchestrators ask for it, and what the server is, by the paths of the Open Inference Protocol V2. */
public final class HealthRoutes implements HttpPart {
    static final String LIVE = "/v2/health/live";
    static final String READY = "/v2/health/ready";

    private final String version;
    private final Supplier<String> notLive;
    private final Supplier<String> notReady;

    /**
     * @param version of Millrace
     * @param notLive gives the sentence why this process should be started again; null: it lives
     * @param notReady gives the sentence why it cannot do its work yet; null: it can
     */
    public HealthRoutes(String version, Supplier<String> notLive, Supplier<String> notReady) {
        this.version = version;
        this.notLive = notLive;
        this.notReady = notReady;
    }

    @Override
    public void addTo(JavalinConfig config) {
        config.routes.get("/v2", http -> {
            var server = Json.object().put("name", "millrace").put("version", version);
            server.putArray("extensions");
            Json.answer(http, 200, server);
        });
        config.routes.get(LIVE, http -> answer(http, "live", notLive.get()));
        config.routes.get(READY, http -> answer(http, "ready", notReady.get()));
    }

    private static void answer(Context http, String what, String why) {
        var answer = Json.object().put(what, why == null);
        if (why != null) {
            answer.put("error", why);
        }
        Json.answer(http, why == null ? 200 : 503, answer);
    }
}
