package io.millrace.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.avro.ExpertReport;
import io.millrace.avro.Features;
import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSnapshotKey;
import io.millrace.avro.Prediction;
import io.millrace.avro.PredictionStatus;
import io.millrace.avro.ValidationLoss;
import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import io.millrace.learner.input.BadInputCause;
import io.millrace.metrics.Promtool;
import io.millrace.metrics.Scrape;
import io.millrace.records.FloatVector;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The metrics say what was learned and answered. */
class MetricsTest extends TrainingDriver {
    private static final String PARTITION = "{partition=\"0\"}";
    private static final String OF_THE_TOPIC = "{channel=\"topic\",partition=\"0\"}";

    private Scrape scrape() {
        return Scrape.of("train", driver.metrics());
    }

    private static String labelled(String name, String labels) {
        return name + "{" + labels + "}";
    }

    @Test
    void shouldCountExamplesAndShowTheirReports() {
        start("validation.holdout.fraction", "0.25");
        sendExamples(200);
        List<ValidationLoss> reports = losses.readValuesToList();
        List<Long> versions = snapshots.readKeyValuesToList().stream()
                .filter(chunk -> chunk.value != null)
                .map(chunk -> chunk.key.getVersion())
                .toList();
        ValidationLoss last = reports.get(reports.size() - 1);

        Scrape scrape = scrape();

        double learned = scrape.value(labelled("millrace_examples_total", "outcome=\"learned\",partition=\"0\""));
        double heldOut = scrape.value(labelled("millrace_examples_total", "outcome=\"held_out\",partition=\"0\""));
        assertThat(learned + heldOut).isEqualTo(200);
        assertThat(heldOut).isBetween(30.0, 70.0);
        assertThat(scrape.value("millrace_learned_version" + PARTITION)).isEqualTo(learned - learned % 4);
        assertThat(scrape.value("millrace_published_version" + PARTITION))
                .isEqualTo((double) versions.get(versions.size() - 1));
        assertThat(scrape.value("millrace_published_age_seconds" + PARTITION)).isBetween(0.0, 60.0);
        assertThat(scrape.value("millrace_checkpoint_size_bytes" + PARTITION)).isGreaterThan(4 * 42);
        assertThat(scrape.value("millrace_checkpoint_duration_seconds_count" + PARTITION))
                .isGreaterThan(50);
        assertThat(scrape.value("millrace_checkpoint_duration_seconds_sum" + PARTITION))
                .isPositive();
        assertThat(scrape.value("millrace_example_duration_seconds_count" + PARTITION))
                .isBetween(1.0, 6.0);
        assertThat(scrape.value("millrace_example_duration_seconds_sum" + PARTITION))
                .isPositive();

        assertThat(scrape.value(labelled("millrace_loss", "over=\"report\",partition=\"0\"")))
                .isEqualTo(last.getLoss());
        assertThat(scrape.value(labelled("millrace_loss", "over=\"faded\",partition=\"0\"")))
                .isEqualTo(last.getFadedLoss());
        assertThat(scrape.value(labelled("millrace_metric", "metric=\"accuracy\",over=\"report\",partition=\"0\"")))
                .isEqualTo(last.getMetrics().get("accuracy"));
        if (last.getHoldoutLoss() != null) {
            assertThat(scrape.value(labelled("millrace_loss", "over=\"held_out\",partition=\"0\"")))
                    .isEqualTo(last.getHoldoutLoss());
        }
        assertThat(scrape.value("millrace_gradient_norm" + PARTITION)).isEqualTo(last.getGradientNorm());
        assertThat(scrape.value("millrace_learning_rate" + PARTITION)).isEqualTo(last.getLearningRate());
        assertThat(scrape.value("millrace_example_loss_count" + PARTITION))
                .isEqualTo(sum(reports, ValidationLoss::getReportExamples));
        assertThat(scrape.value("millrace_example_loss_sum" + PARTITION))
                .isCloseTo(sum(reports, report -> report.getLoss() * report.getReportExamples()), within(1e-9));
        assertThat(scrape.value("millrace_registry_up{role=\"train\"}")).isEqualTo(1);
    }

    private static double sum(List<ValidationLoss> reports, ToDoubleFunction<ValidationLoss> value) {
        return reports.stream().mapToDouble(value).sum();
    }

