package io.millrace.cli;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A CSV file with a header row, read row by row. A cell that is no number becomes NaN, and a short row gives fewer features: such
 * an example is refused where all examples are judged, by the learner, and kept as a dead letter.
 */
final class CsvTable implements Iterable<LabelledRow>, AutoCloseable {
    private static final int GZIP_MAGIC = 0x1f8b;
    private static final int MOST_COLUMNS = 1_000_000;

    private final Path file;
    private final CsvReader<CsvRecord> reader;
    private final Iterator<CsvRecord> records;
    private final List<String> columns;
    private final int[] labelColumns; // empty: every column is a feature

    private CsvTable(Path file, CsvReader<CsvRecord> reader, String label, boolean labelled) {
        this.file = file;
        this.reader = reader;
        records = reader.iterator();
        if (!reading(file, records::hasNext)) {
            throw new UsageException(file + " is empty; it needs a header row.");
        }
        columns = List.copyOf(reading(file, records::next).getFields());
        labelColumns = labelled ? labelColumns(file, columns, label) : new int[0];
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

    private static CsvReader<CsvRecord> open(Path file) {
        try {
            InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
            in.mark(2);
            int magic = in.read() << 8 | in.read();
            in.reset();
            InputStream plain = magic == GZIP_MAGIC ? new GZIPInputStream(in, 1 << 16) : in;
            return reading(file, () -> parser(plain));
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static CsvReader<CsvRecord> parser(InputStream plain) {
        return CsvReader.builder()
                .detectBomHeader(true) // spreadsheets write one
                .allowUnclosedQuote(false) // it would swallow all rows that follow
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .build(CsvRecordHandler.builder().maxFields(MOST_COLUMNS).build(), plain, StandardCharsets.UTF_8);
    }

    /** Takes a step that reads the file, and says what is wrong with the file if it fails. */
    private static <T> T reading(Path file, Supplier<T> step) {
        try {
            return step.get();
        } catch (UncheckedIOException e) {
            throw unreadable(file, e.getCause());
        } catch (CsvParseException e) {
            String advice = e.getMessage().contains("quot")
                    ? "Mend the quotes there; one that belongs to a text is written twice."
                    : "Mend it there.";
            throw new UsageException(file + " cannot be read as CSV: " + e.getMessage() + ". " + advice, e);
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
                return reading(file, records::hasNext);
            }

            @Override
            public LabelledRow next() {
                return row(reading(file, records::next));
            }
        };
    }

    private LabelledRow row(CsvRecord row) {
        List<String> labels = new ArrayList<>(labelColumns.length);
        boolean[] isLabel = new boolean[row.getFieldCount()];
        int features = row.getFieldCount();
        for (int column : labelColumns) {
            boolean there = column < row.getFieldCount(); // else the row is too short
            labels.add(there ? row.getField(column).strip() : "");
            if (there) {
                isLabel[column] = true;
                features--;
            }
        }
        float[] numbers = new float[features];
        for (int i = 0, j = 0; i < isLabel.length; i++) {
            if (!isLabel[i]) {
                numbers[j++] = number(row.getField(i));
            }
        }
        return new LabelledRow(numbers, labels);
    }

    /** A cell as a number; NaN if it is none. */
    static float number(String text) {
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
            reader.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
