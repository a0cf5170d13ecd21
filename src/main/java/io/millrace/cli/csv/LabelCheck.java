package io.millrace.cli.csv;

import java.util.List;
import java.util.Set;

/**
 * Checks labels as text for what the learner will refuse.
 *
 * @param task classification, multilabel or regression
 * @param columns names of the label columns
 * @param classes names of the classes; empty if any name is valid
 */
public record LabelCheck(String task, List<String> columns, Set<String> classes) {
    private static final int MOST_SHOWN = 40;

    /** Whether the label is the name of a class; otherwise labels are numbers. */
    boolean names() {
        return task.equals("classification");
    }

    /** The fault in the labels of a row, a sentence without full stop; null if there is none. */
    public String fault(List<String> labels) {
        if (names()) {
            String name = labels.get(0);
            return classes.isEmpty() || classes.contains(name)
                    ? null
                    : column(0) + " holds " + shown(name) + ", which is not a class";
        }
        for (int i = 0; i < labels.size(); i++) {
            float number = CsvTable.number(labels.get(i));
            if (!Float.isFinite(number)) {
                return column(i)
                        + (labels.get(i).isEmpty()
                                ? " is empty"
                                : " holds " + shown(labels.get(i)) + ", which is not a finite number");
            }
            if (task.equals("multilabel") && number != 0 && number != 1) {
                return column(i) + " holds " + shown(labels.get(i)) + ", which is neither 0 nor 1";
            }
        }
        return null;
    }

    private String column(int label) {
        return "the label, column \"" + columns.get(label) + "\",";
    }

    private static String shown(String text) {
        String printable = text.replaceAll("\\p{Cc}", "?");
        return "\"" + (printable.length() <= MOST_SHOWN ? printable : printable.substring(0, MOST_SHOWN) + "...")
                + "\"";
    }
}
