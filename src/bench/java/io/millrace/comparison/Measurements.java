package io.millrace.comparison;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** All that the children have said. */
final class Measurements {
    private record Place(Competitor competitor, Cell cell) {}

    private final Map<Place, List<Double>> us = new HashMap<>();
    private final List<Double> peaks = new ArrayList<>();
    private final Map<Competitor, String> absences = new LinkedHashMap<>();

    void add(Competitor competitor, Cell cell, double microseconds) {
        us.computeIfAbsent(new Place(competitor, cell), place -> new ArrayList<>())
                .add(microseconds);
    }

    void addPeak(double gflops) {
        peaks.add(gflops);
    }

    /** Notes that a competitor takes no part, or no part any more. */
    void absent(Competitor competitor, String reason) {
        absences.put(competitor, reason);
    }

    Map<Competitor, String> absences() {
        return absences;
    }

    /** The median over the rounds in µs, if the competitor did that cell. */
    OptionalDouble us(Competitor competitor, Cell cell) {
        List<Double> rounds = us.get(new Place(competitor, cell));
        return rounds == null ? OptionalDouble.empty() : OptionalDouble.of(median(rounds));
    }

    /** The median of the measured peaks in GFLOP/s. */
    double peak() {
        return median(peaks);
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
