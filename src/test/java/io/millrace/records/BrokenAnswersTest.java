package io.millrace.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.millrace.avro.Example;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What answers at the registry's URL and makes no sense says nothing about a record: it is asked again, and nothing of it is kept. */
class BrokenAnswersTest {
    private HttpServer stub;
    private volatile String answer;
    private AvroSerdes serdes;
    private Serde<Example> serde;

    @BeforeEach
    void start() throws IOException {
        stub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        stub.createContext("/", http -> {
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            http.sendResponseHeaders(200, body.length);
            http.getResponseBody().write(body);
            http.close();
        });
        stub.start();
        String url = "http://127.0.0.1:" + stub.getAddress().getPort();
        serdes = new AvroSerdes(Map.of("schema.registry.url", url, "max.retries", "0"));
        serde = serdes.valueSerde(Example.class);
    }

    @AfterEach
    void stop() {
        stub.stop(0);
    }

    private static Example example() {
        return new Example(new FloatVector(new float[] {1, 2}), 0, 1f);
    }

    @Test
    void shouldWriteNothingUnderAnIdThatTheAnswerDoesNotBear() {
        for (String broken : List.of("{}", "{\"id\":0}", "{\"id\":-1}", "{\"id\":null}", "", "[", "<html>", "null")) {
            answer = broken;
            assertThatThrownBy(() -> serde.serializer().serialize("t", example()))
                    .as(broken)
                    .isInstanceOf(RegistryUnavailableException.class)
                    .hasMessageContaining("t-value");
            assertThat(serdes.registryAnswered()).as(broken).isFalse();
        }
        answer = "{\"id\":7}";
        byte[] bytes = serde.serializer().serialize("t", example());
        assertThat(serdes.registryAnswered()).isTrue();
        assertThat(ByteBuffer.wrap(bytes).getInt(1)).isEqualTo(7);
    }

    @Test
    void shouldNotTakeARecordForBadWhenTheAnswerBearsNoSchema() {
        answer = "{\"id\":7}";
        byte[] bytes = serde.serializer().serialize("t", example());
        for (String broken : List.of("{}", "{\"schema\":null}", "", "[", "<html>", "null")) {
            answer = broken;
            assertThatThrownBy(() -> serde.deserializer().deserialize("other", bytes))
                    .as(broken)
                    .isInstanceOf(RegistryUnavailableException.class)
                    .hasMessageContaining("schema id 7");
        }
        String schema =
                Example.getClassSchema().toString().replace("\\", "\\\\").replace("\"", "\\\"");
        answer = "{\"schema\":\"" + schema + "\"}";
        assertThat(serde.deserializer().deserialize("other", bytes)).isEqualTo(example());
    }
}
