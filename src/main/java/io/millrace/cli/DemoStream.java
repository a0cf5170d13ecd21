package io.millrace.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What a demo learns from.
 *
 * @param title says what it is
 * @param total number of rows
 * @param task task of the model
 * @param labels names of the labels' columns
 * @param settings what the model needs to fit the stream
 * @param rows opens the stream at its start
 */
record DemoStream(
        String title,
        long total,
        String task,
        List<String> labels,
        Map<String, String> settings,
        Supplier<Iterable<LabelledRow>> rows) {
    static final long GENERATED_EXAMPLES = 200_000;

    private static final int MOST_CLASSES = 1000;
    private static final long SEED = 1;

    /** More rows than this share whose labels are no names of classes are no accident. */
    private static final double MOST_UNNAMED = 0.1;

    /** The stream with drift. */
    static DemoStream generated(long limit) {
        long total = Math.min(limit, GENERATED_EXAMPLES);
        return new DemoStream(
                "a generated stream of " + total + " examples whose concept drifts " + (SeaStream.CONCEPTS - 1)
                        + " times",
                total,
                "classification",
                List.of("class"),
                settings(SeaStream.FEATURES, "classification", SeaStream.CLASSES),
                () -> new SeaStream(total, SEED));
    }

    /**
     * The rows of a file. Reads it once to count them and to find the classes.
     *
     * @param classes names of the classes if they are known already, else empty
     */
    static DemoStream csv(Path file, String label, String task, long limit, List<String> classes) {
        Set<String> found = new LinkedHashSet<>(classes);
        boolean searching = task.equals("classification") && classes.isEmpty();
        long total = 0;
        long unnamed = 0;
        String unnameable = null;
        int features;
        List<String> labels;
        try (CsvTable table = CsvTable.labelled(file, label)) {
            features = table.features();
            labels = table.labels();
            requireFit(file, task, labels);
            for (LabelledRow row : table) {
                if (total == limit) {
                    break;
                }
                total++;
                String name = row.labels().get(0);
                if (!searching || row.fault() != null) {
                    continue; // a row that is no example has no class to tell
                }
                if (name.isEmpty() || name.contains(",")) {
                    unnamed++;
                    String where = file + ", column " + labels.get(0) + ", line " + row.line();
                    unnameable = unnameable == null ? fault(name, where) : unnameable;
                } else if (found.add(name)) {
                    if (found.size() > MOST_CLASSES) {
                        throw new UsageException("The label of " + file + " has more than " + MOST_CLASSES
                                + " values: is this a regression (--task regression)?");
                    }
                }
            }
        }
        if (unnamed > total * MOST_UNNAMED) {
            throw new UsageException(unnameable);
        }
        if (total == 0) {
            throw new UsageException(file + " has a header row and no other; it needs examples.");
        }
        if (searching && found.size() < 2) {
            throw new UsageException("The label of " + file + " has " + found.size()
                    + " value(s); a classification needs two. Is it the right column (--label)?");
        }
        boolean named = task.equals("multilabel") && classes.isEmpty();
        Map<String, String> settings = settings(features, task, named ? labels : ordered(found));
        if (task.equals("regression") && labels.size() > 1) {
            settings.put("model.targets", String.valueOf(labels.size()));
        }
        long rows = total;
        return new DemoStream(
                file.getFileName() + ", " + rows + " examples with " + features + " features",
                rows,
                task,
                labels,
                settings,
                () -> () -> CsvTable.labelled(file, label).limited(rows));
    }

    private static void requireFit(Path file, String task, List<String> labels) {
        if (task.equals("classification") && labels.size() > 1) {
            throw new UsageException("--label names " + labels.size()
                    + " columns, and a classification has one: name that one, or add --task multilabel or --task"
                    + " regression.");
        }
        if (task.equals("multilabel")) {
            for (String label : labels) {
                if (label.isBlank() || label.contains(",")) {
                    throw new UsageException(
                            file + ", column \"" + label
                                    + "\": the name of a label must be neither empty nor contain a comma. Rename it in the file.");
                }
            }
        }
    }

    /** Names of classes stand in model.classes, with commas between them. */
    private static String fault(String name, String where) {
        String advice = "; or list the classes with --set model.classes=..., and such rows become dead letters.";
        return name.isEmpty()
                ? where + ": the label is empty. Fill it in, or remove the row" + advice
                : where + ": the class \"" + name + "\" has a comma in its name. Rename it in the file" + advice;
    }

    private static Map<String, String> settings(int features, String task, List<String> classes) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("model.inputs", String.valueOf(features));
        settings.put("model.task", task);
        if (!classes.isEmpty()) {
            settings.put("model.classes", String.join(",", classes));
        }
        return settings;
    }

    /** Numbers by value, other names by alphabet: the order must not depend on which row comes first. */
    private static List<String> ordered(Set<String> classes) {
        boolean numbers = classes.stream().allMatch(name -> name.matches("-?[0-9]{1,9}"));
        return numbers
                ? classes.stream()
                        .sorted(java.util.Comparator.comparingInt(Integer::parseInt))
                        .toList()
                : classes.stream().sorted().toList();
    }
}
