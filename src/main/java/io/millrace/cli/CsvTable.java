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
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
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
    private final int labelColumn; // -1: no label, every column is a feature

    private CsvTable(Path file, CsvReader<CsvRecord> reader, String label, boolean labelled) {
        this.file = file;
        this.reader = reader;
        records = reader.iterator();
        if (!reading(file, records::hasNext)) {
            throw new UsageException(file + " is empty; it needs a header row.");
        }
        columns = List.copyOf(reading(file, records::next).getFields());
        labelColumn = labelled ? labelColumn(file, columns, label) : -1;
    }

    /**
     * Opens a file of examples.
     *
     * @param label name of the label's column; null for the last one
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

    private static int labelColumn(Path file, List<String> columns, String label) {
        int index = label == null ? columns.size() - 1 : columns.indexOf(label);
        if (index < 0) {
            throw new UsageException(
                    file + " has no column \"" + label + "\"; it has " + String.join(", ", columns) + ".");
        }
        if (columns.size() < 2) {
            throw new UsageException(file + " has one column, " + columns.get(0) + "; it needs features and a label.");
        }
        return index;
    }

    /** Name of the label's column. */
    String labelName() {
        return columns.get(labelColumn);
    }

    /** Number of features of a whole row. */
    int features() {
        return labelColumn < 0 ? columns.size() : columns.size() - 1;
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
        boolean hasLabel = labelColumn >= 0 && labelColumn < row.getFieldCount();
        float[] features = new float[row.getFieldCount() - (hasLabel ? 1 : 0)];
        for (int i = 0, j = 0; i < row.getFieldCount(); i++) {
            if (i != labelColumn) {
                features[j++] = number(row.getField(i));
            }
        }
        return new LabelledRow(features, hasLabel ? row.getField(labelColumn).strip() : "");
    }

    private static float number(String text) {
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