    @Test
    void shouldCountBadInputByItsCause() {
        start();
        sendExamples(120); // outliers are refused after a hundred
        bad(null);
        bad("garbage".getBytes(StandardCharsets.UTF_8));
        bad(new byte[] {0, 0, 0, 0, 77, 1, 2, 3});
        bad(encoded(0, 1, 1, 2, 3));
        bad(encoded(0, 1, 1, Float.NaN));
        bad(encoded(0, 1, 1, 1e30f));
        bad(encoded("maybe", 1, 1, 1));
        bad(encoded(7, 1, 1, 1));
        bad(encoded(0.5f, 1, 1, 1));
        bad(encoded(1, -1, 1, 1));

        Scrape scrape = scrape();

        assertThat(badInput(scrape, BadInputCause.RECORD)).isEqualTo(2);
        assertThat(badInput(scrape, BadInputCause.SCHEMA)).isEqualTo(1);
        assertThat(badInput(scrape, BadInputCause.FEATURE)).isEqualTo(2);
        assertThat(badInput(scrape, BadInputCause.OUTLIER)).isEqualTo(1);
        assertThat(badInput(scrape, BadInputCause.LABEL)).isEqualTo(3);
        assertThat(badInput(scrape, BadInputCause.WEIGHT)).isEqualTo(1);
        assertThat(scrape.sum("millrace_bad_input_total"))
                .isEqualTo(deadLetters.readValuesToList().size())
                .isEqualTo(10);
        assertThat(scrape.sum("millrace_examples_total")).isEqualTo(120);
    }

    private void bad(byte[] value) {
        examples.pipeInput(null, value, time++);
    }

    private static double badInput(Scrape scrape, BadInputCause cause) {
        return scrape.value(
                labelled("millrace_bad_input_total", "cause=\"" + cause.code() + "\",partition=\"0\",role=\"train\""));
    }

    @Test
    void shouldCountRefusedMiniBatches() {
        start(
                "standardize.features", "false",
                "guard.outlier.factor", "0",
                "guard.max.consecutive", "2",
                "batch.size", "2",
                "validation.report.examples", "4");
        sendExamples(8);
        for (int i = 0; i < 4; i++) {
            examples.pipeInput(null, encoded(1, 1, Float.MAX_VALUE, Float.MAX_VALUE), time++);
        }
        sendExamples(4);

        Scrape scrape = scrape();

        assertThat(scrape.value("millrace_refused_batches_total" + PARTITION)).isEqualTo(2);
        assertThat(scrape.value("millrace_refused_examples_total" + PARTITION)).isEqualTo(4);
        assertThat(badInput(scrape, BadInputCause.REFUSED_BATCH)).isEqualTo(4);
    }

    @Test
    void shouldShowTheExpertsOfAnEnsemble() {
        start(TestConfigs.ensemble("validation.report.examples", "50"));
        sendExamples(101);
        List<ValidationLoss> reports = losses.readValuesToList();

        Scrape scrape = scrape();

        assertThat(reports).hasSize(2);
        List<ExpertReport> experts = reports.get(1).getExperts();
        assertThat(experts).hasSize(7).allSatisfy(expert -> {
            String labels = "expert=\"" + expert.getName() + "\",partition=\"0\"";
            assertThat(scrape.value(labelled("millrace_expert_loss", labels))).isEqualTo(expert.getLoss());
            assertThat(scrape.value(labelled("millrace_expert_weight", labels))).isEqualTo(expert.getWeight());
        });
        assertThat(scrape.text()).doesNotContain("millrace_gradient_norm");
    }

    @Test
    void shouldCountTheExamplesInWhichAFieldIsMissing() {
        start(TestConfigs.declared(
                "features", "amount?: number, plan?: category(16,2), amount?: log, age: number",
                "label", "paid",
                "value.format", "json"));
        json("{\"amount\": 1, \"plan\": \"a\", \"age\": 3, \"paid\": \"yes\"}");
        json("{\"amount\": null, \"plan\": \"a\", \"age\": 3, \"paid\": \"no\"}");
        json("{\"age\": 3, \"paid\": \"no\"}");
        json("{\"amount\": 1, \"plan\": \"a\", \"paid\": \"no\"}"); // age is needed
        json("{\"amount\": 1, \"plan\": \"a\", \"age\": 3, \"paid\": null}"); // no example

        Scrape scrape = scrape();

        assertThat(scrape.values())
                .containsEntry(missing("amount", "train"), 2.0)
                .containsEntry(missing("plan", "train"), 1.0)
                .containsEntry("millrace_skipped_records_total" + PARTITION, 1.0);
        assertThat(scrape.values().keySet()).noneMatch(series -> series.contains("\"age\""));
        assertThat(scrape.sum("millrace_examples_total")).isEqualTo(3);
        assertThat(badInput(scrape, BadInputCause.FEATURE)).isEqualTo(1);
    }

