package io.millrace.cli.csv;

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

    private record Row(String name, String type, String missing, String distinct, String example) {}

    private ColumnOverview() {}

    /**
     * The title, a line for each remark, and a line for each column, or for the first and last ones of many.
     *
     * @param numeric whether all features are plain numbers
     */
    static List<String> lines(String title, List<String> remarks, List<CsvColumns.Column> columns, boolean numeric) {
        List<String> lines = new ArrayList<>();
        lines.add(title);
        remarks.forEach(remark -> lines.add("- " + remark));
        lines.add("");
        List<Row> rows = new ArrayList<>();
        rows.add(new Row("column", "type", "missing", "distinct", "example"));
        int cut = columns.size() > MOST_ROWS ? columns.size() - LAST_ROWS : columns.size();
        int shown = Math.min(cut, MOST_ROWS - LAST_ROWS);
        for (int i = 0; i < columns.size(); i++) {
            CsvColumns.Column column = columns.get(i);
            if (i < shown || i >= cut || column.label()) {
                rows.add(row(column, numeric));
            } else if (i == shown) {
                rows.add(null);
            }
        }
        int name = rows.stream()
                .mapToInt(row -> row == null ? 0 : row.name().length())
                .max()
                .orElse(0);
        int type = rows.stream()
                .mapToInt(row -> row == null ? 0 : row.type().length())
                .max()
                .orElse(0);
        for (Row row : rows) {
            String line = row == null
                    ? hidden(columns.subList(shown, cut))
                    : String.format(
                            Locale.ROOT,
                            "%-" + name + "s  %-" + type + "s  %7s  %8s  %s",
                            row.name(),
                            row.type(),
                            row.missing(),
                            row.distinct(),
                            row.example());
            lines.add(shortened(line.stripTrailing(), WIDTH));
        }
        return lines;
    }

    private static Row row(CsvColumns.Column column, boolean numeric) {
        var sample = column.sample();
        String type = column.label()
                ? "the label"
                : !column.used()
                        ? "left out"
                        : numeric
                                ? "number"
                                : column.field().type() + (column.field().optional() ? " ?" : "");
        return new Row(
                shortened(printable(sample.name()), MOST_NAME),
                shortened(type, MOST_TYPE),
                String.valueOf(sample.records() - sample.values()),
                sample.distinct() + (sample.moreDistinct() ? "+" : ""),
                column.label() || column.used()
                        ? printable(sample.example())
                        : column.field().reason());
    }

    private static String hidden(List<CsvColumns.Column> columns) {
        long leftOut = columns.stream()
                .filter(column -> !column.used() && !column.label())
                .count();
        return "... and " + columns.size() + " others" + (leftOut == 0 ? "" : ", " + leftOut + " of them left out");
    }

    private static String printable(String text) {
        return text.replaceAll("\\p{Cc}", " ");
    }

    private static String shortened(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most - 3) + "...";
    }
}
