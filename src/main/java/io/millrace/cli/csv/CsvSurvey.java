package io.millrace.cli.csv;

import io.millrace.cli.console.FailedException;
import io.millrace.cli.console.UsageException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * The result of a first pass over a file of examples: how many there are, their classes, and what is wrong with them.
 */
public final class CsvSurvey {
    /** A larger share of damaged rows, or of labels that cannot be class names, is not accidental. */
    private static final double MOST_DAMAGED = 0.1;

    private final Path file;
    private final String task;
    private final List<String> labels;
    private final int features;
    private final List<String> known;
    private final LabelCheck check;
    private final FoundClasses found;
    private final List<String> warnings;
    private long rows;
    private long damaged;
    private String firstDamage;
    private boolean firstInLabel;
    private long unnamed;
    private String firstUnnamed;

    /**
     * @param table its rows are to be added
     * @param known names of the classes if they are already known, else empty
     */
    public CsvSurvey(Path file, CsvTable table, String task, List<String> known) {
        this.file = file;
        this.task = task;
        this.known = known;
        labels = table.labels();
        features = table.features();
        warnings = new ArrayList<>(table.warnings());
        check = new LabelCheck(task, labels, new HashSet<>(known));
        found = new FoundClasses(String.valueOf(file));
    }

    public void add(LabelledRow row) {
        rows++;
        String labelFault = check.fault(row.labels());
        String fault = row.fault() != null ? row.fault() : labelFault;
        if (fault != null) {
            if (damaged++ == 0) {
                firstInLabel = fault.equals(labelFault);
                firstDamage = "line " + row.line() + ": " + fault;
            }
            return; // the class of a damaged row does not count
        }
        if (searching() && !unnamed(row)) {
            found.add(row.labels().get(0), row.line());
        }
    }

    private boolean searching() {
        return task.equals("classification") && known.isEmpty();
    }

    /** Checks a class name: model.classes lists the names separated by commas. */
    private boolean unnamed(LabelledRow row) {
        String name = row.labels().get(0);
        if (!name.isEmpty() && !name.contains(",")) {
            return false;
        }
        if (unnamed++ == 0) {
            String where = file + ", column " + labels.get(0) + ", line " + row.line();
            String advice = "; or list the classes with --set model.classes=..., and such rows become dead letters.";
            firstUnnamed = name.isEmpty()
                    ? where + ": the label is empty. Fill it in, or remove the row" + advice
                    : where + ": the class \"" + name + "\" has a comma in its name. Rename it in the file" + advice;
        }
        return true;
    }

    /** Refuses a file without any usable example, with its first fault. */
    public void requireExamples() {
        if (rows == 0) {
            throw new UsageException(file + " has a header row but no examples.");
        }
        if (damaged == rows) {
            throw new FailedException("Nothing can be learned from " + file + ": " + damage() + "."
                    + (firstInLabel ? " Is it the right column (--label), and the right --task?" : ""));
        }
        if (unnamed > rows * MOST_DAMAGED) {
            throw new UsageException(firstUnnamed);
        }
        if (searching() && found.count() < 2) {
            throw new UsageException("The label of " + file + " has " + found.count()
                    + " value(s); a classification needs two. Is it the right column (--label)?"
                    + (damaged == 0 ? "" : " Of the file " + damage() + "."));
        }
    }

    private String damage() {
        return (damaged == rows ? "all " + rows : damaged + " of " + rows) + " rows are damaged; the first: "
                + firstDamage;
    }

    public long rows() {
        return rows;
    }

    public int features() {
        return features;
    }

    /** The known classes, or those found in the rows; empty for a regression. */
    public List<String> classes() {
        return searching() ? found.ordered() : known;
    }

    /** Possible errors in the file, each a sentence. */
    public List<String> warnings() {
        List<String> all = new ArrayList<>(warnings);
        if (damaged > rows * MOST_DAMAGED) {
            all.add("of " + file + " " + damage() + ".");
        }
        all.addAll(found.warnings());
        return all;
    }
}
