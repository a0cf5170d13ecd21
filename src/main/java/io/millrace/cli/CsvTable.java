package io.millrace.cli;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A CSV file with a header row, read row by row. No row stops the reading: one that cannot be read, or holds no example, comes with its
 * fault and with features that the learner refuses, so that it is kept as a dead letter where all examples are judged.
 */
final class CsvTable implements Iterable<LabelledRow>, AutoCloseable {
    private static final int GZIP_MAGIC = 0x1f8b;
    private static final int MOST_SHOWN = 40;
    private static final int MOST_LABEL = 10_000;

    private final Path file;
    private final CsvRecords records;
    private final List<String> columns;
    private final int[] labelColumns; // empty: every column is a feature
    private CsvRecords.Fields next;

    private CsvTable(Path file, CsvRecords records, String label, boolean labelled) {
        this.file = file;
        this.records = records;
        CsvRecords.Fields header = read();
        if (header == null) {
            throw new UsageException(file + " is empty; it needs a header row.");
        }
        if (header.fault() != null) {
            throw new UsageException(file + " cannot be read as CSV: in its header row (line " + header.line() + ") "
                    + header.fault() + ". Mend it there.");
        }
        columns = List.copyOf(header.fields());
        labelColumns = labelled ? labelColumns(file, columns, label) : new int[0];
        next = read();
    }

    /**
     * Opens a file of examples.
     *
     * @param label name of the label's column, or of several with commas between them; null for the last one
     */
    static CsvTable labelled(Path file, String label) {
        return new CsvTable(file, open(file), label, true);
    }

    /** Opens a file of features. */
    static CsvTable unlabelled(Path file) {
        return new CsvTable(file, open(file), null, false);
    }

    private static CsvRecords open(Path file) {
        try {
            InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
            in.mark(2);
            int magic = in.read() << 8 | in.read();
            in.reset();
            return new CsvRecords(new CsvLines(magic == GZIP_MAGIC ? new GZIPInputStream(in, 1 << 16) : in));
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private CsvRecords.Fields read() {
        try {
            return records.next();
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static UsageException unreadable(Path file, IOException fault) {
        if (fault instanceof NoSuchFileException) {
            return new UsageException("There is no file " + file + ".", fault);
        }
        String why = fault.getMessage();
        if (fault instanceof AccessDeniedException) {
            why = "this user may not read it";
        } else if (fault instanceof EOFException || fault instanceof ZipException) {
            why = "its gzip data are cut off or damaged; fetch the file again";
        }
        return new UsageException(file + " cannot be read: " + why + ".", fault);
    }

    private static int[] labelColumns(Path file, List<String> columns, String label) {
        int[] found;
        if (label == null) {
            found = new int[] {columns.size() - 1};
        } else if (columns.contains(label)) { // a comma may be a part of the name
            found = new int[] {columns.indexOf(label)};
        } else {
            found = Stream.of(label.split(","))
                    .map(String::strip)
                    .mapToInt(name -> column(file, columns, name))
                    .toArray();
        }
        if (IntStream.of(found).distinct().count() < found.length) {
            throw new UsageException("--label " + label + " names a column twice.");
        }
        if (columns.size() <= found.length) {
            throw new UsageException(file + " has " + (columns.size() == 1 ? "one column, " : "no other columns than ")
                    + String.join(", ", columns) + "; it needs features and a label.");
        }
        return found;
    }

    private static int column(Path file, List<String> columns, String name) {
        int index = columns.indexOf(name);
        if (index < 0) {
            throw new UsageException(
                    file + " has no column \"" + name + "\"; it has " + String.join(", ", columns) + ".");
        }
        return index;
    }

    /** Names of the columns of labels, in the order in which they were asked for. */
    List<String> labels() {
        return IntStream.of(labelColumns).mapToObj(columns::get).toList();
    }

    /** Number of features of a whole row. */
    int features() {
        return columns.size() - labelColumns.length;
    }

    @Override
    public Iterator<LabelledRow> iterator() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return next != null;
            }

            @Override
            public LabelledRow next() {
                if (next == null) {
                    throw new NoSuchElementException(file + " has no more rows");
                }
                LabelledRow row = row(next);
                next = read();
                return row;
            }
        };
    }

    private LabelledRow row(CsvRecords.Fields record) {
        List<String> fields = record.fields();
        if (record.fault() != null) {
            return unread(record.line(), record.fault());
        }
        List<String> labels = new ArrayList<>(labelColumns.length);
        boolean[] isLabel = new boolean[fields.size()];
        int features = fields.size();
        for (int column : labelColumns) {
            boolean there = column < fields.size(); // else the row is too short
            labels.add(there ? fields.get(column).strip() : "");
            if (there) {
                isLabel[column] = true;
                features--;
            }
        }
        String fault = fields.size() == columns.size() ? null : fields.size() + " columns instead of " + columns.size();
        for (String label : labels) {
            if (label.length() > MOST_LABEL) { // too large for a record, maybe
                return unread(record.line(), "the label has " + label.length() + " characters");
            }
        }
        if (features > columns.size()) { // likewise
            return unread(record.line(), fault);
        }
        float[] numbers = new float[features];
        for (int i = 0, j = 0; i < isLabel.length; i++) {
            if (!isLabel[i]) {
                numbers[j] = number(fields.get(i));
                if (fault == null && !Float.isFinite(numbers[j])) {
                    fault = "column \"" + columns.get(i) + "\" " + noNumber(fields.get(i));
                }
                j++;
            }
        }
        return new LabelledRow(numbers, labels, record.line(), fault);
    }

    /** A row without features, which every learner refuses. */
    private LabelledRow unread(long line, String fault) {
        return new LabelledRow(new float[0], Collections.nCopies(labelColumns.length, ""), line, fault);
    }

    private static String noNumber(String text) {
        String shown = text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "...";
        return text.isBlank()
                ? "is empty"
                : "holds \"" + shown.replaceAll("\\p{Cc}", "?") + "\", which is no number that is finite";
    }

    /** A cell as a number; NaN if it is none. */
    static float number(String text) {
        if (text.isEmpty() || Character.isLetter(text.charAt(text.length() - 1))) {
            return Float.NaN; // Java's 1f and 1d, too
        }
        try {
            return Float.parseFloat(text);
        } catch (NumberFormatException e) {
            return Float.NaN;
        }
    }

    /** The first rows; the file is closed after the last of them. */
    Iterator<LabelledRow> limited(long most) {
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
