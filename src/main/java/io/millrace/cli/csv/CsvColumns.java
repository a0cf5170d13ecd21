package io.millrace.cli.csv;

import io.millrace.cli.console.UsageException;
import io.millrace.cli.inference.FieldInference;
import io.millrace.cli.inference.FieldKind;
import io.millrace.cli.inference.FieldSample;
import io.millrace.cli.inference.InferredField;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A file of examples of any kind: how it is written, what is in each column, and which columns enter a model. */
public final class CsvColumns {
    private static final int MOST_DISTINCT = 10_000;
    private static final int LEAST_DISTINCT = 100;
    private static final int DISTINCT_IN_ALL = 2_000_000; // whatever the number of columns

    /**
     * A column.
     *
     * @param field what its values are; null for a label
     * @param sample what was counted of its values
     * @param used whether it is a feature
     */
    record Column(InferredField field, FieldSample sample, boolean used) {
        boolean label() {
            return field == null;
        }
    }

    private final Path file;
    private final String label;
    private final CsvDialect dialect;
    private final long rows;
    private final List<Column> columns;
    private final boolean[] commas;
    private final List<String> remarks;
    private final boolean numeric;
    private final FileRecord record;

    private CsvColumns(
            Path file,
            String label,
            String task,
            CsvDialect dialect,
            long rows,
            List<FieldSample> samples,
            int[] labelColumns,
            boolean[] commas) {
        boolean[] isLabel = new boolean[samples.size()];
        IntStream.of(labelColumns).forEach(column -> isLabel[column] = true);
        this.file = file;
        this.rows = rows;
        this.label = label;
        this.dialect = dialect;
        this.commas = commas;
        remarks = new ArrayList<>(dialect.remarks());
        List<InferredField> fields = new ArrayList<>();
        for (int i = 0; i < samples.size(); i++) {
            fields.add(isLabel[i] ? null : FieldInference.of(samples.get(i)));
        }
        boolean unread = samples.get(0).records() == 0; // whatever it is, nothing can be learned
        numeric = unread
                || IntStream.range(0, samples.size())
                        .filter(i -> !isLabel[i] && !leftOut(fields.get(i), samples.get(i), true))
                        .allMatch(i -> numeric(samples.get(i)));
        columns = IntStream.range(0, samples.size())
                .mapToObj(i -> new Column(
                        fields.get(i), samples.get(i), !isLabel[i] && !leftOut(fields.get(i), samples.get(i), numeric)))
                .toList();
        if (columns.stream().noneMatch(Column::used)) {
            throw new UsageException(file + " has no column to learn from: "
                    + columns.stream()
                            .filter(column -> !column.label())
                            .limit(3)
                            .map(column -> "\"" + column.sample().name() + "\" "
                                    + column.field().reason())
                            .collect(Collectors.joining(", "))
                    + ".");
        }
        List<String> labels = IntStream.of(labelColumns)
                .mapToObj(column -> samples.get(column).name())
                .toList();
        record = numeric
                ? null
                : new FileRecord(
                        String.valueOf(file.getFileName()),
                        columns,
                        labelColumns,
                        commas,
                        new LabelCheck(task, labels, Set.of()));
    }

    /**
     * Reads the file, once for its encoding and once for its columns.
     *
     * @param label name of the label column, or several names separated by commas; null for the last column
     * @param task classification, multilabel or regression
     * @param options how it is written, as far as that is known
     * @param limit so many rows are read
     * @throws UsageException if it cannot be read, or its numbers can be read in two ways
     */
    public static CsvColumns survey(Path file, String label, String task, DialectOptions options, long limit) {
        CsvDialect dialect = CsvDialect.of(file, options);
        try (CsvTable table = CsvTable.labelled(file, dialect, label)) {
            int width = table.columns().size();
            boolean[] isLabel = new boolean[width];
            IntStream.of(table.labelColumns()).forEach(column -> isLabel[column] = true);
            int only = table.labelColumns().length == 1 ? table.labelColumns()[0] : -1;
            int mostDistinct = Math.max(LEAST_DISTINCT, Math.min(MOST_DISTINCT, DISTINCT_IN_ALL / width));
            List<FieldSample> samples = new ArrayList<>();
            List<DecimalCommas> commas = new ArrayList<>();
            for (String name : table.columns()) {
                samples.add(new FieldSample(name, mostDistinct));
                commas.add(new DecimalCommas());
            }
            CsvRecords.Fields row = table.nextFields();
            long rows = 0;
            for (; row != null && rows < limit; rows++, row = table.nextFields()) {
                if (row.fault() != null || row.fields().size() != width) {
                    samples.forEach(FieldSample::skip);
                    continue;
                }
                Object labelled =
                        only < 0 ? null : value(Blanks.strip(row.fields().get(only)));
                for (int i = 0; i < width; i++) {
                    String cell = Blanks.strip(row.fields().get(i));
                    Object value = value(cell);
                    samples.get(i).add(value, cell, isLabel[i] ? null : labelled);
                    if (value != null) {
                        commas.get(i).add(cell, value, row.line());
                    }
                }
            }
            return new CsvColumns(
                    file,
                    label,
                    task,
                    dialect,
                    rows,
                    samples,
                    table.labelColumns(),
                    decimalCommas(file, dialect, table.columns(), commas));
        }
    }

