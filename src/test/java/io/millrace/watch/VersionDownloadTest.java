package io.millrace.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.avro.ModelSnapshot;
import io.millrace.config.MillraceConfig;
import io.millrace.http.HttpServer;
import io.millrace.records.RegistryUnavailableException;
import io.millrace.topology.cluster.RecordsDeletedException;
import io.millrace.topology.snapshot.SnapshotFile;
import io.millrace.topology.snapshot.Snapshots;
import io.millrace.topology.snapshot.StoredSnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.SeekableByteArrayInput;
import org.apache.avro.specific.SpecificDatumReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VersionDownloadTest {
    private static final MillraceConfig CONFIG = MillraceConfig.of(Map.of(
            "bootstrap.servers", "localhost:1",
            "schema.registry.url", "http://localhost:1",
            "application.id", "download",
            "model.name", "a/b \"c\"",
            "model.inputs", "2",
            "model.classes", "no,yes",
            "model.kind", "network",
            "model.hidden", "4"));

    private final StoredSnapshot stored = new StoredSnapshot(WatchedTopics.chunks(CONFIG), 0);
    private RuntimeException fault;
    private final HttpServer server = HttpServer.start(
            "127.0.0.1", 0, List.of(), List.of(new VersionDownload(CONFIG.modelName(), this::version)));
    private final HttpClient client = HttpClient.newHttpClient();

    private StoredSnapshot version(int partition, long version) {
        if (fault != null) {
            throw fault;
        }
        return partition == 0 && version == 0 ? stored : null;
    }

    @AfterEach
    void close() {
        server.close();
    }

    private HttpResponse<byte[]> ask(String method, String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/api/versions/" + path))
                        .method(method, BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofByteArray());
    }

    private String refused(String path, int status) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = ask("GET", path);
        assertThat(answer.statusCode()).as(path).isEqualTo(status);
        assertThat(ask("HEAD", path).statusCode()).as("HEAD " + path).isEqualTo(status);
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    @Test
    void shouldGiveTheFileThatTheCommandSnapshotWrites() throws Exception {
        HttpResponse<byte[]> answer = ask("GET", "0/0");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Disposition"))
                .contains("attachment; filename=\"a_b__c_-0-0.avro\"");
        ByteArrayOutputStream saved = new ByteArrayOutputStream();
        SnapshotFile.write(stored, saved);
        assertThat(answer.body()).isEqualTo(saved.toByteArray());
        List<ModelSnapshot> chunks = new ArrayList<>();
        try (DataFileReader<ModelSnapshot> reader = new DataFileReader<>(
                new SeekableByteArrayInput(answer.body()), new SpecificDatumReader<>(ModelSnapshot.class))) {
            reader.forEach(chunks::add);
        }
        assertThat(Snapshots.model(chunks)).isNotNull();
        assertThat(chunks.get(0).getSha256()).isEqualTo(stored.head().getSha256());
    }

    @Test
    void shouldAnswerHeadWithTheSameHeadersAndNoBody() throws Exception {
        HttpResponse<byte[]> answer = ask("HEAD", "0/0");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Disposition").orElse(""))
                .startsWith("attachment");
        assertThat(answer.body()).isEmpty();
        assertThat(ask("POST", "0/0").statusCode()).isEqualTo(405);
    }

    @Test
    void shouldSayWhichVersionIsGone() throws Exception {
        assertThat(refused("0/640", 404)).contains("Version 640 of partition 0 is not in the topic, or no longer");
        fault = new RecordsDeletedException("deleted");
        assertThat(refused("0/0", 404)).contains("Version 0 of partition 0 was deleted while it was read.");
        fault = new IllegalStateException("its checksum is wrong");
        assertThat(refused("0/0", 404)).contains("Version 0 of partition 0 cannot be used: its checksum is wrong.");
        fault = new RegistryUnavailableException("no answer", new IOException("gone"));
        assertThat(refused("0/0", 503)).contains("The schema registry cannot be reached.");
    }

    @Test
    void shouldRefuseEveryAddressThatIsNoVersion() throws Exception {
        for (String path :
                List.of("0/-1", "x/0", "0/1e3", "0/12345678901234567890", "1234567890/0", "0/0x", "0/%2e%2e")) {
            assertThat(ask("GET", path).statusCode()).as(path).isIn(400, 404);
        }
        assertThat(refused("0/x", 404)).contains("with two numbers");
    }
}
