package io.millrace.cli.csv;

import io.millrace.cli.console.UsageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * A CSV file with a header row, read row by row. No row stops the reading. A row that cannot be read, or is not an
 * example, has a fault and features that the learner refuses, so that it ends up in the dead letters like any other bad
 * example.
 */
public final class CsvTable implements Iterable<LabelledRow>, AutoCloseable {
    private static final int MOST_SHOWN = 40;
    private static final int MOST_LABEL = 10_000;

    private final Path file;
    private final CsvRecords records;
    private final CsvHeader header;
    private final List<String> columns;
    private final int[] labelColumns; // empty if every column is a feature
    private int[] featureColumns;
    private boolean[] commas; // of each column: whether its numbers have decimal commas
    private FileRecord layout; // of a row; null if the features are an array of numbers
    private CsvRecords.Fields next;
    private boolean ahead; // whether next has been read: only on demand, because a pipe may pause

    private CsvTable(Path file, CsvDialect dialect, String label, boolean labelled) {
        this.file = file;
        this.records = open(file, dialect);
        CsvRecords.Fields first = read();
        if (first == null) {
            throw new UsageException(
                    file + " is empty; it needs " + (dialect.header() ? "a header row." : "at least one row."));
        }
        next = dialect.header() ? read() : first;
        ahead = true;
        header = new CsvHeader(file, dialect, dialect.header() ? first : numbered(first), next, labelled, label);
        columns = header.columns();
        labelColumns = header.labelColumns();
        featureColumns = others(columns.size());
        commas = new boolean[columns.size()];
    }

    /**
     * Opens a file of examples.
     *
     * @param label name of the label column, or several names separated by commas; null for the last column
     */
    public static CsvTable labelled(Path file, String label) {
        return labelled(file, CsvDialect.STANDARD, label);
    }

    /** Opens a file of examples in any dialect. */
    static CsvTable labelled(Path file, CsvDialect dialect, String label) {
        return new CsvTable(file, dialect, label, true);
    }

    /** Opens a file of features. */
    public static CsvTable unlabelled(Path file) {
        return new CsvTable(file, CsvDialect.STANDARD, null, false);
    }

    /**
     * The number of rows in a file with a header.
     *
     * @param limit reads no further than this many rows
     * @return at most the limit; -1 if it cannot be told before the rows are read
     */
    public static long rows(Path file, long limit) {
        return CsvSource.count(file, () -> {
            try (CsvRecords records = open(file, CsvDialect.STANDARD)) {
                long rows = -1;
                while (rows < limit && records.next() != null) {
                    rows++;
                }
                return rows;
            }
        });
    }

    private static CsvRecords open(Path file, CsvDialect dialect) {
        try {
            return new CsvRecords(new CsvLines(CsvSource.open(file), dialect.charset()), dialect);
        } catch (IOException e) {
            throw CsvSource.unreadable(file, e);
        }
    }

    /** The header of a file without one. */
    private static CsvRecords.Fields numbered(CsvRecords.Fields first) {
        List<String> names = IntStream.rangeClosed(1, first.fields().size())
                .mapToObj(column -> "c" + column)
                .toList();
        return new CsvRecords.Fields(first.line(), first.text(), names, first.fault());
    }

    /**
     * Chooses the features.
     *
     * @param features indices of their columns, ascending; none is a label
     * @param decimalCommas of each column: whether its numbers have decimal commas
     * @param record of a row; null if features are an array of numbers
     * @return this table
     */
    CsvTable with(int[] features, boolean[] decimalCommas, FileRecord record) {
        featureColumns = features;
        commas = decimalCommas;
        layout = record;
        return this;
    }

    private CsvRecords.Fields read() {
        try {
            return records.next();
        } catch (IOException e) {
            throw CsvSource.unreadable(file, e);
        }
    }

    /** Names of the label columns, in the requested order. */
    public List<String> labels() {
        return IntStream.of(labelColumns).mapToObj(columns::get).toList();
    }

    /** Indices of the label columns, in the requested order. */
    int[] labelColumns() {
        return labelColumns;
    }

    /** Names of all columns, without surrounding blanks. */
    List<String> columns() {
        return columns;
    }

    /** Possible errors in the header, each a sentence with its line. */
    public List<String> warnings() {
        IntPredicate used = column -> IntStream.concat(IntStream.of(labelColumns), IntStream.of(featureColumns))
                .anyMatch(i -> i == column);
        return header.warnings(used);
    }

