package io.millrace.cli.csv;

import java.util.ArrayList;
import java.util.List;

/** Detects from a file's header and first row that its columns are separated by something other than commas. */
final class CsvSeparator {
    private static final char[] OTHERS = {';', '\t', '|'};

    private CsvSeparator() {}

    /**
     * The character that certainly separates the columns; a comma if no other one is certain. Another one is certain if
     * it occurs equally often in both lines, and the commas either belong to decimal numbers or would not give an
     * example.
     *
     * @param first the row after the header; null if there is none
     */
    static char of(CsvRecords.Fields header, CsvRecords.Fields first) {
        for (char other : OTHERS) {
            int columns = split(header.text(), other).size();
            if (columns > 1 && (header.fields().size() < 2 || first != null && meant(other, columns, header, first))) {
                return other;
            }
        }
        return ',';
    }

    private static boolean meant(char other, int columns, CsvRecords.Fields header, CsvRecords.Fields first) {
        List<String> cells = split(first.text(), other);
        if (cells.size() != columns) {
            return false;
        }
        boolean example = first.fault() == null
                && first.fields().size() == header.fields().size()
                && first.fields().stream().filter(cell -> !number(cell)).count() <= 1; // the label may be text
        boolean decimals = cells.stream().filter(cell -> cell.indexOf(',') >= 0).allMatch(CsvSeparator::decimal)
                && cells.stream()
                                .filter(cell -> !number(cell) && !decimal(cell))
                                .count()
                        <= 1;
        return !example || decimals;
    }

    private static boolean number(String cell) {
        return !Float.isNaN(CsvTable.number(cell));
    }

    private static boolean decimal(String cell) {
        return number(cell.replace("\"", "").replace(',', '.'));
    }

    /** Keeps the quotes: only separators matter here. */
    private static List<String> split(String line, char separator) {
        List<String> cells = new ArrayList<>();
        boolean quoted = false;
        int from = 0;
        for (int at = 0; at < line.length(); at++) {
            if (line.charAt(at) == '"') {
                quoted = !quoted;
            } else if (line.charAt(at) == separator && !quoted) {
                cells.add(line.substring(from, at));
                from = at + 1;
            }
        }
        cells.add(line.substring(from));
        return cells;
    }

    /** The separator as part of a sentence. */
    static String name(char separator) {
        return separator == '\t' ? "tabs" : "'" + separator + "'";
    }
}
