package io.millrace.cli.csv;

import io.millrace.cli.console.UsageException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The names of a file's columns, and which of them are labels. Refuses a header that is certainly wrong, and collects
 * warnings about one that may be.
 */
final class CsvHeader {
    private static final int MOST_SHOWN = 200;
    private static final int MOST_WARNINGS = 3; // of each kind

    private final Path file;
    private final CsvDialect dialect;
    private final long line;
    private final List<String> columns;
    private final Map<String, List<Integer>> places = new LinkedHashMap<>(); // indices of the columns of each name
    private final int[] labelColumns;
    private final List<String> warnings = new ArrayList<>();

    /**
     * @param header the first record
     * @param first the record after it; null if there is none
     * @param labelled whether there are labels
     * @param label name of the label column, or several names separated by commas; null for the last column
     */
    CsvHeader(
            Path file,
            CsvDialect dialect,
            CsvRecords.Fields header,
            CsvRecords.Fields first,
            boolean labelled,
            String label) {
        this.file = file;
        this.dialect = dialect;
        line = header.line();
        char separator = dialect.strict()
                ? CsvSeparator.of(first == null ? List.of(header.text()) : List.of(header.text(), first.text()))
                : ',';
        if (separator != ',') {
            throw new UsageException(file + " cannot be read as CSV: its columns seem to be separated by "
                    + CsvSeparator.name(separator) + " (line " + line + ": " + shown(header.text())
                    + "). Separate the columns with commas, and use points in decimal numbers.");
        }
        if (header.fault() != null) {
            throw new UsageException(file + " cannot be read as CSV: in its "
                    + (dialect.header() ? "header row" : "first row") + " (line " + line + ") "
                    + header.fault() + ". Correct it there.");
        }
        columns = header.fields().stream().map(Blanks::strip).toList();
        for (int i = 0; i < columns.size(); i++) {
            places.computeIfAbsent(key(columns.get(i)), name -> new ArrayList<>())
                    .add(i);
        }
        labelColumns = labelled ? find(label, first) : new int[0];
        boolean[] isLabel = new boolean[columns.size()];
        for (int column : labelColumns) {
            isLabel[column] = true;
            refuseDouble(columns.get(column));
        }
        warnOfExample(header, isLabel);
        warnOfDoubles();
    }

    private int[] find(String label, CsvRecords.Fields first) {
        int whole = label == null ? columns.size() - 1 : index(label); // the name may contain a comma
        int[] found = whole >= 0
                ? new int[] {whole}
                : Stream.of(label.split(",")).mapToInt(this::column).toArray();
        if (IntStream.of(found).distinct().count() < found.length) {
            throw new UsageException("--label " + label + " names a column twice.");
        }
        if (columns.size() <= found.length) {
            throw new UsageException(file + " has " + (columns.size() == 1 ? "one column, " : "no other columns than ")
                    + String.join(", ", columns)
                    + "; it needs features and a label, with "
                    + (dialect.separator() == ',' ? "commas" : CsvSeparator.name(dialect.separator()))
                    + " between them."
                    + (columns.size() == 1 && first != null && first.fields().size() > 1
                            ? " Line " + line + " is read as its header row, but line " + first.line()
                                    + " has more columns: remove the text before the column names."
                            : ""));
        }
        return found;
    }

    private int column(String name) {
        int index = index(name);
        if (index < 0) {
            throw new UsageException(file + " has no column \"" + Blanks.strip(name) + "\"; it has "
                    + shown(String.join(", ", columns)) + ".");
        }
        return index;
    }

    private int index(String name) {
        return places.getOrDefault(key(Blanks.strip(name)), List.of(-1)).get(0);
    }

    /** Names that look the same are equal: an accent may be a separate character or not. */
    private static String key(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC);
    }

    private void refuseDouble(String name) {
        List<Integer> same = places.get(key(name));
        if (same.size() > 1) {
            throw new UsageException(file + " has " + same.size() + " columns "
                    + (name.isEmpty() ? "without a name" : "named \"" + name + "\"") + " (" + numbers(same)
                    + "), and one of them is the label: another would be a feature that reveals it. Rename or remove"
                    + " the wrong ones."
                    + (number(name) ? " Is line " + line + " a header row? It looks like an example." : ""));
        }
    }

    private static String numbers(List<Integer> columns) {
        return columns.stream()
                        .limit(MOST_WARNINGS)
                        .map(column -> String.valueOf(column + 1))
                        .collect(Collectors.joining(" and "))
                + (columns.size() > MOST_WARNINGS ? " and others" : "");
    }

    private void warnOfExample(CsvRecords.Fields header, boolean[] isLabel) {
        int numbers = 0;
        for (int i = 0; i < columns.size(); i++) {
            if (!isLabel[i] && number(columns.get(i))) {
                numbers++;
            } else if (!isLabel[i] && !columns.get(i).isEmpty()) {
                return;
            }
        }
        if (numbers > 0) {
            warnings.add("line " + line + " of " + file + " is read as its header row, but looks like an example: "
                    + shown(header.text()) + ". If it is one, "
                    + (dialect.strict() ? "put a row with the column names before it." : "add --no-header."));
        }
    }

    private void warnOfDoubles() {
        List<String> doubles = new ArrayList<>();
        places.forEach((name, same) -> {
            if (same.size() > 1 && !name.isEmpty()) {
                doubles.add("\"" + name + "\" (columns " + numbers(same) + ")");
            }
        });
        warnOf(
                warnings,
                doubles,
                "line " + line + " of " + file + " has columns with the same name: ",
                ". Each is a separate feature.");
    }

    /** @param used the columns that are features or labels */
    private void warnOfNameless(List<String> warnings, IntPredicate used) {
        List<String> nameless = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            int column = i;
            boolean isLabel = IntStream.of(labelColumns).anyMatch(label -> label == column);
            if (!used.test(i)) {
                continue;
            }
            if (columns.get(i).isEmpty()) {
                nameless.add((i + 1) + (isLabel ? ", the label (does each line end with a comma?)" : ""));
            } else if (columns.get(i).matches("Unnamed: [0-9]+(_level_[0-9]+)?")) { // nameless, read by pandas
                nameless.add((i + 1) + " (\"" + columns.get(i) + "\")");
            }
        }
        warnOf(
                warnings,
                nameless,
                "line " + line + " of " + file + " has columns without a name: ",
                ". A row index is learned like any other feature: remove it (pandas: to_csv(index=False)).");
    }

    private static void warnOf(List<String> warnings, List<String> found, String what, String advice) {
        if (!found.isEmpty()) {
            warnings.add(what
                    + found.stream().limit(MOST_WARNINGS).collect(Collectors.joining(", "))
                    + (found.size() > MOST_WARNINGS ? " and " + (found.size() - MOST_WARNINGS) + " others" : "")
                    + advice);
        }
    }

    private static boolean number(String name) {
        return !Float.isNaN(CsvTable.number(name));
    }

    private static String shown(String text) {
        String printable = text.replaceAll("\\p{Cc}", " ");
        return printable.length() <= MOST_SHOWN ? printable : printable.substring(0, MOST_SHOWN) + "...";
    }

    /** Names of all columns, without surrounding blanks. */
    List<String> columns() {
        return columns;
    }

    /** The label columns, in the requested order; empty if every column is a feature. */
    int[] labelColumns() {
        return labelColumns;
    }

    /**
     * Possible errors in the header, each a sentence with its line.
     *
     * @param used the columns that are features or labels
     */
    List<String> warnings(IntPredicate used) {
        List<String> all = new ArrayList<>(warnings);
        warnOfNameless(all, used);
        return all;
    }
}
