package io.millrace.cli.csv;

import java.util.List;
import java.util.Set;

/**
 * Says of labels as text what the learner will refuse, before it is asked.
 *
 * @param task classification, multilabel or regression
 * @param columns names of the labels' columns
 * @param classes names of the classes; empty if any will do
 */
public record LabelCheck(String task, List<String> columns, Set<String> classes) {
    private static final int MOST_SHOWN = 40;

    /** What is wrong with the labels of a row, a sentence without full stop; null if nothing is. */
    public String fault(List<String> labels) {
        if (task.equals("classification")) {
            String name = labels.get(0);
            return classes.isEmpty() || classes.contains(name)
                    ? null
                    : column(0) + " holds " + shown(name) + ", which is no class";
        }
        for (int i = 0; i < labels.size(); i++) {
            float number = CsvTable.number(labels.get(i));
            if (!Float.isFinite(number)) {
                return column(i)
                        + (labels.get(i).isEmpty()
                                ? " is empty"
                                : " holds " + shown(labels.get(i)) + ", which is no number that is finite");
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
