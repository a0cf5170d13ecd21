package io.millrace.topology.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.junit.jupiter.api.Test;

class TaskMetricsTest {
    private final MockProcessorContext<Void, Void> context = new MockProcessorContext<>();

    /** Of Millrace's group. */
    private Map<String, Object> values() {
        return context.metrics().metrics().values().stream()
                .filter(metric -> metric.metricName().group().equals(TaskMetrics.GROUP))
                .collect(Collectors.toMap(metric -> metric.metricName().name(), each -> each.metricValue()));
    }

    @Test
    void shouldAddUpWhatASensorRecords() {
        Sensor missing = TaskMetrics.summing(context, "missing-input");
        missing.record(1000);
        missing.record(5);
        assertThat(values()).containsEntry("missing-input-total", 1005.0).containsKey("missing-input-rate");

        context.metrics().removeSensor(missing);
        assertThat(values()).isEmpty();
    }

    @Test
    void shouldShowWhatATaskWritesUntilItEnds() {
        TaskMetrics metrics = TaskMetrics.of(context, "part");
        Tally version = metrics.tally(Measure.LEARNED_VERSION);
        metrics.gauge(Measure.FRESHNESS, now -> now > 1_600_000_000_000L ? 2 : 0);
        version.set(7);
        version.add(2);
        assertThat(values()).isEqualTo(Map.of("learned-version", 9.0, "freshness", 2.0));

        metrics.close();
        assertThat(values()).isEmpty();
    }
}
