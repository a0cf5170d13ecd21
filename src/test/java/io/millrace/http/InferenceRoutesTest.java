package io.millrace.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.feature.InputRow;
import io.millrace.topology.serving.LiveModel;
import io.millrace.topology.serving.ReplicaMean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InferenceRoutesTest {
    private static final LiveModel ARRAYS = ServedModels.ofArrays();
    private static final HttpServer OF_ARRAYS = serving(ARRAYS);
    private static final HttpServer OF_ORDERS = serving(ServedModels.ofOrders());
    private static final Asking ARRAY = new Asking(OF_ARRAYS.port());
    private static final Asking ORDER = new Asking(OF_ORDERS.port());

    private static HttpServer serving(LiveModel model) {
        return HttpServer.start("127.0.0.1", 0, List.of(), List.of(new InferenceRoutes(model)));
    }

    @AfterAll
    static void stop() {
        OF_ARRAYS.close();
        OF_ORDERS.close();
    }

    private static float[] expected(float... features) {
        return ReplicaMean.stateless(ARRAYS.replicas()).answer(InputRow.of(features), 0);
    }

    private static float[] floats(JsonNode scores) {
        float[] floats = new float[scores.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = Float.parseFloat(scores.get(i).asText());
        }
        return floats;
    }

    private static String tensor(String name, String datatype, String shape, String data) {
        return "{\"name\": \"" + name + "\", \"datatype\": \"" + datatype + "\", \"shape\": " + shape + ", \"data\": "
                + data + "}";
    }

    private static String inputs(String... tensors) {
        return "{\"id\": \"42\", \"inputs\": [" + String.join(", ", tensors) + "]}";
    }

    @Test
    void tensorsShouldHaveTheBitsOfThePredictor() {
        float[][] rows = {{0.1f, 0.9f}, {1f / 3, 1e-7f}, {12345.678f, -0f}};
        String data = Arrays.stream(rows).map(Arrays::toString).collect(Collectors.joining(",", "[", "]"));
        Asking.Answer nested = ARRAY.post("/v2/models/model/infer", inputs(tensor("features", "FP32", "[3,2]", data)));
        assertThat(nested.status()).as(nested.error()).isEqualTo(200);
        assertThat(nested.json().get("id").asText()).isEqualTo("42");
        assertThat(nested.json().get("model_name").asText()).isEqualTo("model");
        assertThat(nested.json().get("model_version").asText()).isEqualTo("400");
        JsonNode outputs = nested.json().get("outputs");
        float[] scores = floats(outputs.get(0).get("data"));
        assertThat(outputs.get(0).get("shape")).hasToString("[3,2]");
        for (int i = 0; i < rows.length; i++) {
            float[] expected = expected(rows[i]);
            assertThat(Arrays.copyOfRange(scores, 2 * i, 2 * i + 2)).isEqualTo(expected);
            int best = expected[1] > expected[0] ? 1 : 0;
            assertThat(outputs.get(1).get("data").get(i).asInt()).isEqualTo(best);
            assertThat(outputs.get(2).get("data").get(i).asText()).isEqualTo(best == 1 ? "yes" : "no");
        }
        String flat = data.replace("],[", ",").replace("[[", "[").replace("]]", "]");
        Asking.Answer same =
                ARRAY.post("/v2/models/model/versions/400/infer", inputs(tensor("features", "FP64", "[3,2]", flat)));
        assertThat(same.json()).isEqualTo(nested.json());
    }

    @Test
    void outputsThatAreNotWantedShouldBeLeftOut() {
        String request = inputs(tensor("features", "FP32", "[1,2]", "[1,2]"));
        Asking.Answer some = ARRAY.post(
                "/v2/models/model/infer", request.replace("]}]}", "]}], \"outputs\": [{\"name\": \"scores\"}]}"));
        assertThat(some.json().get("outputs")).hasSize(1);
        Asking.Answer none =
                ARRAY.post("/v2/models/model/infer", request.replace("]}]}", "]}], \"outputs\": [{\"name\": \"x\"}]}"));
        assertThat(none.error()).isEqualTo("the model has no output \"x\"");
    }

    @Test
    void rowsShouldHaveTheAnswersOfTheTopic() {
        Asking.Answer answer = ARRAY.post(
                "/v2/models/model/predict",
                "{\"rows\": [{\"features\": [0.25, 0.75]}, {\"features\": [1]}, [1, 2], {\"features\": [NaN, 1]}]}");
        assertThat(answer.status()).as(answer.error()).isEqualTo(200);
        assertThat(answer.json().get("model").asText()).isEqualTo("model");
        assertThat(answer.json().get("modelVersion").asLong()).isEqualTo(400);
        JsonNode predictions = answer.json().get("predictions");
        assertThat(predictions.get(0).get("status").asText()).isEqualTo("OK");
        assertThat(floats(predictions.get(0).get("scores"))).isEqualTo(expected(0.25f, 0.75f));
        assertThat(predictions.get(0).get("className").asText()).isEqualTo("no");
        assertThat(predictions.get(0).has("reason")).isFalse();
        assertThat(predictions.get(1))
                .hasToString("{\"status\":\"BAD_INPUT\",\"scores\":[],\"reason\":\"1 features instead of 2\"}");
        assertThat(predictions.get(2).get("reason").asText()).contains("the row is no object");
        assertThat(predictions.get(3).get("reason").asText()).isEqualTo("feature 0 is NaN");
    }

    @Test
    void tensorsOfDeclaredFieldsShouldHaveTheBitsOfTheSameRows() {
        JsonNode rows = ORDER.post("/v2/models/model/predict", """
                {"rows": [{"amount": 12.5, "customer": {"plan": "pro"}, "items": [{"sku": "s1"}, {"sku": "s2"}], "created": 1700000000},
                          {"amount": "80", "items": [{"sku": "s3"}, {"sku": "s3"}], "created": "2024-05-01T12:30"}]}
                """).json().path("predictions");
        Asking.Answer tensors = ORDER.post(
                "/v2/models/model/infer",
                inputs(
                        tensor("amount", "FP64", "[2]", "[12.5, 80]"),
                        tensor("customer.plan", "BYTES", "[2,1]", "[\"pro\", null]"),
                        tensor("items[].sku", "BYTES", "[2,2]", "[\"s1\", \"s2\", \"s3\", \"s3\"]"),
                        tensor("created", "BYTES", "[2]", "[\"1700000000\", \"2024-05-01T12:30\"]")));
        assertThat(tensors.status()).as(tensors.error()).isEqualTo(200);
        float[] scores = floats(tensors.json().at("/outputs/0/data"));
        for (int i = 0; i < 2; i++) {
            assertThat(floats(rows.get(i).get("scores"))).isEqualTo(Arrays.copyOfRange(scores, 2 * i, 2 * i + 2));
        }
        assertThat(scores[0]).isNotEqualTo(scores[2]);
    }

    @Test
    void metadataShouldNameInputsAndOutputs() {
        JsonNode arrays = ARRAY.get("/v2/models/model").json();
        assertThat(arrays.get("versions")).hasToString("[\"400\"]");
        assertThat(arrays.get("inputs"))
                .hasToString("[{\"name\":\"features\",\"datatype\":\"FP32\",\"shape\":[-1,2]}]");
        assertThat(arrays.at("/parameters/classes")).hasToString("[\"no\",\"yes\"]");
        JsonNode orders = ORDER.get("/v2/models/model/versions/400").json();
        assertThat(orders.get("inputs"))
                .extracting(input ->
                        input.get("name").asText() + " " + input.get("datatype").asText() + " " + input.get("shape"))
                .containsExactly(
                        "amount FP64 [-1]",
                        "customer.plan BYTES [-1]",
                        "items[].sku BYTES [-1,-1]",
                        "created FP64 [-1]");
        assertThat(orders.at("/inputs/1/parameters/optional").asBoolean()).isTrue();
        assertThat(ORDER.get("/v2/models/model/ready").json()).hasToString("{\"name\":\"model\",\"ready\":true}");
    }

    @Test
    void otherModelsAndVersionsShouldBeAbsent() {
        for (String path : List.of("", "/ready", "/versions/399", "/versions/x/ready")) {
            String name = path.startsWith("/versions") ? "model" : "other";
            assertThat(ARRAY.get("/v2/models/" + name + path).status()).as(path).isEqualTo(404);
        }
        assertThat(ARRAY.get("/v2/models/other").error())
                .isEqualTo("There is no model \"other\"; this server has the model \"model\".");
        assertThat(ARRAY.post("/v2/models/model/versions/399/infer", "{}").error())
                .isEqualTo("The version \"399\" is not served; the newest is 400, and older ones are not kept.");
    }

    @Test
    void withoutAVersionItShouldBeUnavailable() {
        try (HttpServer server = serving(new LiveModel("model"))) {
            Asking asking = new Asking(server.port());
            for (Asking.Answer answer : List.of(
                    asking.get("/v2/models/model"),
                    asking.get("/v2/models/model/ready"),
                    asking.post("/v2/models/model/infer", "{}"),
                    asking.post("/v2/models/model/predict", "{}"))) {
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.error()).isEqualTo("No version of the model has arrived yet.");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            predict | [1]                                             | the body has no array "rows"
            predict | {"rows": []}                                    | the request has 0 rows; 1 to 1000 are possible
            predict | {"rows": [{"features": [1, "a"]}]}              | rows[0]: feature 1 is "a", no number
            predict | {"rows": [{"features": [1, 1e99]}]}             | rows[0]: feature 1 is Infinity
            predict | {"rows": [{}]}                                  | rows[0]: the row has no array "features"
            predict | {"rows": [                                      | the body is not valid as JSON
            infer   | {}                                              | the body has no array "inputs" with tensors
            infer   | {"inputs": [{}]}                                | an input has no "name"
            infer   | T(x,FP32,[1],[1])                               | the model has no input "x"; it has features
            infer   | T(features,FP32,[1,2],[1])                      | the input "features" has 1 values, its shape has 2
            infer   | T(features,FP32,[0,2],[])                       | the shape of input "features" is [0,2]
            infer   | T(features,FP32,[99999999,99999999,2],[1,2])    | the input "features" has 2 values
            infer   | T(features,FP32,1,[1])                          | the shape of input "features" is 1,
            infer   | T(features,FP7,[1,1],[1])                       | the datatype of input "features" is "FP7"
            infer   | T(features,FP32,[1,1],["1"])                    | the input "features" has the value "1", no FP32
            infer   | T(features,FP32,[1,3],[1,2,3])                  | rows[0]: 3 features instead of 2
            infer   | T(features,FP32,[2],[1,2])                      | rows[0]: the row has no array "features"
            """)
    void badRequestsShouldBeToldWhatIsWrong(String how, String body, String sentence) {
        String json = body;
        if (body.startsWith("T(")) {
            String[] parts = body.substring(2, body.length() - 1).split(",", 3);
            int end = parts[2].startsWith("[") ? parts[2].indexOf(']') + 1 : parts[2].indexOf(',');
            json = inputs(tensor(parts[0], parts[1], parts[2].substring(0, end), parts[2].substring(end + 1)));
        }
        Asking.Answer answer = ARRAY.post("/v2/models/model/" + how, json);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).contains(sentence).doesNotContain("com.fasterxml");
    }

    @Test
    void badFieldsShouldBeNamed() {
        String row = "{\"rows\": [{\"amount\": \"12,50\", \"items\": [], \"created\": 0}]}";
        assertThat(ORDER.post("/v2/models/model/predict", row).error())
                .isEqualTo("rows[0]: amount is \"12,50\", no number");
        assertThat(ORDER.post("/v2/models/model/infer", inputs(tensor("created", "FP64", "[1]", "[1]")))
                        .error())
                .isEqualTo("rows[0]: amount is missing; declare \"amount?\" if it may be");
        assertThat(ORDER.post("/v2/models/model/predict", "{\"rows\": [{\"@timestamp\": \"soon\"}]}")
                        .error())
                .isEqualTo("rows[0]: @timestamp is \"soon\", no milliseconds since 1970");
        assertThat(ORDER.post(
                                "/v2/models/model/infer",
                                inputs(
                                        tensor("amount", "FP64", "[1]", "[1]"),
                                        tensor("created", "FP64", "[2]", "[1,2]")))
                        .error())
                .isEqualTo("the input \"created\" has 2 rows, another one has 1");
    }

    @Test
    void tooManyRowsShouldBeRefused() {
        String rows =
                IntStream.range(0, 1001).mapToObj(i -> "{}").collect(Collectors.joining(",", "{\"rows\": [", "]}"));
        assertThat(ARRAY.post("/v2/models/model/predict", rows).error())
                .isEqualTo("the request has 1001 rows; 1 to 1000 are possible");
    }

    @Test
    void aNewVersionShouldAnswerAtOnce() {
        LiveModel live = new LiveModel("model");
        try (HttpServer server = serving(live)) {
            Asking asking = new Asking(server.port());
            assertThat(asking.get("/v2/models/model").status()).isEqualTo(503);
            ServedModels.arrive(live, 8);
            assertThat(asking.get("/v2/models/model").json().get("versions")).hasToString("[\"8\"]");
            ServedModels.arrive(live, 16);
            assertThat(asking.get("/v2/models/model").json().get("versions")).hasToString("[\"16\"]");
        }
    }

    @Test
    void eachAnswerShouldHaveTheBitsOfTheVersionThatItNames() throws Exception {
        float[] row = {0.3f, 0.4f};
        Map<Long, float[]> expected = new HashMap<>();
        for (int version = 8; version <= 80; version += 8) {
            LiveModel alone = new LiveModel("model");
            ServedModels.arrive(alone, version);
            expected.put((long) version, ReplicaMean.stateless(alone.replicas()).answer(InputRow.of(row), 0));
        }
        LiveModel live = new LiveModel("model");
        ServedModels.arrive(live, 8);
        try (HttpServer server = serving(live)) {
            ExecutorService clients = Executors.newFixedThreadPool(4);
            List<Future<Set<Long>>> seen = new ArrayList<>();
            for (int client = 0; client < 4; client++) {
                seen.add(clients.submit(() -> {
                    Asking asking = new Asking(server.port());
                    Set<Long> versions = new HashSet<>();
                    while (!versions.contains(80L)) {
                        JsonNode answer = asking.post(
                                        "/v2/models/model/predict", "{\"rows\": [{\"features\": [0.3, 0.4]}]}")
                                .json();
                        long version = answer.get("modelVersion").asLong();
                        versions.add(version);
                        assertThat(floats(answer.at("/predictions/0/scores"))).isEqualTo(expected.get(version));
                    }
                    return versions;
                }));
            }
            for (int version = 16; version <= 80; version += 8) {
                ServedModels.arrive(live, version);
                Thread.sleep(20);
            }
            for (Future<Set<Long>> each : seen) {
                assertThat(each.get(30, TimeUnit.SECONDS)).contains(80L);
            }
            clients.shutdown();
        }
    }
}
