package io.millrace.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.http.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WatchRoutesTest {
    private final Picture picture = new Picture(Reports.MODEL);
    private final WatchRoutes routes = new WatchRoutes(
            picture, () -> Status.of(picture.facts(0), 1, TrainingGroup.Seen.NOTHING, null, null, 2_000_000));
    private final HttpServer server = HttpServer.start("127.0.0.1", 0, List.of(), List.of(routes));
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        routes.close();
        server.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(request(path).build(), BodyHandlers.ofString());
    }

    /** The data of the first event of a name. */
    private JsonNode first(String event, String path, String lastEventId) throws IOException, InterruptedException {
        HttpRequest request = request(path)
                .header("Accept", "text/event-stream")
                .header("Last-Event-ID", lastEventId)
                .build();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                client.send(request, BodyHandlers.ofInputStream()).body(), StandardCharsets.UTF_8))) {
            String name = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("data: ") && name.equals(event)) {
                    return new ObjectMapper().readTree(line.substring(6));
                }
            }
        }
        throw new AssertionError("the stream ended before the event " + event);
    }

    private void report(int number) {
        picture.report("reports-0", number, Reports.report(64L * (number + 1)), 1_000_000 + number);
    }

    @Test
    void shouldServeThePageWithAllThatItLoads() throws Exception {
        HttpResponse<String> page = get("/");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .startsWith("default-src 'self'");
        assertThat(page.body())
                .contains("Connecting to millrace ...") // until the first event
                .doesNotContain("http://", "https://", " style=", "onclick");
        for (String[] file : new String[][] {
            {"watch.js", "text/javascript"},
            {"picture.js", "text/javascript"},
            {"ask.js", "text/javascript"},
            {"charts.js", "text/javascript"},
            {"sections.js", "text/javascript"},
            {"outcomes.js", "text/javascript"},
            {"fields.js", "text/javascript"},
            {"text.js", "text/javascript"},
            {"watch.css", "text/css"},
            {"icon.svg", "image/svg+xml"},
            {"uplot-1.6.32/uPlot.iife.min.js", "text/javascript"},
            {"uplot-1.6.32/uPlot.min.css", "text/css"},
            {"uplot-1.6.32/LICENSE", "text/plain"}
        }) {
            HttpResponse<String> answer = get("/" + file[0]);
            assertThat(answer.statusCode()).as(file[0]).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith(file[1]);
        }
        assertThat(get("/index.html").statusCode()).isEqualTo(404);
        assertThat(get("/../WatchRoutes.class").statusCode()).isIn(400, 404);
    }

    @Test
    void shouldTellTheStateAsJson() throws Exception {
        report(0);
        picture.report("reports-0", 1, Reports.ofEnsemble(128).build(), 1_000_500);
        JsonNode state = new ObjectMapper().readTree(get("/api/state").body());
        assertThat(state.get("model").asText()).isEqualTo(Reports.MODEL);
        assertThat(state.get("view").isNull()).isTrue();
        JsonNode points = state.get("replicas").get(0).get("points");
        assertThat(points.get(0).get("loss").asDouble())
                .isEqualTo(Reports.report(64).getLoss());
        assertThat(points.get(1).get("gradientNorm").isNull()).isTrue();
        assertThat(points.get(1).get("memberWeights").get(0).asDouble()).isNegative();
        assertThat(state.get("replicas").get(0).get("members").get(1).asText()).isEqualTo("swift");
        assertThat(state.get("status").get("learned").asLong()).isEqualTo(128);
        assertThat(state.get("position").asText()).isEqualTo("reports-0:2");
    }

    @Test
    void shouldSendEventsAndContinueAfterTheLastOneThatAPageHasSeen() throws Exception {
        report(0);
        assertThat(first("whole", "/api/events", "").get("position").asText()).isEqualTo("reports-0:1");
        report(1);
        JsonNode byHeader = first("changes", "/api/events", "reports-0:1");
        assertThat(byHeader).hasSize(2);
        assertThat(byHeader.get(0).get("kind").asText()).isEqualTo("reported");
        assertThat(byHeader.get(0).get("point").get("examples").asLong()).isEqualTo(128);
        assertThat(byHeader.get(1).get("kind").asText()).isEqualTo("detailed");
        assertThat(byHeader.get(1).get("details").get("confusion"))
                .extracting(JsonNode::asInt)
                .containsExactly(30, 4, 6, 24);
        assertThat(first("changes", "/api/events?after=reports-0:1", "")).isEqualTo(byHeader);
        assertThat(first("whole", "/api/events?after=nonsense", "<script>").has("replicas"))
                .isTrue();
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES)
    void shouldLeaveNoThreadWhenTheServerIsClosedWhileAPageIsOpen() throws Exception {
        HttpRequest request =
                request("/api/events").header("Accept", "text/event-stream").build();
        try (InputStream events =
                client.send(request, BodyHandlers.ofInputStream()).body()) {
            assertThat(events.read()).isPositive();
            assertThat(threadsOfPages()).hasSize(1);
            server.close();
            while (!threadsOfPages().isEmpty()) {
                Thread.sleep(50);
            }
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .as("Javalin's threads for asynchronous answers")
                .noneMatch(thread -> thread.getName().startsWith("JavalinDefaultAsync"));
    }

    private static List<Thread> threadsOfPages() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("watch-page"))
                .toList();
    }
}
