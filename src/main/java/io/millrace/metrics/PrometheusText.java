package io.millrace.metrics;

import io.millrace.metrics.Samples.Sample;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;

/**
 * Writes the metrics of an instance for Prometheus. The values are those that Kafka's metrics, and so JMX, have at that moment: nothing is
 * counted a second time. Any thread may use it.
 */
public final class PrometheusText {
    /** MIME type of the text. */
    public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    private static final String TOTAL = "_total"; // the writer appends it

    private final Supplier<List<MetricSource>> sources;
    private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();

    /** @param sources gives the applications of this process and their metrics at this moment */
    public PrometheusText(Supplier<List<MetricSource>> sources) {
        this.sources = sources;
    }

    /** The metrics of now, in UTF-8. */
    public byte[] write() {
        Samples samples = new Samples(sources.get());
        MetricSnapshots.Builder snapshots = MetricSnapshots.builder();
        Families.ALL.forEach(family -> snapshots.metricSnapshot(snapshot(family, samples)));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            writer.write(out, snapshots.build());
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return out.toByteArray();
    }

    private static MetricSnapshot snapshot(Family family, Samples samples) {
        return switch (family.type()) {
            case COUNTER -> counter(family, samples);
            case GAUGE -> gauge(family, merged(family, family.value(), samples, Math::max));
            case SUMMARY -> summary(family, samples);
            case HISTOGRAM -> histogram(family, samples);
            case STATE -> gauge(family, states(family, samples));
        };
    }

    /** Values of one of Kafka's metrics. Several threads or tasks may have values for the same labels. */
    private static Map<Labels, Double> merged(
            Family family, String metric, Samples samples, BinaryOperator<Double> merge) {
        Map<Labels, Double> values = new HashMap<>();
        for (Sample sample : samples.of(family.group(), metric)) {
            if (!Double.isNaN(sample.number())) { // there is no value yet
                values.merge(sample.labels(family), sample.number(), merge);
            }
        }
        return values;
    }

    private static Map<Labels, Double> states(Family family, Samples samples) {
        Map<Labels, Double> values = new HashMap<>();
        for (Sample sample : samples.of(family.group(), family.value())) {
            for (KafkaStreams.State state : KafkaStreams.State.values()) {
                boolean is = state.name().equals(String.valueOf(sample.value()));
                values.merge(sample.labels(family, Family.STATE, state.name()), is ? 1.0 : 0.0, Math::max);
            }
        }
        return values;
    }

    private static MetricSnapshot counter(Family family, Samples samples) {
        CounterSnapshot.Builder snapshot = CounterSnapshot.builder()
                .name(family.name().substring(0, family.name().length() - TOTAL.length()))
                .help(family.help());
        merged(family, family.value(), samples, Double::sum)
                .forEach((labels, value) -> snapshot.dataPoint(CounterDataPointSnapshot.builder()
                        .value(value)
                        .labels(labels)
                        .build()));
        return snapshot.build();
    }

    private static MetricSnapshot gauge(Family family, Map<Labels, Double> values) {
        GaugeSnapshot.Builder snapshot =
                GaugeSnapshot.builder().name(family.name()).help(family.help());
        values.forEach((labels, value) -> snapshot.dataPoint(
                GaugeDataPointSnapshot.builder().value(value).labels(labels).build()));
        return snapshot.build();
    }

    private static MetricSnapshot summary(Family family, Samples samples) {
        SummarySnapshot.Builder snapshot =
                SummarySnapshot.builder().name(family.name()).help(family.help());
        Map<Labels, Double> sums = merged(family, family.value(), samples, Double::sum);
        merged(family, family.count(), samples, Double::sum)
                .forEach((labels, count) -> snapshot.dataPoint(SummaryDataPointSnapshot.builder()
                        .count(count.longValue())
                        .sum(sums.getOrDefault(labels, 0.0))
                        .labels(labels)
                        .build()));
        return snapshot.build();
    }

    private static MetricSnapshot histogram(Family family, Samples samples) {
        Map<Labels, TreeMap<Double, Long>> buckets = new HashMap<>();
        for (Sample sample : samples.of(family.group(), family.count())) {
            buckets.computeIfAbsent(sample.labels(family), first -> new TreeMap<>())
                    .merge(Double.valueOf(sample.tags().get(Family.BOUND)), (long) sample.number(), Long::sum);
        }
        HistogramSnapshot.Builder snapshot =
                HistogramSnapshot.builder().name(family.name()).help(family.help());
        Map<Labels, Double> sums = merged(family, family.value(), samples, Double::sum);
        buckets.forEach((labels, counts) -> snapshot.dataPoint(HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(
                        ClassicHistogramBuckets.of(List.copyOf(counts.keySet()), List.copyOf(counts.values())))
                .sum(sums.getOrDefault(labels, 0.0))
                .labels(labels)
                .build()));
        return snapshot.build();
    }
}
