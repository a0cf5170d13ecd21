package io.millrace.cli;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * A CSV file with a header row, read row by row. A cell that is no number becomes NaN, and a short row gives fewer features: such
 * an example is refused where all examples are judged, by the learner, and kept as a dead letter.
 */
final class CsvTable implements Iterable<LabelledRow>, AutoCloseable {
    private static final int GZIP_MAGIC = 0x1f8b;

    private final CsvReader<CsvRecord> reader;
    private final Iterator<CsvRecord> records;
    private final List<String> columns;
    private final int labelColumn; // -1: no label, every column is a feature

    private CsvTable(Path file, CsvReader<CsvRecord> reader, String label, boolean labelled) {
        this.reader = reader;
        records = reader.iterator();
        if (!records.hasNext()) {
            throw new UsageException(file + " is empty; it needs a header row.");
        }
        columns = List.copyOf(records.next().getFields());
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
            return CsvReader.builder()
                    .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                    .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                    .ofCsvRecord(new InputStreamReader(plain, StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            throw new UsageException("There is no file " + file + ".", e);
        } catch (IOException e) {
            throw new UsageException(file + " cannot be read: " + e.getMessage() + ".", e);
        }
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

    /** Number of features of a whole row. */
    int features() {
        return labelColumn < 0 ? columns.size() : columns.size() - 1;
    }

    @Override
    public Iterator<LabelledRow> iterator() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return records.hasNext();
            }

            @Override
            public LabelledRow next() {
                return row(records.next());
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
