package io.millrace.cli.csv;

import java.util.Set;

/** What programs write for a missing value. */
final class Missing {
    private static final Set<String> MARKS =
            Set.of("NaN", "nan", "null", "NULL", "None", "NA", "<NA>", "N/A", "n/a", "#N/A", "?");

    private Missing() {}

    /** Whether a text stands for a missing value; it is not empty. */
    static boolean mark(String text) {
        return MARKS.contains(text);
    }

    /** Whether a cell without the blanks at both ends has no value. */
    static boolean is(String cell) {
        return cell.isEmpty() || mark(cell);
    }
}
