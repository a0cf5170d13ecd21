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
 * @param settings what the model needs to fit the stream
 * @param rows opens the stream at its start
 */
record DemoStream(
        String title, long total, String task, Map<String, String> settings, Supplier<Iterable<LabelledRow>> rows) {
    static final long GENERATED_EXAMPLES = 200_000;

    private static final int MOST_CLASSES = 1000;
    private static final long SEED = 1;

    /** The stream with drift. */
    static DemoStream generated(long limit) {
        long total = Math.min(limit, GENERATED_EXAMPLES);
        return new DemoStream(
                "a generated stream of " + total + " examples whose concept drifts " + (SeaStream.CONCEPTS - 1)
                        + " times",
                total,
                "classification",
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
        int features;
        try (CsvTable table = CsvTable.labelled(file, label)) {
            features = table.features();
            for (LabelledRow row : table) {
                if (total == limit) {
                    break;
                }
                total++;
                if (searching && found.add(row.label())) {
                    requireName(row.label(), file + ", column " + table.labelName() + ", row " + total);
                    if (found.size() > MOST_CLASSES) {
                        throw new UsageException("The label of " + file + " has more than " + MOST_CLASSES
                                + " values: is this a regression (--task regression)?");
                    }
                }
            }
        }
        if (total == 0) {
            throw new UsageException(file + " has a header row and no other; it needs examples.");
        }
        if (searching && found.size() < 2) {
            throw new UsageException("The label of " + file + " has " + found.size()
                    + " value(s); a classification needs two. Is it the right column (--label)?");
        }
        long rows = total;
        return new DemoStream(
                file.getFileName() + ", " + rows + " examples with " + features + " features",
                rows,
                task,
                settings(features, task, ordered(found)),
                () -> () -> CsvTable.labelled(file, label).limited(rows));
    }

    /** Names of classes stand in model.classes, with commas between them. */
    private static void requireName(String found, String where) {
        String advice = "; or list the classes with --set model.classes=..., and such rows become dead letters.";
        if (found.isEmpty()) {
            throw new UsageException(
                    where + " below the header: the label is empty. Fill it in, or remove the row" + advice);
        }
        if (found.contains(",")) {
            throw new UsageException(where + " below the header: the class \"" + found
                    + "\" has a comma in its name. Rename it in the file" + advice);
        }
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
