package io.millrace.cli.csv;

import io.millrace.cli.inference.FieldSample;
import io.millrace.cli.inference.InferredField;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The columns of a file as a table of text that fits a terminal. */
final class ColumnOverview {
    private static final int WIDTH = 80;
    private static final int MOST_NAME = 24;
    private static final int MOST_TYPE = 26;
    private static final int MOST_ROWS = 24;
    private static final int LAST_ROWS = 3; // the label is often the last one

    /**
     * A line of the table.
     *
     * @param rest what stands behind the name instead of the other cells; null if it is made of them
     */
    private record Row(String name, String type, String missing, String distinct, String example, String rest) {}

    private ColumnOverview() {}

    /**
     * The title, a line for each remark, and a line for each column, or for the first and last ones of many.
     *
     * @param numeric whether all features are plain numbers
     */
    static List<String> lines(String title, List<String> remarks, List<CsvColumns.Column> columns, boolean numeric) {
        List<Row> rows = new ArrayList<>();
        rows.add(new Row("column", "type", "missing", "distinct", "example", null));
        int cut = columns.size() > MOST_ROWS ? columns.size() - LAST_ROWS : columns.size();
        int shown = Math.min(cut, MOST_ROWS - LAST_ROWS);
        for (int i = 0; i < columns.size(); i++) {
            if (i < shown || i >= cut || columns.get(i).label()) {
                rows.add(row(columns.get(i), numeric));
            } else if (i == shown) {
                rows.add(new Row("...", "", "", "", "", others(columns.subList(shown, cut))));
            }
        }
        int name = rows.stream().mapToInt(row -> row.name().length()).max().orElse(0);
        int type = rows.stream().mapToInt(row -> row.type().length()).max().orElse(0);
        List<String> lines = new ArrayList<>(List.of(title));
        remarks.forEach(remark -> lines.add("- " + remark));
        lines.add("");
        for (Row row : rows) {
            String rest = row.rest() != null
                    ? row.rest()
                    : String.format(
                            Locale.ROOT,
                            "%-" + type + "s  %7s  %8s  %s",
                            row.type(),
                            row.missing(),
                            row.distinct(),
                            row.example());
            String line = String.format(Locale.ROOT, "%-" + name + "s  %s", row.name(), rest);
            lines.add(shortened(line.stripTrailing(), WIDTH));
        }
        return lines;
    }

    private static Row row(CsvColumns.Column column, boolean numeric) {
        FieldSample sample = column.sample();
        InferredField field = column.field();
        String name = shortened(printable(sample.name()), MOST_NAME);
        if (!column.label() && !column.used()) {
            return new Row(name, "", "", "", "", "left out: it " + printable(field.reason()));
        }
        String declared = column.label() ? "the label" : numeric ? "number" : field.type();
        return new Row(
                name,
                shortened(printable(declared) + (!column.label() && field.optional() ? " ?" : ""), MOST_TYPE),
                String.valueOf(sample.records() - sample.values()),
                sample.distinct() + (sample.moreDistinct() ? "+" : ""),
                printable(sample.example()),
                null);
    }

    /** What is not shown of many columns. */
    private static String others(List<CsvColumns.Column> columns) {
        long leftOut = columns.stream()
                .filter(column -> !column.used() && !column.label())
                .count();
        return columns.size() + " other columns" + (leftOut == 0 ? "" : ", of which " + leftOut + " are left out");
    }

    private static String printable(String text) {
        return text.replaceAll("\\p{Cc}", " ");
    }

    private static String shortened(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most - 3) + "...";
    }
}
