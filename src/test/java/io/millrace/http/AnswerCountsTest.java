package io.millrace.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.metrics.Promtool;
import io.millrace.metrics.Scrape;
import io.millrace.topology.serving.LiveModel;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswerCountsTest {
    private static final String PREDICT = "/v2/models/model/predict";

    private static HttpServer serving(LiveModel live, AnswerCounts counts) {
        return HttpServer.start("127.0.0.1", 0, List.of(), List.of(new InferenceRoutes(live, counts)));
    }

    private static Scrape scrape(AnswerCounts counts) {
        return Scrape.of("serve", counts.metrics());
    }

    private static double answers(Scrape scrape, String status) {
        return scrape.value("millrace_predictions_total{channel=\"http\",status=\"" + status + "\"}");
    }

    @Test
    void shouldCountRowsByStatusAndFieldsThatAreMissing(@TempDir Path folder) throws Exception {
        try (AnswerCounts counts = AnswerCounts.inJmx();
                HttpServer server = serving(ServedModels.ofOrders(), counts)) {
            Asking asking = new Asking(server.port());
            String row = "{\"amount\": 1, \"items\": [{\"sku\": \"a\"}], \"created\": 1700000000}";
            assertThat(asking.post(PREDICT, "{\"rows\": [" + row + ", {\"items\": []}, " + row + "]}")
                            .status())
                    .isEqualTo(200);
            assertThat(asking.post(PREDICT, "{\"rows\": [{\"items\": []}, {}]}").status())
                    .isEqualTo(400);
            assertThat(asking.post(PREDICT, "no JSON").status()).isEqualTo(400);
            assertThat(asking.post("/v2/models/model/infer", """
                            {"inputs": [{"name": "amount", "datatype": "FP64", "shape": [2], "data": [1, 2]},
                              {"name": "items[].sku", "datatype": "BYTES", "shape": [2, 1], "data": ["a", "b"]},
                              {"name": "created", "datatype": "INT64", "shape": [2], "data": [1700000000, 1700000000]}]}
                            """).status()).isEqualTo(200);
            asking.get("/v2/models/model"); // asks for no prediction

            Scrape scrape = scrape(counts);

            assertThat(answers(scrape, "ok")).isEqualTo(4);
            assertThat(answers(scrape, "bad_input")).isEqualTo(1 + 1 + 1);
            assertThat(answers(scrape, "no_model")).isZero();
            assertThat(scrape.value("millrace_prediction_duration_seconds_count{channel=\"http\"}"))
                    .isEqualTo(4);
            assertThat(scrape.value("millrace_prediction_duration_seconds_sum{channel=\"http\"}"))
                    .isPositive();
            assertThat(scrape.value("millrace_missing_values_total{feature=\"customer.plan\",role=\"serve\"}"))
                    .isEqualTo(4);
            assertThat(Promtool.run(folder, scrape.text(), "check", "metrics")).isEmpty();
        }
    }

    @Test
    void shouldCountRequestsThatNoModelAnswers() {
        try (AnswerCounts counts = AnswerCounts.unseen();
                HttpServer server = serving(new LiveModel("model"), counts)) {
            Asking asking = new Asking(server.port());
            assertThat(asking.post(PREDICT, "{\"rows\": [{\"features\": [1, 2]}]}")
                            .status())
                    .isEqualTo(503);

            assertThat(answers(scrape(counts), "no_model")).isEqualTo(1);
        }
    }

    @Test
    void shouldShowItsNumbersInJmxUntilItIsClosed() throws Exception {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        ObjectName ok =
                new ObjectName("kafka.streams:type=stream-millrace-metrics,thread-id=http,channel=http,status=ok");
        AnswerCounts counts = AnswerCounts.inJmx();
        try (HttpServer server = serving(ServedModels.ofArrays(), counts)) {
            new Asking(server.port()).post(PREDICT, "{\"rows\": [{\"features\": [1, 2]}, {\"features\": [3, 4]}]}");
            assertThat(beans.getAttribute(ok, "predictions-total")).isEqualTo(2.0);
        }
        counts.close();
        assertThat(beans.isRegistered(ok)).isFalse();
    }
}
