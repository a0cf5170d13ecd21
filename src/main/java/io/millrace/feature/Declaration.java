package io.millrace.feature;

import io.millrace.feature.value.Zone;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What a record means: its format, its features, its label, its weight and its event time.
 *
 * @param format format of the values of records
 * @param features what enters the model
 * @param labels the label, or a field for each of several targets
 * @param weight the weight; null: 1
 * @param eventTime the event time; null: the record's timestamp
 */
public record Declaration(
        ValueFormat format, FeatureSet features, List<Field> labels, Field weight, EventTime eventTime) {
    /** Copies the list. */
    public Declaration {
        labels = List.copyOf(labels);
    }

    /** {@link #parse(String, String, String, String, String)} for records in Avro. */
    public static Declaration parse(String features, String label, String weight, String eventTime) {
        return parse(ValueFormat.AVRO.id(), features, label, weight, eventTime);
    }

    /**
     * Parses the settings of these names.
     *
     * @param format {@link ValueFormat#id}
     * @param features the features
     * @param label fields separated by commas; empty where records have none, as requests do
     * @param weight a field; empty: all records count alike
     * @param eventTime a field, and behind a comma the zone of times that name none; empty: the record's timestamp
     * @throws DeclarationException with all problems
     */
    public static Declaration parse(String format, String features, String label, String weight, String eventTime) {
        List<String> problems = new ArrayList<>();
        FeatureSet set = null;
        try {
            set = FeatureSet.parse(features);
        } catch (DeclarationException e) {
            problems.addAll(e.problems());
        }
        List<Field> labels = new ArrayList<>();
        if (!label.isBlank()) {
            for (String one : Words.split(label, ',')) {
                parsed("label", one, problems, labels::add, Declaration::field);
            }
        }
        List<Field> weights = new ArrayList<>();
        if (!weight.isBlank()) {
            parsed("weight", weight, problems, weights::add, Declaration::field);
        }
        List<EventTime> times = new ArrayList<>();
        if (!eventTime.isBlank()) {
            parsed("event.time", eventTime, problems, times::add, Declaration::time);
        }
        if (set != null) {
            checkLabels(set, labels, problems);
        }
        if (!problems.isEmpty()) {
            throw new DeclarationException(problems);
        }
        return new Declaration(
                ValueFormat.of(format),
                set,
                labels,
                weights.isEmpty() ? null : weights.get(0),
                times.isEmpty() ? null : times.get(0));
    }

    /** The same declaration of other features. */
    public Declaration withFeatures(FeatureSet set) {
        return new Declaration(format, set, labels, weight, eventTime);
    }

    /** Whether a row or an event time depends on the rules of a time zone, which come from the tz database of the JVM. */
    public boolean readsTimeZones() {
        return eventTime != null && eventTime.zone().changes()
                || features.features().stream()
                        .anyMatch(feature -> feature.type().zone().changes());
    }

    private static <T> void parsed(
            String setting, String text, List<String> problems, Consumer<T> to, Function<String, T> parser) {
        try {
            to.accept(parser.apply(text.strip()));
        } catch (IllegalArgumentException e) {
            problems.add(setting + "=" + text.strip() + ": " + e.getMessage() + ".");
        }
    }

    private static Field field(String text) {
        Field field = PathParser.field(text);
        for (Path path : field.paths()) {
            if (path.isMany()) {
                throw Words.problem(path + " has many values; one is needed");
            }
        }
        return field;
    }

    private static EventTime time(String text) {
        List<String> parts = Words.split(text, ',');
        if (parts.size() > 2) {
            throw Words.problem("a field and a zone are expected");
        }
        return new EventTime(field(parts.get(0)), parts.size() == 1 ? Zone.UTC : TimeType.zone(parts.get(1)));
    }

    private static void checkLabels(FeatureSet set, List<Field> labels, List<String> problems) {
        for (int i = 0; i < labels.size(); i++) {
            Field label = labels.get(i);
            if (labels.subList(0, i).contains(label)) {
                problems.add("\"" + label + "\" is a label twice.");
            }
            boolean isFeature = set.features().stream()
                    .flatMap(feature -> feature.field().paths().stream())
                    .anyMatch(label.paths()::contains);
            if (isFeature) {
                problems.add("\"" + label + "\" is the label and cannot be a feature too.");
            }
        }
    }
}
