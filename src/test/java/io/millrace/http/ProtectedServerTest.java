package io.millrace.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.config.HttpSettings;
import io.millrace.local.SecuredCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS and authentication. */
class ProtectedServerTest {
    private static final Password SECRET = new Password("a secret: ü");

    @TempDir
    Path directory;

    private static HttpServer start(HttpSettings.Tls tls, HttpSettings.Credentials credentials) {
        return HttpServer.start(
                new HttpSettings("127.0.0.1", 0, List.of(), tls, credentials),
                List.of(new HealthRoutes("1", () -> null, () -> null)));
    }

    private static int ask(HttpServer server, String path, String authorization) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return HttpClient.newHttpClient()
                .send(request.build(), BodyHandlers.discarding())
                .statusCode();
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldAnswerThoseWithThePasswordOrTheToken() throws Exception {
        try (HttpServer server = start(null, new HttpSettings.Credentials("ops", SECRET, new Password("token-1")))) {
            assertThat(ask(server, "/v2", basic("ops:" + SECRET.value()))).isEqualTo(200);
            assertThat(ask(server, "/v2", "Bearer token-1")).isEqualTo(200);
            for (String wrong : List.of(
                    basic("ops:"),
                    basic("ops"),
                    basic(":" + SECRET.value()),
                    "Bearer token-2",
                    "Bearer ",
                    "token-1",
                    "")) {
                assertThat(ask(server, "/v2", wrong)).as(wrong).isEqualTo(401);
            }
            Asking.Answer without = new Asking(server.port()).get("/v2");
            assertThat(without.status()).isEqualTo(401);
            assertThat(without.http().headers().firstValue("WWW-Authenticate")).hasValue("Basic realm=\"millrace\"");
            assertThat(ask(server, "/nowhere", null)).isEqualTo(401);
            assertThat(ask(server, "/v2/health/live", null)).isEqualTo(200);
            assertThat(ask(server, "/v2/health/ready", null)).isEqualTo(200);
        }
    }

    @Test
    void shouldAcceptNoPasswordIfOnlyATokenIsSet() throws Exception {
        try (HttpServer server = start(null, new HttpSettings.Credentials(null, null, new Password("token-1")))) {
            assertThat(ask(server, "/v2", basic("null:null"))).isEqualTo(401);
            assertThat(ask(server, "/v2", "Bearer token-1")).isEqualTo(200);
        }
    }

    @Test
    void shouldSpeakTls() throws Exception {
        Path keystore = SecuredCluster.certificate(directory);
        HttpSettings.Tls tls = new HttpSettings.Tls(keystore.toString(), new Password(SecuredCluster.STORE_PASSWORD));
        try (HttpServer server = start(tls, null)) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("https://127.0.0.1:" + server.port() + "/v2/health/live"))
                    .build();
            assertThat(HttpClient.newBuilder()
                            .sslContext(SecuredCluster.trusting(directory))
                            .build()
                            .send(request, BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(200);
            assertThatThrownBy(() -> ask(server, "/v2/health/live", null)).isInstanceOf(IOException.class);
        }
        for (HttpSettings.Tls wrong : List.of(
                new HttpSettings.Tls(keystore.toString(), new Password("another")),
                new HttpSettings.Tls(keystore + ".absent", new Password(SecuredCluster.STORE_PASSWORD)))) {
            assertThatThrownBy(() -> start(wrong, null))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("cannot use the keystore " + wrong.keystore());
        }
    }
}
