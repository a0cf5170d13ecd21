package io.millrace.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A client of a server on this machine: proper requests, and bytes that are none. */
public final class Asking {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** An answer in JSON. */
    public record Answer(int status, JsonNode json, HttpResponse<byte[]> http) {
        /** The sentence of a refusal. */
        public String error() {
            return json.path("error").asText();
        }
    }

    private final HttpClient client = HttpClient.newHttpClient();
    private final int port;

    public Asking(int port) {
        this.port = port;
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(PATIENCE);
    }

    /** The answer to GET. */
    public Answer get(String path) {
        return send(to(path).GET().build());
    }

    /** The answer to POST. */
    public Answer post(String path, String json) {
        return send(to(path).header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json))
                .build());
    }

    Answer send(String method, String path) {
        return send(to(path).method(method, BodyPublishers.noBody()).build());
    }

    /** The body of the answer to GET, in UTF-8. */
    public String text(String path) {
        HttpResponse<byte[]> answer = answer(to(path).GET().build());
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    private Answer send(HttpRequest request) {
        HttpResponse<byte[]> answer = answer(request);
        try {
            return new Answer(answer.statusCode(), JSON.readTree(answer.body()), answer);
        } catch (IOException e) {
            throw new UncheckedIOException(request + " has no answer in JSON", e);
        }
    }

    private HttpResponse<byte[]> answer(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(request + " has no answer", e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sends bytes and the end of the stream, and returns all that comes back until the server closes. */
    String raw(byte[] bytes) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            try {
                socket.getOutputStream().write(bytes);
                socket.shutdownOutput();
            } catch (IOException e) { // refused before it was read to its end
                return "";
            }
            try {
                return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            } catch (java.net.SocketException e) { // closed with bytes unread
                return "";
            }
        }
    }

    String raw(String text) throws IOException {
        return raw(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
