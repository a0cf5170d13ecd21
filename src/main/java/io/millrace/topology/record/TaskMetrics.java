package io.millrace.topology.record;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongToDoubleFunction;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.MeasurableStat;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.stats.CumulativeSum;
import org.apache.kafka.common.metrics.stats.Rate;
import org.apache.kafka.common.metrics.stats.WindowedSum;
import org.apache.kafka.streams.processor.api.ProcessingContext;

/**
 * The {@link Measure}s of one part of a task in Kafka Streams' metrics, where JMX shows them; or of a part of the process that is no task.
 * They are computed when somebody reads them, so that a task does not pay for it.
 */
public final class TaskMetrics {
    /** Group of all of Millrace's metrics. */
    public static final String GROUP = "stream-millrace-metrics";

    private static final String THREAD = "thread-id";

    private final Sensor sensor; // holds the metrics together; nothing is recorded
    private final Map<String, String>
            tags; // with the thread that made this: a learner's own thread may add metrics, too
    private final Runnable removal;

    private TaskMetrics(Sensor sensor, Map<String, String> tags, Runnable removal) {
        this.sensor = sensor;
        this.tags = tags;
        this.removal = removal;
    }

    /** @param part of the task that keeps them; no two parts have the same name */
    public static TaskMetrics of(ProcessingContext context, String part) {
        Sensor sensor = sensor(context, part);
        return new TaskMetrics(sensor, tags(context), () -> context.metrics().removeSensor(sensor));
    }

    /**
     * Those of a part of the process that is no task.
     *
     * @param registry holds them
     * @param part its name, which stands in the place of a thread's
     */
    public static TaskMetrics of(Metrics registry, String part) {
        Sensor sensor = registry.sensor("millrace." + part);
        return new TaskMetrics(sensor, Map.of(THREAD, part), () -> registry.removeSensor(sensor.name()));
    }

    /**
     * Counts something that may come in numbers, as {@code <kind>-total} and {@code -rate}.
     *
     * @return a sensor that adds up what it records; {@code StreamsMetrics.removeSensor} removes it
     */
    public static Sensor summing(ProcessingContext context, String kind) {
        Sensor sensor = sensor(context, kind);
        Map<String, String> tags = tags(context);
        sensor.add(
                new MetricName(kind + "-rate", GROUP, "The average number of " + kind + " per second", tags),
                new Rate(TimeUnit.SECONDS, new WindowedSum()));
        sensor.add(new MetricName(kind + "-total", GROUP, "The total number of " + kind, tags), new CumulativeSum());
        return sensor;
    }

    private static Sensor sensor(ProcessingContext context, String part) {
        String name = "millrace." + Thread.currentThread().getName() + "." + context.taskId() + "." + part;
        return context.metrics().addSensor(name, Sensor.RecordingLevel.INFO);
    }

    private static Map<String, String> tags(ProcessingContext context) {
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put(THREAD, Thread.currentThread().getName());
        tags.put("millrace-id", context.taskId().toString());
        return tags;
    }

    /**
     * Adds a number that the task writes.
     *
     * @param tags a value for each of the measure's tags
     */
    public Tally tally(Measure measure, String... tags) {
        Tally tally = new Tally();
        gauge(measure, now -> tally.get(), tags);
        return tally;
    }

    /**
     * Adds a number that is computed when it is read.
     *
     * @param value receives the current time, ms; any thread may call it. NaN: there is no number yet
     * @param tags a value for each of the measure's tags
     */
    public void gauge(Measure measure, LongToDoubleFunction value, String... tags) {
        Map<String, String> all = new LinkedHashMap<>(this.tags);
        for (int i = 0; i < tags.length; i++) {
            all.put(measure.tags().get(i), tags[i]);
        }
        sensor.add(new MetricName(measure.metric(), GROUP, measure.description(), all), new Reading(value));
    }

    /** Removes all of them. */
    public void close() {
        removal.run();
    }

    private record Reading(LongToDoubleFunction value) implements MeasurableStat {
        @Override
        public double measure(MetricConfig config, long now) {
            return value.applyAsDouble(now);
        }

        @Override
        public void record(MetricConfig config, double recorded, long timeMs) {
            throw new UnsupportedOperationException("the sensor only holds metrics together");
        }
    }
}
