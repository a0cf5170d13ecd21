package io.millrace.metrics;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Debian's Prometheus with the rules of docs/monitoring, as its README configures it. */
public final class Prometheus implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/bin/prometheus");

    private final HttpClient client = HttpClient.newHttpClient();
    private final Process process;
    private final int port;

    private Prometheus(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** The test is skipped where it is not installed. */
    public static void assumeInstalled() {
        assumeTrue(Files.isExecutable(PROGRAM), PROGRAM + " is not installed");
    }

    /**
     * Starts it.
     *
     * @param folder for its data
     * @param target port of {@code run}
     */
    public static Prometheus start(Path folder, int target) throws IOException {
        Path config = folder.resolve("prometheus.yml");
        Files.writeString(config, """
                rule_files: ['%s']
                scrape_configs:
                  - job_name: millrace
                    scrape_interval: 15s
                    static_configs:
                      - targets: ['127.0.0.1:%d']
                """.formatted(
                        Path.of("docs", "monitoring", "alerts.yml").toAbsolutePath(), target));
        int port = freePort();
        Process process = new ProcessBuilder(
                        PROGRAM.toString(),
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("prometheus.log").toFile())
                .start();
        return new Prometheus(process, port);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** Names of the alerts that fire; empty while it starts. */
    public List<String> firing() {
        return get("/api/v1/alerts")
                .at("/data/alerts")
                .valueStream()
                .filter(alert -> alert.path("state").asText().equals("firing"))
                .map(alert -> alert.at("/labels/alertname").asText())
                .toList();
    }

    /** Whether its last scrape had an answer. */
    public boolean scrapes() {
        return get("/api/v1/targets")
                .at("/data/activeTargets/0/health")
                .asText()
                .equals("up");
    }

    private JsonNode get(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        try {
            return new ObjectMapper()
                    .readTree(client.send(request, BodyHandlers.ofByteArray()).body());
        } catch (IOException e) {
            return MissingNode.getInstance(); // it does not listen yet
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
