package io.millrace.cli.demo;

import io.millrace.cli.console.UsageException;
import io.millrace.cli.csv.CsvColumns;
import io.millrace.cli.csv.CsvSource;
import io.millrace.cli.csv.CsvSurvey;
import io.millrace.cli.csv.CsvTable;
import io.millrace.cli.csv.DialectOptions;
import io.millrace.cli.csv.FileRecord;
import io.millrace.cli.csv.LabelledRow;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The stream that a demo learns.
 *
 * @param title description for the user
 * @param total number of rows
 * @param task task of the model
 * @param labels names of the label columns
 * @param settings the model settings that the stream requires
 * @param warnings possible errors in the stream, each a sentence
 * @param overview lines that show what is in the stream
 * @param record the record of a row; null if its features are an array of numbers
 * @param rows opens the stream at its start
 */
public record DemoStream(
        String title,
        long total,
        String task,
        List<String> labels,
        Map<String, String> settings,
        List<String> warnings,
        List<String> overview,
        FileRecord record,
        Supplier<Iterable<LabelledRow>> rows) {
    static final long GENERATED_EXAMPLES = 200_000;

    /** Event time of row 0. Row i comes i ms later, at any speed, so the stream is the same each time. */
    private static final long FIRST_EVENT_MS =
            Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

    private static final long SEED = 1;

    /** The generated stream with drift. */
    static DemoStream generated(long limit) {
        long total = Math.min(limit, GENERATED_EXAMPLES);
        Map<String, String> settings = settings("classification", SeaStream.CLASSES);
        settings.put("model.inputs", String.valueOf(SeaStream.FEATURES));
        return new DemoStream(
                "a generated stream of " + total + " examples whose concept drifts " + (SeaStream.CONCEPTS - 1)
                        + " times",
                total,
                "classification",
                List.of("class"),
                settings,
                List.of(),
                List.of(),
                null,
                () -> new SeaStream(total, SEED));
    }

    /**
     * The rows of a file. Reads it to find how it is written, what is in its columns, the classes and errors.
     *
     * @param dialect how the file is written, as far as that is known
     * @param classes names of the classes if they are already known, else empty
     */
    public static DemoStream csv(
            Path file, DialectOptions dialect, String label, String task, long limit, List<String> classes) {
        requireTwice(file);
        CsvColumns columns = CsvColumns.survey(file, label, task, dialect, limit);
        CsvSurvey survey;
        List<String> labels;
        try (CsvTable table = columns.open()) {
            labels = table.labels();
            requireFit(file, task, labels);
            survey = new CsvSurvey(file, table, task, classes);
            table.limited(limit).forEachRemaining(survey::add);
        }
        survey.requireExamples();
        boolean named = task.equals("multilabel") && classes.isEmpty();
        Map<String, String> settings = settings(task, named ? labels : survey.classes());
        if (columns.numeric()) {
            settings.put("model.inputs", String.valueOf(survey.features()));
        } else {
            settings.put("features", columns.record().features());
            settings.put("label", columns.record().label());
        }
        if (task.equals("regression") && labels.size() > 1) {
            settings.put("model.targets", String.valueOf(labels.size()));
        }
        long rows = survey.rows();
        List<String> warnings = new ArrayList<>(columns.warnings());
        warnings.addAll(survey.warnings());
        return new DemoStream(
                file.getFileName() + ", " + rows + " examples with " + survey.features() + " features",
                rows,
                task,
                labels,
                settings,
                warnings,
                columns.overview(),
                columns.record(),
                () -> () -> columns.open().limited(rows));
    }

    /** Event time of the records of a row, ms. */
    long eventTime(long row) {
        return FIRST_EVENT_MS + row;
    }

    /** The row whose records have this event time; -1 if none: other clients may have written to the topics. */
    long row(long eventTime) {
        long row = eventTime - FIRST_EVENT_MS;
        return row >= 0 && row < total ? row : -1;
    }

    private static void requireTwice(Path file) {
        try {
            if (CsvSource.once(file)) {
                throw new UsageException(
                        file + " is a pipe or the like, which can be read once, and demo reads its file"
                                + " several times: to find what is in it, and to learn. Write it to a file first.");
            }
        } catch (IOException e) {
            throw CsvSource.unreadable(file, e);
        }
    }

    private static void requireFit(Path file, String task, List<String> labels) {
        if (task.equals("classification") && labels.size() > 1) {
            throw new UsageException("--label names " + labels.size()
                    + " columns, but a classification has one: name only one, or add --task multilabel or --task"
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

    private static Map<String, String> settings(String task, List<String> classes) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("model.task", task);
        if (!classes.isEmpty()) {
            settings.put("model.classes", String.join(",", classes));
        }
        return settings;
    }
}