    /** A number, also with a decimal comma, or a text; null if the cell has no value. */
    private static Object value(String cell) {
        if (Missing.is(cell)) {
            return null;
        }
        Number number = Numerals.value(Numerals.comma(cell) ? Numerals.withPoint(cell) : cell);
        return number == null ? cell : number;
    }

    private static boolean[] decimalCommas(
            Path file, CsvDialect dialect, List<String> names, List<DecimalCommas> columns) {
        boolean free = dialect.separator() != ',';
        boolean certain = free && columns.stream().anyMatch(DecimalCommas::certain);
        boolean[] found = new boolean[names.size()];
        for (int i = 0; i < found.length; i++) {
            DecimalCommas column = columns.get(i);
            found[i] = certain && column.present() && column.possible();
            if (column.present() && !found[i] || certain && column.perhapsThousands()) {
                throw new UsageException("The column \"" + names.get(i) + "\" of " + file + " holds " + column.first()
                        + ": the mark within the number may separate thousands or decimals. Write decimals with a"
                        + " point and thousands without a separator"
                        + (free ? "." : ", or separate the columns with semicolons."));
            }
        }
        return found;
    }

    /** Whether floats hold all its values as they hold those of an {@code Example}. */
    private static boolean numeric(FieldSample sample) {
        return sample.numeric() && sample.values() == sample.records() && sample.floatsHold();
    }

    /** A file of numbers keeps columns that say nothing: it gives the bits that it always gave. */
    private static boolean leftOut(InferredField field, FieldSample sample, boolean numericFile) {
        boolean useless = field.kind() == FieldKind.CONSTANT || field.kind() == FieldKind.ID;
        return sample.records() > 0 && field.kind().leftOut() && !(useless && numericFile && numeric(sample));
    }

    /** Opens the file at its first row. A row is an array of numbers, or the record made for the file. */
    public CsvTable open() {
        int[] features = IntStream.range(0, columns.size())
                .filter(i -> columns.get(i).used())
                .toArray();
        return CsvTable.labelled(file, dialect, label).with(features, commas, record);
    }

    /** The record made for the file; null if it is {@link #numeric}. */
    public FileRecord record() {
        return record;
    }

    /**
     * Whether every feature is a number without gaps that floats hold, so that rows are {@code Example}s. A damaged row does
     * not count.
     */
    public boolean numeric() {
        return numeric;
    }

    /** Columns that should perhaps be no features, each a sentence. */
    public List<String> warnings() {
        return columns.stream()
                .filter(column -> column.used() && column.sample().countsRecords())
                .map(column -> "the column \"" + column.sample().name() + "\" of " + file + " counts the rows, from the"
                        + " first one on. It is learned as a feature: remove it if it is an index (pandas:"
                        + " to_csv(index=False)).")
                .toList();
    }

    /** The file, the columns and what was guessed, as lines of text. */
    public List<String> overview() {
        List<String> names = IntStream.range(0, commas.length)
                .filter(i -> commas[i])
                .mapToObj(i -> columns.get(i).sample().name())
                .toList();
        List<String> all = new ArrayList<>(remarks);
        if (!names.isEmpty()) {
            all.add("numbers have decimal commas: " + String.join(", ", names));
        }
        return ColumnOverview.lines(
                file.getFileName() + ", " + rows + " rows, " + columns.size() + " columns", all, columns, numeric);
    }
}
