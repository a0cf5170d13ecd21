package io.millrace.cli.demo;

import java.util.List;

/** A curve as one line of text. */
final class Sparkline {
    private static final String LEVELS = "▁▂▃▄▅▆▇█";
    private static final int WIDTH = 60;

    private Sparkline() {}

    /** Means over up to {@value #WIDTH} parts, scaled from the lowest to the highest mean. */
    static String of(List<Double> values) {
        int width = Math.min(WIDTH, values.size());
        double[] means = new double[width];
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < width; i++) {
            List<Double> stretch =
                    values.subList((int) ((long) i * values.size() / width), (int) ((i + 1L) * values.size() / width));
            means[i] =
                    stretch.stream().mapToDouble(Double::doubleValue).average().orElse(0);
            low = Math.min(low, means[i]);
            high = Math.max(high, means[i]);
        }
        StringBuilder line = new StringBuilder();
        for (double mean : means) {
            double height = high > low ? (mean - low) / (high - low) : 0;
            line.append(LEVELS.charAt((int) Math.round(height * (LEVELS.length() - 1))));
        }
        return line.toString();
    }
}
