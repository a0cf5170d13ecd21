package io.millrace.cli.csv;

import java.util.ArrayList;
import java.util.List;

/** Guesses from a file's first lines what separates its columns. */
final class CsvSeparator {
    private static final char[] OTHERS = {';', '\t', '|'};
    private static final double NEARLY_ALL = 0.8; // lines may be damaged, and the first ones are few

    private CsvSeparator() {}

    /**
     * The character that occurs equally often in the lines and makes the most columns. A comma if none does. Between a
     * comma and another one that make the same number of columns, the commas decide: whether all of them belong to decimal
     * numbers.
     *
     * @param lines the header row and rows after it
     */
    static char of(List<String> lines) {
        char best = ',';
        int most = columns(lines, ',');
        for (char other : OTHERS) {
            int columns = columns(lines, other);
            if (columns > 1 && (columns > most || columns == most && best == ',' && decimals(lines, other))) {
                best = other;
                most = columns;
            }
        }
        return best;
    }

    /** Number of columns; 0 if it is not the same in nearly all lines. */
    private static int columns(List<String> lines, char separator) {
        int columns = lines.isEmpty() ? 0 : split(lines.get(0), separator).size();
        long same = lines.stream()
                .filter(line -> split(line, separator).size() == columns)
                .count();
        return same >= NEARLY_ALL * lines.size() ? columns : 0;
    }

    private static boolean decimals(List<String> lines, char other) {
        List<String> withCommas = lines.stream()
                .skip(1)
                .flatMap(line -> split(line, other).stream())
                .filter(cell -> cell.indexOf(',') >= 0)
                .toList();
        return !withCommas.isEmpty() && withCommas.stream().allMatch(CsvSeparator::decimal);
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