    /** Number of features in a complete row. */
    public int features() {
        return featureColumns.length;
    }

    /** The next row as it is in the file; null after the last. */
    CsvRecords.Fields nextFields() {
        CsvRecords.Fields fields = ahead ? next : read();
        ahead = false;
        return fields;
    }

    @Override
    public Iterator<LabelledRow> iterator() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                if (!ahead) {
                    next = read();
                    ahead = true;
                }
                return next != null;
            }

            @Override
            public LabelledRow next() {
                if (!hasNext()) {
                    throw new NoSuchElementException(file + " has no more rows");
                }
                ahead = false;
                return row(next);
            }
        };
    }

    private LabelledRow row(CsvRecords.Fields record) {
        List<String> fields = record.fields();
        if (record.fault() != null) {
            return unread(record.line(), record.fault());
        }
        List<String> labels = new ArrayList<>(labelColumns.length);
        for (int column : labelColumns) {
            boolean there = column < fields.size(); // else the row is too short
            labels.add(there ? cell(fields, column) : "");
        }
        String fault = fields.size() == columns.size() ? null : fields.size() + " columns instead of " + columns.size();
        for (String label : labels) {
            if (label.length() > MOST_LABEL) { // may be too large for a record
                return unread(record.line(), "the label has " + label.length() + " characters");
            }
        }
        if (layout != null) {
            return fault == null ? layout.row(fields, labels, record.line()) : unread(record.line(), fault);
        }
        boolean all = featureColumns.length + labelColumns.length == columns.size();
        int[] used = fault == null ? featureColumns : others(fields.size());
        if (fault != null && !all || used.length > columns.size()) { // may look complete; or may be too large, too
            return unread(record.line(), fault);
        }
        float[] numbers = new float[used.length];
        for (int i = 0; i < used.length; i++) {
            numbers[i] = number(cell(fields, used[i]));
            if (fault == null && !Float.isFinite(numbers[i])) {
                fault = name(used[i]) + " " + noNumber(fields.get(used[i]));
            }
        }
        return new LabelledRow(numbers, labels, record.line(), fault);
    }

    /** The columns that are no labels in a row of any width. */
    private int[] others(int width) {
        return IntStream.range(0, width)
                .filter(column -> IntStream.of(labelColumns).noneMatch(label -> label == column))
                .toArray();
    }

    /** A cell without surrounding blanks, and with a decimal point if its column has decimal commas. */
    private String cell(List<String> fields, int column) {
        String cell = Blanks.strip(fields.get(column));
        return column < commas.length && commas[column] ? Numerals.withPoint(cell) : cell;
    }

    /** A row without features, which every learner refuses. */
    private LabelledRow unread(long line, String fault) {
        return new LabelledRow(new float[0], Collections.nCopies(labelColumns.length, ""), line, fault);
    }

    private String name(int column) {
        return columns.get(column).isEmpty() ? "column " + (column + 1) : "column \"" + columns.get(column) + "\"";
    }

    private static String noNumber(String cell) {
        String text = Blanks.strip(cell);
        String shown = text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "...";
        return text.isEmpty()
                ? "is empty"
                : "holds \"" + shown.replaceAll("\\p{Cc}", "?") + "\", which is not a finite number";
    }

    /** A cell as a number, with or without surrounding blanks; NaN if it is not a number. */
    static float number(String cell) {
        String text = Blanks.strip(cell);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E') {
                return Float.NaN; // parseFloat would also accept 1f, 1d and 0x1p3
            }
        }
        try {
            return text.isEmpty() ? Float.NaN : Float.parseFloat(text);
        } catch (NumberFormatException e) {
            return Float.NaN;
        }
    }

    /** The first rows; the file is closed after the last of them. */
    public Iterator<LabelledRow> limited(long most) {
        Iterator<LabelledRow> all = iterator();
        return new Iterator<>() {
            private long left = most;

            @Override
            public boolean hasNext() {
                boolean more = left > 0 && all.hasNext();
                if (!more) {
                    close();
                }
                return more;
            }

            @Override
            public LabelledRow next() {
                left--;
                return all.next();
            }
        };
    }

    @Override
    public void close() {
        try {
            records.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
