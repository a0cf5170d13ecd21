package io.millrace.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.junit.jupiter.api.Test;

class PrometheusTextTest {
    private final Map<MetricName, Metric> metrics = new LinkedHashMap<>();

    private record Fixed(MetricName metricName, Object metricValue) implements Metric {}

    private void add(String group, String name, Object value, String... tags) {
        Map<String, String> all = new LinkedHashMap<>();
        for (int i = 0; i < tags.length; i += 2) {
            all.put(tags[i], tags[i + 1]);
        }
        MetricName metric = new MetricName(name, group, "", all);
        metrics.put(metric, new Fixed(metric, value));
    }

    private void addOfTask(String name, Object value, String thread, String task, String... tags) {
        String[] all = new String[tags.length + 4];
        System.arraycopy(new String[] {"thread-id", thread, "millrace-id", task}, 0, all, 0, 4);
        System.arraycopy(tags, 0, all, 4, tags.length);
        add("stream-millrace-metrics", name, value, all);
    }

    private Scrape scrape(String... topics) {
        return Scrape.of(new MetricSource("train", Set.of(topics), metrics));
    }

    @Test
    void shouldNameAndExplainEachMetric() {
        addOfTask("examples-total", 12.0, "t", "0_3", "outcome", "learned");

        assertThat(scrape().text()).isEqualTo("""
                # HELP millrace_examples_total Examples that were accepted, by what became of them: learned or held_out.
                # TYPE millrace_examples_total counter
                millrace_examples_total{outcome="learned",partition="3"} 12.0
                """);
    }

    @Test
    void shouldAddUpWhatSeveralThreadsHaveCountedForAPartition() {
        addOfTask("bad-input-by-cause-total", 2.0, "former", "0_0", "cause", "label");
        addOfTask("bad-input-by-cause-total", 3.0, "now", "0_0", "cause", "label");

        assertThat(scrape().values())
                .containsExactly(
                        Map.entry("millrace_bad_input_total{cause=\"label\",partition=\"0\",role=\"train\"}", 5.0));
    }

    @Test
    void shouldLeaveOutNumbersThatAreNotKnown() {
        addOfTask("gradient-norm", Double.NaN, "t", "0_0");

        assertThat(scrape().text()).isEmpty();
    }

    @Test
    void shouldMakeAHistogramOfItsBuckets() {
        addOfTask("prediction-seconds-total", 0.25, "t", "0_0");
        addOfTask("prediction-bucket-total", 1.0, "t", "0_0", "le", "Infinity");
        addOfTask("prediction-bucket-total", 3.0, "t", "0_0", "le", "0.01");
        addOfTask("prediction-bucket-total", 5.0, "t", "0_0", "le", "0.001");

        assertThat(scrape().values())
                .containsOnly(
                        Map.entry("millrace_prediction_duration_seconds_bucket{partition=\"0\",le=\"0.001\"}", 5.0),
                        Map.entry("millrace_prediction_duration_seconds_bucket{partition=\"0\",le=\"0.01\"}", 8.0),
                        Map.entry("millrace_prediction_duration_seconds_bucket{partition=\"0\",le=\"+Inf\"}", 9.0),
                        Map.entry("millrace_prediction_duration_seconds_count{partition=\"0\"}", 9.0),
                        Map.entry("millrace_prediction_duration_seconds_sum{partition=\"0\"}", 0.25));
    }

    @Test
    void shouldShowTheStateOfKafkaStreams() {
        add("stream-metrics", "state", "REBALANCING", "client-id", "c");

        Scrape scrape = scrape();
        assertThat(scrape.value("millrace_streams_state{role=\"train\",state=\"REBALANCING\"}"))
                .isEqualTo(1);
        assertThat(scrape.value("millrace_streams_state{role=\"train\",state=\"RUNNING\"}"))
                .isZero();
        assertThat(scrape.sum("millrace_streams_state")).isEqualTo(1);
    }

    /** Kafka's consumers count a topic with a dot a second time, for readers of its older metrics. */
    @Test
    void shouldShowTheLagOfItsOwnTopicsOnce() {
        for (String topic : new String[] {"shop.orders", "shop_orders", "changelog"}) {
            add(
                    "consumer-fetch-manager-metrics",
                    "records-lag",
                    7.0,
                    "client-id",
                    "c",
                    "topic",
                    topic,
                    "partition",
                    "2");
        }
        add("consumer-fetch-manager-metrics", "records-lag-max", 9.0, "client-id", "c");

        assertThat(scrape("shop.orders").values())
                .containsExactly(Map.entry(
                        "millrace_consumer_lag_records{partition=\"2\",role=\"train\",topic=\"shop.orders\"}", 7.0));
    }

    @Test
    void shouldEscapeNamesOfFields() {
        addOfTask("missing-values-total", 1.0, "t", "0_0", "feature", "a\"b\\c\nd\u00e9");

        assertThat(scrape().text())
                .endsWith(
                        "millrace_missing_values_total{feature=\"a\\\"b\\\\c\\nd\u00e9\",partition=\"0\",role=\"train\"} 1.0\n");
    }
}
