package io.millrace.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.learner.input.BadInputException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpServerTest {
    private static final HttpPart PART = config -> {
        config.routes.get("/there", http -> Json.answer(http, 200, Json.object().put("there", true)));
        config.routes.post(
                "/length", http -> Json.answer(http, 200, Json.object().put("bytes", http.bodyAsBytes().length)));
        config.routes.get("/bad", http -> {
            throw new BadInputException("amount is \"old\", no number");
        });
        config.routes.get("/fault", http -> {
            throw new IllegalStateException("a secret of the server");
        });
    };

    private final HttpServer server = HttpServer.start("127.0.0.1", 0, List.of("millrace.shop"), List.of(PART));
    private final Asking asking = new Asking(server.port());

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void shouldCloseInAnInterruptedThread() throws IOException {
        try (Socket open = new Socket("127.0.0.1", server.port())) {
            open.setSoTimeout(5000);
            open.getOutputStream().write(ascii("GET /there HTTP/1.1\r\nHost: localhost\r\n\r\n"));
            open.getInputStream().readNBytes(12); // only then has the server accepted the connection
            Thread.currentThread().interrupt();

            server.close();

            assertThat(Thread.interrupted()).as("still interrupted").isTrue();
            open.getInputStream().readAllBytes(); // the rest of the answer
            assertThat(open.getInputStream().read())
                    .as("the end of the connection")
                    .isEqualTo(-1);
        }
    }

    private String asHost(String host) throws IOException {
        return asking.raw("GET /there HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LocalHost:80",
                "127.0.0.1:8080",
                "[::1]:80",
                "10.1.2.3",
                "millrace.shop",
                "millrace.shop.:80"
            })
    void shouldAnswerByItsNamesAndByAddresses(String host) throws IOException {
        assertThat(asHost(host)).startsWith("HTTP/1.1 200");
    }

    /** The page of a stranger whose name points here. */
    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:80", "localhost.evil.example", "127.0.0.1.evil.example", "x"})
    void shouldRefuseTheNamesOfOthers(String host) throws IOException {
        assertThat(asHost(host))
                .startsWith("HTTP/1.1 421")
                .contains("{\"error\":\"The request names a host that this server does not know.");
    }

    @Test
    void shouldLetBrowsersLoadFromItselfAlone() throws IOException {
        for (String path : List.of("/there", "/nowhere", "/fault", "/%")) {
            String answer = asking.raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            if (!path.equals("/%")) { // Jetty answers before there is a request
                assertThat(answer)
                        .contains("Content-Security-Policy: default-src 'self'", "X-Content-Type-Options: nosniff");
            }
            assertThat(answer).doesNotContain("Jetty", "Server:", "Powered", "\tat ", "secret", "<");
        }
    }

    @Test
    void shouldTellEachFaultAsASentence() {
        assertThat(asking.get("/there").status()).isEqualTo(200);
        assertThat(asking.get("/bad").status()).isEqualTo(400);
        assertThat(asking.get("/bad").error()).isEqualTo("amount is \"old\", no number");
        assertThat(asking.get("/nowhere").status()).isEqualTo(404);
        assertThat(asking.get("/nowhere").error()).contains("/nowhere");
        Asking.Answer wrong = asking.post("/there", "{}");
        assertThat(wrong.status()).isEqualTo(405);
        assertThat(wrong.http().headers().firstValue("Allow").orElseThrow()).contains("GET");
        assertThat(asking.get("/fault").status()).isEqualTo(500);
        assertThat(asking.get("/fault").error()).contains("its log says why");
    }

    @Test
    void shouldNotFollowAnotherMethodThanThatOfTheRequest() throws IOException {
        assertThat(asking.raw("POST /there HTTP/1.1\r\nHost: localhost\r\nX-HTTP-Method-Override: GET\r\n"
                        + "Content-Length: 0\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400");
    }

    @Test
    void shouldTakeBodiesUpToTheLimit() throws IOException {
        int limit = HttpServer.MAX_BODY_BYTES;
        assertThat(asking.post("/length", "x".repeat(limit)).json().get("bytes").asInt())
                .isEqualTo(limit);
        try (Socket socket =
                new Socket("127.0.0.1", server.port())) { // sends no more than is read, or the answer could be lost
            OutputStream out = socket.getOutputStream();
            out.write(ascii("POST /length HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + 2 * limit + "\r\n\r\n"));
            out.write(new byte[limit + 1]);
            requireTooLarge(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        }
    }

    private static void requireTooLarge(String answer) {
        assertThat(answer)
                .startsWith("HTTP/1.1 413")
                .endsWith("{\"error\":\"The body is larger than 1048576 bytes.\"}");
    }

    /** It would send 10 GB after "100 Continue". */
    @Test
    void shouldRefuseALargeBodyBeforeItIsSentIfTheClientAsks() throws IOException {
        requireTooLarge(asking.raw(expecting(9_999_999_999L)));
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(ascii(expecting(HttpServer.MAX_BODY_BYTES)));
            String proceed = "HTTP/1.1 100 Continue\r\n\r\n";
            assertThat(new String(socket.getInputStream().readNBytes(proceed.length()), StandardCharsets.US_ASCII))
                    .isEqualTo(proceed);
            out.write(new byte[HttpServer.MAX_BODY_BYTES]);
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 200");
        }
    }

    private static String expecting(long length) {
        return "POST /length HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nConnection: close\r\n"
                + "Content-Length: " + length + "\r\n\r\n";
    }

    @Test
    void shouldRefuseABodyInChunksThatIsTooLarge() throws IOException {
        int chunk = 1 << 16;
        int chunks = HttpServer.MAX_BODY_BYTES / chunk;
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(ascii("POST /length HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"));
            for (int i = 0; i < chunks; i++) {
                out.write(ascii(Integer.toHexString(chunk) + "\r\n" + "x".repeat(chunk) + "\r\n"));
            }
            out.write(ascii("1\r\nx"));
            requireTooLarge(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** More of them than it has threads. */
    @Test
    void shouldAnswerOthersWhileSlowClientsSendTheirBodies() throws IOException {
        List<Socket> slow = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Socket socket = new Socket("127.0.0.1", server.port());
            slow.add(socket);
            socket.getOutputStream()
                    .write(ascii("POST /length HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nfive!"));
        }
        assertThat(asking.get("/there").status()).isEqualTo(200);
        slow.get(0).getOutputStream().write(ascii("five!"));
        byte[] answer = slow.get(0).getInputStream().readNBytes(12);
        assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
        for (Socket socket : slow) {
            socket.close();
        }
    }

    @Test
    void shouldSayWhichPortIsTaken() {
        assertThatThrownBy(() -> HttpServer.start("127.0.0.1", server.port(), List.of(), List.of()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("cannot listen at 127.0.0.1, port " + server.port())
                .hasMessageContaining("in use");
    }

    @Test
    void shouldStopListeningWhenItIsClosed() {
        int port = server.port();
        server.close();
        server.close();
        assertThatThrownBy(() -> new Socket("127.0.0.1", port).close()).isInstanceOf(IOException.class);
    }
}
