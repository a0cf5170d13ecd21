package io.millrace.watch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * A curve in lines of block characters. A column has the examples of its share of the stream. It shows one of their numbers: the one that
 * differs most from the column before, so that a short peak or dip is seen.
 */
final class TextChart {
    private static final String LEVELS = " ▁▂▃▄▅▆▇█";
    private static final int STEPS = LEVELS.length() - 1; // of a character

    private final long first;
    private final long last;
    private final double[] columns; // NaN before the first number

    /**
     * @param points in order
     * @param number of a point; NaN where it has none
     * @param width characters
     */
    TextChart(List<Point> points, ToDoubleFunction<Point> number, int width) {
        first = points.isEmpty() ? 0 : points.get(0).examples();
        last = points.isEmpty() ? 0 : points.get(points.size() - 1).examples();
        columns = new double[width];
        Arrays.fill(columns, Double.NaN);
        double before = Double.NaN;
        int at = -1;
        for (Point point : points) {
            double value = number.applyAsDouble(point);
            if (Double.isNaN(value)) {
                continue;
            }
            int column = column(point.examples());
            if (column != at) {
                before = at < 0 ? value : columns[at];
                for (int between = at + 1; at >= 0 && between < column; between++) {
                    columns[between] = before;
                }
                at = column;
                columns[at] = value;
            } else if (Math.abs(value - before) > Math.abs(columns[at] - before)) {
                columns[at] = value;
            }
        }
    }

    /** The column of a number of examples; outside of the curve, the nearest one. */
    int column(long examples) {
        return (int) Math.round((last == first ? 1 : share(examples - first, last - first)) * (columns.length - 1));
    }

    private static double share(double part, double all) {
        return all > 0 ? Math.max(0, Math.min(1, part / all)) : 0;
    }

    /** The lowest number shown; NaN without numbers. */
    double low() {
        return shown().min().orElse(Double.NaN);
    }

    /** The highest number shown; NaN without numbers. */
    double high() {
        return shown().max().orElse(Double.NaN);
    }

    private DoubleStream shown() {
        return Arrays.stream(columns).filter(Double::isFinite);
    }

    /**
     * The curve, from the lowest number to the highest.
     *
     * @param height lines
     * @return from the top, each as wide as the chart
     */
    List<String> lines(int height) {
        double low = low();
        double span = high() - low;
        int[] filled = Arrays.stream(columns)
                .mapToInt(value ->
                        Double.isNaN(value) ? 0 : 1 + (int) Math.round(share(value - low, span) * (height * STEPS - 1)))
                .toArray();
        List<String> lines = new ArrayList<>();
        for (int line = height - 1; line >= 0; line--) {
            int below = line * STEPS;
            StringBuilder text = new StringBuilder();
            IntStream.of(filled)
                    .forEach(steps -> text.append(LEVELS.charAt(Math.max(0, Math.min(STEPS, steps - below)))));
            lines.add(text.toString());
        }
        return lines;
    }
}
