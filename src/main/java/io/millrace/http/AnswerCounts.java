package io.millrace.http;

import io.millrace.avro.PredictionStatus;
import io.millrace.feature.Declaration;
import io.millrace.topology.record.MissingValues;
import io.millrace.topology.record.TaskMetrics;
import io.millrace.topology.serving.AnswerMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLongArray;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.JmxReporter;
import org.apache.kafka.common.metrics.KafkaMetricsContext;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.apache.kafka.common.utils.Time;

/**
 * Counts the predictions over HTTP, in metrics of Kafka's kind: JMX shows them beside those of the tasks, which count the requests of the
 * topic. Any thread may use it.
 */
public final class AnswerCounts implements AutoCloseable {
    /** As that of Kafka Streams. */
    private static final String JMX_DOMAIN = "kafka.streams";

    private static final String CHANNEL = "http";

    private final Metrics registry;
    private final AnswerMetrics answers;
    private final MissingValues missing;
    private Declaration declaration; // of the features that are counted; guarded by this
    private AtomicLongArray missed = new AtomicLongArray(0); // by feature; guarded by this

    private AnswerCounts(List<MetricsReporter> reporters) {
        registry = new Metrics(new MetricConfig(), reporters, Time.SYSTEM, new KafkaMetricsContext(JMX_DOMAIN));
        TaskMetrics metrics = TaskMetrics.of(registry, CHANNEL);
        answers = new AnswerMetrics(metrics, CHANNEL);
        missing = new MissingValues(metrics);
    }

    /** Counts that JMX shows until this is closed. */
    public static AnswerCounts inJmx() {
        return new AnswerCounts(new ArrayList<>(List.of(new JmxReporter())));
    }

    /** Counts that nobody sees. */
    static AnswerCounts unseen() {
        return new AnswerCounts(new ArrayList<>());
    }

    /** Their values. */
    public Map<MetricName, ? extends Metric> metrics() {
        return registry.metrics();
    }

    synchronized void answered(PredictionStatus status, int rows) {
        answers.answered(status, rows);
    }

    synchronized void took(long nanos) {
        answers.took(nanos);
    }

    /**
     * Adds what a decoder has counted, and sets it back.
     *
     * @param features that the decoder reads; null: there are none
     * @param counted by feature; no other thread counts there at the time
     */
    synchronized void missed(Declaration features, AtomicLongArray counted) {
        if (!Objects.equals(features, declaration)) {
            declaration = features;
            missed = new AtomicLongArray(counted.length());
            missing.follow(features, missed);
        }
        for (int i = 0; i < counted.length(); i++) {
            missed.addAndGet(i, counted.getAndSet(i, 0));
        }
    }

    @Override
    public void close() {
        registry.close();
    }
}
