package io.millrace.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class HealthRoutesTest {
    @Test
    void shouldSayWhetherTheProcessLivesAndIsReadyAndWhyNot() {
        AtomicReference<String> notLive = new AtomicReference<>("train has not started yet.");
        AtomicReference<String> notReady = new AtomicReference<>("serve has no version.");
        try (HttpServer server = HttpServer.start(
                "127.0.0.1", 0, List.of(), List.of(new HealthRoutes("1.2", notLive::get, notReady::get)))) {
            Asking asking = new Asking(server.port());
            Asking.Answer live = asking.get("/v2/health/live");
            assertThat(live.status()).isEqualTo(503);
            assertThat(live.json()).hasToString("{\"live\":false,\"error\":\"train has not started yet.\"}");
            notLive.set(null);
            assertThat(asking.get("/v2/health/live").status()).isEqualTo(200);
            assertThat(asking.get("/v2/health/live").json()).hasToString("{\"live\":true}");

            assertThat(asking.get("/v2/health/ready").status()).isEqualTo(503);
            assertThat(asking.get("/v2/health/ready").error()).isEqualTo("serve has no version.");
            notReady.set(null);
            assertThat(asking.get("/v2/health/ready").json()).hasToString("{\"ready\":true}");

            assertThat(asking.get("/v2").json())
                    .hasToString("{\"name\":\"millrace\",\"version\":\"1.2\",\"extensions\":[]}");
        }
    }
}
