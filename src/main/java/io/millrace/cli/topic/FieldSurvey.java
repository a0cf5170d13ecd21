package io.millrace.cli.topic;

import io.millrace.feature.Path;
import io.millrace.feature.Path.Step;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Collects the values at all paths of records. */
final class FieldSurvey {
    /** More fields in one record or map are keys that say something, and no fields. */
    private static final int MOST_MEMBERS = 200;

    private static final int MOST_FIELDS = 2000;
    private static final int DISTINCT_IN_ALL = 4_000_000; // values that are told apart, whatever the number of fields
    private static final int LEAST_DISTINCT = 1000;

    /** What a record has at a path. */
    private static final class Found {
        private final Path path;
        private Object value;

        Found(Path path) {
            this.path = path;
        }
    }

    private final Set<String> labels;
    private final String label; // whose values fields may repeat; null: none, or several
    private final int expected;
    private int mostDistinct;
    private final Map<String, SurveyedField> fields = new LinkedHashMap<>();
    private final Map<String, Integer> members = new HashMap<>(); // of each record or map in the record
    private final Set<String> holders = new HashSet<>();
    private long records;

    /**
     * @param labels paths of the labels, which are looked at however many fields there are
     * @param expected number of records that will be added
     */
    FieldSurvey(List<String> labels, int expected) {
        this.labels = Set.copyOf(labels);
        label = labels.size() == 1 ? labels.get(0) : null;
        this.expected = expected;
    }

    /** Adds a record, as {@link SampleReader} reads it. */
    void add(Map<?, ?> record) {
        Map<String, Found> found = new HashMap<>();
        List<Found> order = new ArrayList<>();
        walk(record, List.of(), found, order);
        if (fields.isEmpty()) {
            mostDistinct =
                    Math.max(LEAST_DISTINCT, Math.min(expected + 1, DISTINCT_IN_ALL / Math.max(1, order.size())));
        }
        for (Found one : order) {
            String path = one.path.toString();
            if (!fields.containsKey(path) && (fields.size() < MOST_FIELDS || labels.contains(path))) {
                SurveyedField field = new SurveyedField(one.path, mostDistinct);
                for (long before = 0; before < records; before++) {
                    field.addMissing();
                }
                fields.put(path, field);
            }
        }
        Found labelled = label == null ? null : found.get(label);
        Object known = labelled == null || !fields.containsKey(label)
                ? null
                : fields.get(label).plain(labelled.value);
        fields.forEach((path, field) -> {
            Found value = found.get(path);
            if (value == null) {
                field.addMissing();
            } else {
                field.add(value.value, path.equals(label) ? null : known);
            }
        });
        records++;
    }

    private void walk(Map<?, ?> map, List<Step> outer, Map<String, Found> found, List<Found> order) {
        String holder = outer.isEmpty() ? "" : new Path(Path.Source.VALUE, outer).toString();
        holders.add(holder);
        members.merge(holder, map.size(), Math::max);
        if (map.size() > MOST_MEMBERS && !outer.isEmpty()) {
            return;
        }
        map.forEach((key, value) -> visit(value, with(outer, new Step(key.toString(), false)), found, order));
    }

    private void visit(Object value, List<Step> steps, Map<String, Found> found, List<Found> order) {
        if (value instanceof Map<?, ?> map) {
            walk(map, steps, found, order);
        } else if (value instanceof List<?> list && list.stream().anyMatch(Map.class::isInstance)) {
            Step last = steps.get(steps.size() - 1);
            List<Step> items = with(steps.subList(0, steps.size() - 1), new Step(last.name(), true));
            for (Object item : list) {
                if (item instanceof Map<?, ?> map) {
                    walk(map, items, found, order);
                }
            }
        } else {
            put(new Path(Path.Source.VALUE, steps), value, found, order);
        }
    }

    /** The values of the items of an array become a list. */
    private static void put(Path path, Object value, Map<String, Found> found, List<Found> order) {
        Found one = found.get(path.toString());
        if (one == null) {
            one = new Found(path);
            found.put(path.toString(), one);
            order.add(one);
            one.value = path.isMany() ? new ArrayList<>() : value;
        }
        if (path.isMany()) {
            @SuppressWarnings("unchecked") // made above
            List<Object> values = (List<Object>) one.value;
            if (value instanceof Collection<?> inner) {
                values.addAll(inner);
            } else {
                values.add(value);
            }
        }
    }

    private static List<Step> with(List<Step> outer, Step step) {
        List<Step> steps = new ArrayList<>(outer);
        steps.add(step);
        return steps;
    }

    /** The fields in the order in which they were met, by their paths. A record that is null sometimes is none. */
    Map<String, SurveyedField> fields() {
        Map<String, SurveyedField> leaves = new LinkedHashMap<>(fields);
        leaves.keySet().removeIf(path -> holders.contains(path) || holders.contains(path + "[]"));
        return leaves;
    }

    /** The records and maps with so many members that these are not listed as fields, by their paths. */
    List<String> wide() {
        return members.entrySet().stream()
                .filter(holder ->
                        holder.getValue() > MOST_MEMBERS && !holder.getKey().isEmpty())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** Whether there are more fields than were looked at. */
    boolean isCut() {
        return fields.size() >= MOST_FIELDS;
    }
}
