package io.millrace.metrics;

import io.millrace.topology.record.Measure;
import io.millrace.topology.record.TaskMetrics;
import java.util.List;
import java.util.stream.Stream;

/**
 * A metric of Prometheus, and where Kafka's metrics have its values.
 *
 * @param name its name, of a counter with {@code _total}
 * @param labels names of its labels
 * @param help a sentence
 * @param group group of Kafka's metrics
 * @param value name of Kafka's metric with the values; of a summary or histogram that with the sums
 * @param count of a summary the name of the metric with the counts, of a histogram that with the counts by bucket; else null
 */
record Family(String name, Type type, List<String> labels, String help, String group, String value, String count) {
    static final String ROLE = "role";
    static final String PARTITION = "partition";
    static final String STATE = "state";
    /** Label of a bucket: its upper bound. */
    static final String BOUND = "le";

    enum Type {
        COUNTER,
        GAUGE,
        /** Sum and count, without quantiles. */
        SUMMARY,
        HISTOGRAM,
        /** A gauge for each state of Kafka Streams: 1 for the one that it is in, else 0. */
        STATE
    }

    /** @param context labels besides the measure's own */
    static Family counter(String name, Measure measure, String... context) {
        return of(name, Type.COUNTER, measure, context);
    }

    /** @param context labels besides the measure's own */
    static Family gauge(String name, Measure measure, String... context) {
        return of(name, Type.GAUGE, measure, context);
    }

    private static Family of(String name, Type type, Measure measure, String... context) {
        List<String> labels = labels(measure, context);
        return new Family(name, type, labels, measure.description(), TaskMetrics.GROUP, measure.metric(), null);
    }

    private static List<String> labels(Measure measure, String... context) {
        return Stream.concat(Stream.of(context), measure.tags().stream()).toList();
    }

    /** A counter that one of Kafka's sensors keeps. */
    static Family sensor(String name, String help, String value, String... labels) {
        return new Family(name, Type.COUNTER, List.of(labels), help, TaskMetrics.GROUP, value, null);
    }

    static Family summary(String name, String help, Measure sum, String count) {
        return new Family(name, Type.SUMMARY, List.of(PARTITION), help, TaskMetrics.GROUP, sum.metric(), count);
    }

    static Family histogram(String name, Measure sum, Measure buckets) {
        return new Family(
                name,
                Type.HISTOGRAM,
                labels(sum, PARTITION),
                sum.description(),
                TaskMetrics.GROUP,
                sum.metric(),
                buckets.metric());
    }

    /** Names of its time series. */
    List<String> series() {
        return switch (type) {
            case COUNTER, GAUGE, STATE -> List.of(name);
            case SUMMARY -> List.of(name + "_sum", name + "_count");
            case HISTOGRAM -> List.of(name + "_sum", name + "_count", name + "_bucket");
        };
    }
}
