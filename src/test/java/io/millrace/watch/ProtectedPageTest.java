package io.millrace.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.HttpSettings;
import io.millrace.http.HttpServer;
import io.millrace.http.InferenceRoutes;
import io.millrace.topology.serving.LiveModel;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page behind a password, as a browser asks for it: with the header Authorization for everything from the same origin. */
class ProtectedPageTest {
    private static final String AUTHORIZATION =
            "Basic " + Base64.getEncoder().encodeToString("ops:secret".getBytes(StandardCharsets.UTF_8));

    private final Picture picture = new Picture(Reports.MODEL);
    private final WatchRoutes routes = new WatchRoutes(
            picture, () -> Status.of(picture.facts(0), 1, TrainingGroup.Seen.NOTHING, null, null, 2_000_000));
    private final HttpServer server = HttpServer.start(
            new HttpSettings(
                    "127.0.0.1", 0, List.of(), null, new HttpSettings.Credentials("ops", new Password("secret"), null)),
            List.of(routes, new InferenceRoutes(new LiveModel(Reports.MODEL))));
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        routes.close();
        server.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/watch.js", "/api/state", "/api/events", "/v2/models/" + Reports.MODEL})
    void shouldAskTheBrowserForThePassword(String path) throws Exception {
        HttpResponse<String> refused = send(request(path));
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("WWW-Authenticate")).hasValue("Basic realm=\"millrace\"");
    }

    @Test
    void shouldGiveThePageAndItsEventsToThoseWhoKnowIt() throws Exception {
        for (String path : List.of("/", "/watch.js", "/api/state")) {
            assertThat(send(request(path).header("Authorization", AUTHORIZATION))
                            .statusCode())
                    .as(path)
                    .isEqualTo(200);
        }
        picture.report("reports-0", 0, Reports.report(64), 1_000_000);
        HttpRequest stream = request("/api/events")
                .header("Authorization", AUTHORIZATION)
                .header("Accept", "text/event-stream")
                .build();
        try (Stream<String> lines = client.send(stream, BodyHandlers.ofLines()).body()) {
            assertThat(lines.anyMatch("event: whole"::equals)).isTrue();
        }
    }

    /** There is no model yet, and the answer says so: it got past the password. */
    @Test
    void shouldAnswerItsForm() throws Exception {
        HttpRequest.Builder question = request("/v2/models/" + Reports.MODEL + "/infer")
                .header("Authorization", AUTHORIZATION)
                .POST(BodyPublishers.ofString("{\"inputs\": []}"));
        HttpResponse<String> answer = send(question);
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("No version of the model has arrived yet.");
    }
}
