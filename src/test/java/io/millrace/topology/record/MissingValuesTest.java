package io.millrace.topology.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.feature.Declaration;
import io.millrace.metrics.Scrape;
import io.millrace.topology.TestConfigs;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.junit.jupiter.api.Test;

class MissingValuesTest {
    private final MockProcessorContext<Void, Void> context = new MockProcessorContext<>();
    private final MissingValues missing = new MissingValues(TaskMetrics.of(context, "part"));

    private static Declaration declaration(String features) {
        return TestConfigs.declared("features", features, "label", "y", "value.format", "json")
                .learner()
                .declaration();
    }

    private static AtomicLongArray counts(long... counts) {
        return new AtomicLongArray(counts);
    }

    private Map<String, Double> shown() {
        return Scrape.of("serve", context.metrics().metrics()).values();
    }

    private static String series(String field) {
        return "millrace_missing_values_total{feature=\"" + field + "\",partition=\"0\",role=\"serve\"}";
    }

    @Test
    void shouldGoOnCountingAFieldWhenTheDeclarationChanges() {
        missing.follow(declaration("a?: number, b?: number, a?: log, c: number"), counts(2, 5, 2, 0));
        assertThat(shown()).isEqualTo(Map.of(series("a"), 2.0, series("b"), 5.0));

        AtomicLongArray next = counts(0, 1);
        missing.follow(declaration("b?: number, d?: number"), next);
        next.set(0, 10);
        assertThat(shown()).isEqualTo(Map.of(series("a"), 2.0, series("b"), 15.0, series("d"), 1.0));

        missing.follow(null, counts());
        assertThat(shown()).isEqualTo(Map.of(series("a"), 2.0, series("b"), 15.0, series("d"), 1.0));
    }
}
