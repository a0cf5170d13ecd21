package io.millrace.metrics;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/** The values of Kafka's metrics at one moment, by group and name. */
final class Samples {
    private static final String TASK = "millrace-id";
    private static final String TOPIC = "topic";

    /**
     * A value.
     *
     * @param role of its application
     * @param value a number or a text, as Kafka has it
     */
    record Sample(String role, Map<String, String> tags, Object value) {
        double number() {
            return ((Number) value).doubleValue();
        }

        /** Its labels of a family; {@code more} are names and values of others. */
        Labels labels(Family family, String... more) {
            Labels labels = Labels.of(more);
            for (String name : family.labels()) {
                String text = label(name);
                if (text != null && !labels.contains(name)) {
                    labels = labels.add(name, text);
                }
            }
            return labels;
        }

        /** Threads come and go, so their names are no labels. */
        private String label(String name) {
            if (name.equals(Family.ROLE)) {
                return role;
            }
            String task = tags.get(TASK);
            return name.equals(Family.PARTITION) && task != null
                    ? task.substring(task.indexOf('_') + 1)
                    : tags.get(name);
        }
    }

    private final Map<List<String>, List<Sample>> all = new HashMap<>(); // by group and name

    Samples(List<MetricSource> sources) {
        for (MetricSource source : sources) {
            source.metrics().values().forEach(metric -> add(source.role(), source.topics(), metric));
        }
    }

    private void add(String role, Set<String> topics, Metric metric) {
        MetricName name = metric.metricName();
        String topic = name.tags().get(TOPIC);
        List<String> key = List.of(name.group(), name.name());
        if (Families.READ.contains(key) && (topic == null || topics.contains(topic))) {
            all.computeIfAbsent(key, first -> new ArrayList<>())
                    .add(new Sample(role, name.tags(), metric.metricValue()));
        }
    }

    /** Those of one of Kafka's metrics. */
    List<Sample> of(String group, String name) {
        return all.getOrDefault(List.of(group, name), List.of());
    }
}
