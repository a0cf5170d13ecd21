package io.millrace.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.fuzz.Hostile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * Requests that nobody should send: damaged lines, headers, methods, lengths and bodies. The server answers with 4xx or closes, and goes on.
 * {@code -Dfuzz.factor=N} tries N times as many.
 */
class HostileHttpTest {
    private static final HttpServer ARRAYS = serving(true);
    private static final HttpServer ORDERS = serving(false);
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3}) ");

    private static final String ARRAY_TENSOR = "{\"id\":\"1\",\"inputs\":[{\"name\":\"features\",\"datatype\":\"FP32\","
            + "\"shape\":[2,2],\"data\":[[1,2],[3,4.5]]}],\"outputs\":[{\"name\":\"scores\"}]}";
    private static final String ORDER_TENSORS = "{\"inputs\":[{\"name\":\"amount\",\"datatype\":\"FP64\",\"shape\":[1],"
            + "\"data\":[1.5]},{\"name\":\"items[].sku\",\"datatype\":\"BYTES\",\"shape\":[1,2],\"data\":[\"a\",\"b\"]},"
            + "{\"name\":\"created\",\"datatype\":\"INT64\",\"shape\":[1],\"data\":[1700000000]}]}";
    private static final String ORDER_ROWS = "{\"rows\":[{\"amount\":12.5,\"customer\":{\"plan\":\"pro\"},\"items\":"
            + "[{\"sku\":\"s1\"}],\"created\":\"2024-05-01T12:30\",\"@timestamp\":5,\"@key\":\"k\",\"@headers.h\":1}]}";

    private static HttpServer serving(boolean arrays) {
        return HttpServer.start(
                "127.0.0.1",
                0,
                List.of(),
                List.of(
                        new HealthRoutes("1", () -> null, () -> null),
                        new InferenceRoutes(arrays ? ServedModels.ofArrays() : ServedModels.ofOrders())));
    }

    @AfterContainer
    static void stop() {
        ARRAYS.close();
        ORDERS.close();
    }

    private static byte[] head(String path, int length) {
        return bytes("POST /v2/models/model/" + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Content-Type: application/json\r\nContent-Length: " + length + "\r\n\r\n");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] request(String path, byte[] body) {
        byte[] head = head(path, body.length);
        byte[] request = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, request, head.length, body.length);
        return request;
    }

    /** What the client allocates is of no interest. */
    private static void feed(long seed, HttpServer server, Hostile.Source source) {
        new Hostile(e -> false, Long.MAX_VALUE, 0).feed(seed, source, request -> requireNoFault(server, request));
    }

    private static void requireNoFault(HttpServer server, byte[] request) throws IOException {
        String answer = new Asking(server.port()).raw(request);
        STATUS.matcher(answer)
                .results()
                .forEach(status -> assertThat(status.group(1))
                        .as(answer)
                        .matches("[24]..|501|505")); // 5xx: a transfer coding, a version of HTTP
        assertThat(answer).doesNotContain("\tat ", "Exception");
    }

    /** The requests themselves are proper, so that the damage is in JSON and what it means. */
    @Property(tries = 1, shrinking = ShrinkingMode.OFF)
    void damagedArraysShouldBeRefusedOrAnswered(@ForAll long seed) {
        byte[] body = bytes(ARRAY_TENSOR);
        feed(seed, ARRAYS, random -> request("infer", Hostile.mutated(random, body, 0)));
    }

    @Property(tries = 1, shrinking = ShrinkingMode.OFF)
    void damagedFieldsShouldBeRefusedOrAnswered(@ForAll long seed) {
        byte[] tensors = bytes(ORDER_TENSORS);
        byte[] rows = bytes(ORDER_ROWS);
        feed(
                seed,
                ORDERS,
                random -> random.nextBoolean()
                        ? request("infer", Hostile.mutated(random, tensors, 0))
                        : request("predict", Hostile.mutated(random, rows, 0)));
    }

    @Property(tries = 1, shrinking = ShrinkingMode.OFF)
    void damagedRequestsShouldBeRefusedOrAnswered(@ForAll long seed) {
        byte[] proper = request("infer", bytes(ARRAY_TENSOR));
        int head = proper.length - ARRAY_TENSOR.length();
        feed(seed, ARRAYS, random -> Hostile.mutated(random, Arrays.copyOf(proper, head + random.nextInt(200)), 0));
    }

    @Property(tries = 1, shrinking = ShrinkingMode.OFF)
    void noiseShouldBeRefused(@ForAll long seed) {
        feed(seed, ARRAYS, Hostile::noise);
    }

    @Example
    void absurdRequestsShouldBeRefused() throws IOException {
        String head = "POST /v2/models/model/predict HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
        String deep = "[".repeat(500_000);
        for (String request : List.of(
                head + "Content-Length: -1\r\n\r\n",
                head + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n{}",
                head + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                head + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}",
                head + "X: " + "x".repeat(100_000) + "\r\n\r\n",
                head + "X: y\r\n".repeat(10_000) + "\r\n",
                head.replace("HTTP/1.1", "HTTP/9.9") + "\r\n",
                head.replace("/v2", "/../../etc/passwd") + "\r\n",
                head.replace("/v2", "/%00%ff%2f..") + "\r\n",
                head.replace("POST /v2", "POST http://evil.example/v2") + "\r\n",
                head.replace("POST", "CONNECT") + "\r\n",
                head.replace("POST", "PRI * HTTP/2.0\r\n\r\nSM") + "\r\n",
                head.replace("POST", "BEFORE") + "\r\n",
                head + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nConnection: Upgrade\r\n\r\n",
                head + "Expect: 100-continue\r\nContent-Length: 9999999999\r\n\r\n",
                head + "Content-Length: " + deep.length() + "\r\n\r\n" + deep,
                head + "Content-Length: 31\r\n\r\n{\"rows\":[{\"features\":[1e999999]}]}")) {
            requireNoFault(ARRAYS, bytes(request));
        }
        assertThat(new Asking(ARRAYS.port()).get("/v2/health/live").status()).isEqualTo(200);
    }
}
