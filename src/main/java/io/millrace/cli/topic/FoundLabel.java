package io.millrace.cli.topic;

import io.millrace.cli.console.FailedException;
import io.millrace.cli.inference.FieldSample;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.Schema;

/**
 * What the label means for a model.
 *
 * @param settings of the task, its classes or targets
 * @param reasons why, and what else could be meant, sentences
 * @param undecided what must be set before a model can learn, sentences; empty if everything is decided
 */
record FoundLabel(Map<String, String> settings, List<String> reasons, List<String> undecided) {
    private static final int MOST_NUMERIC_CLASSES = 10;
    private static final int PER_CLASS = 10; // records, or numbers are rather amounts
    private static final int SURE_CLASSES = 100;
    private static final int MOST_SHOWN = 20;
    private static final String TASK = "model.task";
    private static final String FALSE = "false";
    private static final String TRUE = "true";

    /** In front of the key of a setting that is a comment. */
    static final String UNDECIDED = "#";

    private static final String CLASSES = "model.classes";

    /**
     * Looks at the fields that are the label.
     *
     * @param schema the latest schema; null if there is none
     * @throws FailedException if a field cannot be a label
     */
    static FoundLabel of(List<SurveyedField> labels, Schema schema) {
        labels.forEach(FoundLabel::requireUsable);
        return labels.size() == 1 ? one(labels.get(0), schema) : several(labels);
    }

    private static void requireUsable(SurveyedField label) {
        FieldSample sample = label.sample();
        String path = label.path().toString();
        if (label.isMany()) {
            throw new FailedException(path + " has many values; a label is one.");
        }
        if (sample.values() == 0) {
            throw new FailedException("The label " + path + " has no value in the newest " + sample.records()
                    + " records, so there is nothing to learn.");
        }
    }

    private static FoundLabel one(SurveyedField label, Schema schema) {
        FieldSample sample = label.sample();
        List<String> names = names(label, schema);
        List<String> reasons = new ArrayList<>();
        long missing = sample.records() - sample.values();
        if (missing > 0) {
            reasons.add("It is missing in " + missing + " of " + sample.records() + " records, which are skipped.");
        }
        if (sample.numeric() && !classesOfNumbers(sample, names)) {
            reasons.add(0, "It is a number" + (sample.distinct() == 1 ? ", always " + sample.example() : "") + ".");
            return new FoundLabel(Map.of(TASK, "regression"), reasons, List.of());
        }
        if (!sample.numeric() && names.size() > SurveyedField.MOST_CLASSES) {
            throw new FailedException("The label " + label.path() + " has more than " + SurveyedField.MOST_CLASSES
                    + " different texts in the newest " + sample.records()
                    + " records, too many for classes. Name a field with fewer values, or with numbers.");
        }
        reasons.add(
                0,
                "It has " + names.size() + (names.size() == 1 ? " value: " : " values: ") + counts(label, names) + ".");
        if (sample.numeric() && names.size() > 2) {
            reasons.add("If it is an amount and not a class, set " + TASK + "=regression and remove " + CLASSES + ".");
        }
        if (names.size() > SURE_CLASSES) {
            reasons.add("These are many classes: is it the right field?");
        }
        reasons.add("A record of another class goes to the dead letters: add classes that are missing here.");
        return classes(label, names, reasons);
    }

    private static boolean classesOfNumbers(FieldSample sample, List<String> names) {
        boolean whole = names.stream().allMatch(name -> name.matches("-?[0-9]{1,9}"));
        return whole
                && names.size() > 1
                && names.size() <= MOST_NUMERIC_CLASSES
                && sample.values() >= (long) PER_CLASS * names.size();
    }

    private static FoundLabel classes(SurveyedField label, List<String> names, List<String> reasons) {
        List<String> odd = names.stream()
                .filter(name -> name.indexOf(',') >= 0 || !name.strip().trim().equals(name))
                .toList();
        List<String> undecided = new ArrayList<>();
        if (!odd.isEmpty()) {
            undecided.add(CLASSES + ": \"" + odd.get(0) + "\", a value of " + label.path()
                    + ", has a comma or begins or ends with a blank, which the name of a class cannot have.");
        } else if (names.size() < 2) {
            undecided.add(CLASSES + ": " + label.path() + " is always \"" + names.get(0)
                    + "\" in the records that were read. Name the other classes.");
        }
        String key = undecided.isEmpty() ? CLASSES : UNDECIDED + CLASSES;
        return new FoundLabel(settings("classification", key, String.join(",", names)), reasons, undecided);
    }

    private static Map<String, String> settings(String task, String key, String value) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put(TASK, task);
        settings.put(key, value);
        return settings;
    }

    /** Names of the classes: those that the schema lists, or those that were found, numbers by value. */
    private static List<String> names(SurveyedField label, Schema schema) {
        List<String> symbols = SchemaPaths.symbols(schema, label.path());
        if (!symbols.isEmpty()) {
            return symbols;
        }
        if (Set.of(FALSE, TRUE).containsAll(label.texts().keySet())) {
            return List.of(FALSE, TRUE);
        }
        List<String> names = new ArrayList<>(label.texts().keySet());
        if (names.stream().allMatch(name -> name.matches("-?[0-9]{1,9}"))) {
            names.sort(Comparator.comparingInt(Integer::parseInt));
        }
        return names;
    }

    private static String counts(SurveyedField label, List<String> names) {
        return names.stream()
                        .limit(MOST_SHOWN)
                        .map(name -> name + " (" + label.texts().getOrDefault(name, 0) + ")")
                        .collect(Collectors.joining(", "))
                + (names.size() > MOST_SHOWN ? " and others" : "");
    }

    private static FoundLabel several(List<SurveyedField> labels) {
        boolean flags = labels.stream()
                .allMatch(label ->
                        Set.of("0", "1", FALSE, TRUE).containsAll(label.texts().keySet()));
        if (flags) {
            String names = labels.stream()
                    .map(label -> label.path()
                            .steps()
                            .get(label.path().steps().size() - 1)
                            .name())
                    .collect(Collectors.joining(","));
            return new FoundLabel(
                    settings("multilabel", CLASSES, names),
                    List.of("Each of them is 0 or 1, or false or true."),
                    List.of());
        }
        for (SurveyedField label : labels) {
            if (!label.sample().numeric()) {
                throw new FailedException(
                        label.path() + " holds \"" + label.sample().example()
                                + "\": several labels are numbers, or each of them is true or false.");
            }
        }
        return new FoundLabel(
                settings("regression", "model.targets", String.valueOf(labels.size())),
                List.of("They are numbers."),
                List.of());
    }
}
