package io.millrace.topology.record;

import io.millrace.feature.Declaration;
import io.millrace.feature.Feature;
import io.millrace.feature.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * In how many records each declared field that may be missing had no value, in Kafka's metrics. A decoder counts by feature; another one
 * follows it when the declaration changes, and the numbers go on.
 */
public final class MissingValues {
    private final TaskMetrics metrics;
    private final Map<String, Long> before = new HashMap<>(); // by field: what earlier decoders counted
    private List<String> fields = List.of(); // by feature; null: not counted
    private AtomicLongArray counted = new AtomicLongArray(0);

    public MissingValues(TaskMetrics metrics) {
        this.metrics = metrics;
    }

    /**
     * Goes on with another decoder. The former one must not count any more.
     *
     * @param declaration of the features; null: there is none
     * @param counts of the decoder, by feature
     */
    public void follow(Declaration declaration, AtomicLongArray counts) {
        List<String> next = optional(declaration);
        List<String> added = new ArrayList<>();
        synchronized (this) {
            for (int i = 0; i < fields.size(); i++) {
                if (fields.get(i) != null) {
                    before.merge(fields.get(i), counted.get(i), Long::sum);
                }
            }
            for (String field : next) {
                if (field != null && before.putIfAbsent(field, 0L) == null) {
                    added.add(field);
                }
            }
            fields = next;
            counted = counts;
        }
        // without the lock, which a reader of the metrics takes last
        added.forEach(field -> metrics.gauge(Measure.MISSING_VALUES, now -> count(field), field));
    }

    /** Several features may read the same field; it is counted once. */
    private static List<String> optional(Declaration declaration) {
        List<String> names = new ArrayList<>();
        List<Feature> features =
                declaration == null ? List.of() : declaration.features().features();
        for (Feature feature : features) {
            Field field = feature.field();
            names.add(field.optional() && !names.contains(field.name()) ? field.name() : null);
        }
        return names;
    }

    private synchronized long count(String field) {
        int feature = fields.indexOf(field);
        return before.get(field) + (feature < 0 ? 0 : counted.get(feature));
    }
}
