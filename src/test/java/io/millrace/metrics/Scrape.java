package io.millrace.metrics;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/** What a scrape of {@code /metrics} gives. */
public final class Scrape {
    private final String text;
    private final Map<String, Double> values = new TreeMap<>();

    /** @param text as {@code /metrics} answers */
    public Scrape(String text) {
        this.text = text;
        text.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            int space = line.lastIndexOf(' ');
            values.put(
                    line.substring(0, space),
                    Double.valueOf(line.substring(space + 1).replace("+Inf", "Infinity")));
        });
    }

    /** Of the metrics of a topology without brokers. */
    public static Scrape of(String role, Map<MetricName, ? extends Metric> metrics) {
        return of(new MetricSource(role, Set.of(), metrics));
    }

    static Scrape of(MetricSource... sources) {
        return new Scrape(new String(new PrometheusText(() -> List.of(sources)).write(), StandardCharsets.UTF_8));
    }

    public String text() {
        return text;
    }

    /** Value by series, written as in the text: the labels by their names. */
    public Map<String, Double> values() {
        return values;
    }

    /** The value of a series; fails if there is none. */
    public double value(String series) {
        Double value = values.get(series);
        if (value == null) {
            throw new AssertionError("no " + series + " in\n" + text);
        }
        return value;
    }

    /** Sum over all labels. */
    public double sum(String name) {
        return values.entrySet().stream()
                .filter(entry -> entry.getKey().equals(name) || entry.getKey().startsWith(name + "{"))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }
}