    @Test
    void shouldCountTheRequestsInWhichAFieldIsMissing() {
        MillraceConfig config = TestConfigs.declared(
                "features", "amount?: number, plan?: category(16,2)", "label", "paid", "value.format", "json");
        start(config); // makes the serdes
        try (TopologyTestDriver serving =
                new TopologyTestDriver(ServingTopology.build(config, serdes), StreamsProperties.serving(config))) {
            TestInputTopic<byte[], byte[]> requests =
                    serving.createInputTopic("features", new ByteArraySerializer(), new ByteArraySerializer());
            requests.pipeInput("{\"amount\": 1}".getBytes(StandardCharsets.UTF_8));
            requests.pipeInput("{}".getBytes(StandardCharsets.UTF_8));

            assertThat(Scrape.of("serve", serving.metrics()).values())
                    .containsEntry(missing("amount", "serve"), 1.0)
                    .containsEntry(missing("plan", "serve"), 2.0);
        }
    }

    private static String missing(String field, String role) {
        return labelled(
                "millrace_missing_values_total", "feature=\"" + field + "\",partition=\"0\",role=\"" + role + "\"");
    }

    private void json(String text) {
        examples.pipeInput(null, text.getBytes(StandardCharsets.UTF_8), time++);
    }

    @Test
    void shouldCountAnswersAndShowTheVersionThatAnswers() {
        MillraceConfig config = TestConfigs.with();
        start(config);
        sendExamples(40);
        List<KeyValue<ModelSnapshotKey, ModelSnapshot>> chunks = snapshots.readKeyValuesToList();
        long written = System.currentTimeMillis() - 5_000; // the clock of the driver stands still
        try (TopologyTestDriver serving =
                new TopologyTestDriver(ServingTopology.build(config, serdes), StreamsProperties.serving(config))) {
            TestInputTopic<byte[], byte[]> requests =
                    serving.createInputTopic("features", new ByteArraySerializer(), new ByteArraySerializer());
            TestOutputTopic<byte[], Prediction> answers = serving.createOutputTopic(
                    "predictions",
                    new ByteArrayDeserializer(),
                    serdes.valueSerde(Prediction.class).deserializer());
            assertThat(Scrape.of("serve", serving.metrics()).text())
                    .contains("millrace_served_version 0.0")
                    .doesNotContain("millrace_served_age", "millrace_freshness");
            requests.pipeInput(null, request(1, 2));
            TestInputTopic<ModelSnapshotKey, ModelSnapshot> versions = serving.createInputTopic(
                    "model-snapshots",
                    serdes.keySerde(ModelSnapshotKey.class).serializer(),
                    serdes.valueSerde(ModelSnapshot.class).serializer());
            chunks.forEach(chunk -> versions.pipeInput(chunk.key, chunk.value, written));
            for (int i = 0; i < 20; i++) {
                requests.pipeInput(null, request(1, i));
            }
            requests.pipeInput(null, request(1));

            Scrape scrape = Scrape.of("serve", serving.metrics());

            List<Prediction> given = answers.readValuesToList();
            for (PredictionStatus status : PredictionStatus.values()) {
                String label = status.name().toLowerCase(java.util.Locale.ROOT);
                assertThat(scrape.value(labelled(
                                "millrace_predictions_total",
                                "channel=\"topic\",partition=\"0\",status=\"" + label + "\"")))
                        .isEqualTo(given.stream()
                                .filter(answer -> answer.getStatus() == status)
                                .count());
            }
            assertThat(scrape.value("millrace_prediction_duration_seconds_count" + OF_THE_TOPIC))
                    .isEqualTo(22);
            assertThat(scrape.value("millrace_prediction_duration_seconds_sum" + OF_THE_TOPIC))
                    .isPositive();
            assertThat(scrape.value("millrace_served_version")).isEqualTo(40).isEqualTo((double)
                    given.get(given.size() - 1).getModelVersion());
            assertThat(scrape.value("millrace_served_age_seconds")).isBetween(4.0, 60.0);
            assertThat(scrape.value("millrace_freshness_seconds")).isGreaterThan(1e9); // its examples are of 1970
            assertThat(scrape.value(
                            labelled("millrace_bad_input_total", "cause=\"feature\",partition=\"0\",role=\"serve\"")))
                    .isEqualTo(1);
        }
    }

    @Test
    void shouldHaveNamesThatPrometheusDoesNotComplainAbout(@TempDir Path folder) throws Exception {
        start(TestConfigs.ensemble());
        sendExamples(50);
        bad(null);
        Scrape learned = scrape();
        try (TopologyTestDriver serving = new TopologyTestDriver(
                ServingTopology.build(TestConfigs.with(), serdes), StreamsProperties.serving(TestConfigs.with()))) {
            assertThat(Promtool.run(folder, learned.text(), "check", "metrics")).isEmpty();
            assertThat(Promtool.run(
                            folder, Scrape.of("serve", serving.metrics()).text(), "check", "metrics"))
                    .isEmpty();
        }
    }

    private byte[] request(float... values) {
        return serdes.valueSerde(Features.class)
                .serializer()
                .serialize("features", new Features(new FloatVector(values)));
    }
}
