package io.millrace.comparison;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Measurements in Markdown: a row for each cell with the µs of every competitor, then how Millrace's first vector column compares:
 * the fastest foreign time divided by its own, its GFLOP/s and its share of the peak.
 */
final class MarkdownTable {
    private final Measurements measurements;
    private final List<Competitor> competitors;
    private final Competitor leading;

    MarkdownTable(Measurements measurements, List<Competitor> competitors) {
        this.measurements = measurements;
        this.competitors = competitors;
        List<Competitor> own = competitors.stream().filter(Competitor::millrace).toList();
        this.leading = own.stream()
                .filter(competitor -> !measurements.absences().containsKey(competitor))
                .findFirst()
                .orElse(own.get(0));
    }

    String of(List<Cell> cells) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(Stream.of(
                        Stream.of("network", "batch"),
                        competitors.stream().map(Competitor::name),
                        Stream.of("best other / " + leading.name(), "GFLOP/s", "% of peak"))
                .flatMap(column -> column)
                .toList());
        rows.add(rows.get(0).stream().map(column -> "---").toList());
        cells.forEach(cell -> rows.add(row(cell)));
        return rows.stream()
                .map(row -> row.stream().collect(Collectors.joining(" | ", "| ", " |\n")))
                .collect(Collectors.joining());
    }

    /** A line for each competitor that took no part, with the reason. */
    String absences() {
        return measurements.absences().entrySet().stream()
                .map(absence -> "Absent: " + absence.getKey().name() + ", " + absence.getValue() + "\n")
                .collect(Collectors.joining());
    }

    private List<String> row(Cell cell) {
        List<String> row = new ArrayList<>();
        row.add(cell.net().toString());
        row.add(cell.rows() == Cell.PREDICTION ? "1" : String.valueOf(cell.rows()));
        for (Competitor competitor : competitors) {
            OptionalDouble us = measurements.us(competitor, cell);
            row.add(us.isPresent() ? time(us.getAsDouble()) : "absent");
        }
        OptionalDouble own = measurements.us(leading, cell);
        if (own.isEmpty()) {
            row.addAll(List.of("", "", ""));
            return row;
        }
        row.add(competitors.stream()
                .filter(competitor -> !competitor.millrace())
                .flatMap(
                        competitor -> measurements.us(competitor, cell).stream().boxed())
                .min(Comparator.naturalOrder())
                .map(us -> format("%.2f", us / own.getAsDouble()))
                .orElse(""));
        double gflops = cell.flops() / own.getAsDouble() / 1e3;
        row.add(format("%.1f", gflops));
        row.add(format("%.0f", 100 * gflops / measurements.peak()));
        return row;
    }

    private static String time(double us) {
        return format(us < 10 ? "%.2f" : us < 100 ? "%.1f" : "%.0f", us);
    }

    private static String format(String pattern, double value) {
        return String.format(Locale.ROOT, pattern, value);
    }
}
