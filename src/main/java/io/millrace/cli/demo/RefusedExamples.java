package io.millrace.cli.demo;

import io.millrace.cli.csv.LabelledRow;
import io.millrace.topology.record.DeadLetterInfo;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** The refused examples, grouped by reason, with the first record of each group. */
final class RefusedExamples {
    private static final int MOST_SHOWN = 12;
    private static final int MOST_KINDS = 1000; // causes may come from other programs
    private static final int MOST_TEXT = 150;

    private static final class Kind {
        private final String first;
        private long count;

        private Kind(String first) {
            this.first = first;
        }
    }

    private final Map<String, Kind> kinds = new LinkedHashMap<>();
    private long count;

    /** Adds a dead letter. */
    void add(DeadLetterInfo refusal, Headers headers) {
        count++;
        String line = line(headers);
        int colon = line.indexOf(": ");
        // for a row that cannot be read, the CSV reader gives a more exact reason than the learner
        String reason = colon < 0 ? refusal.cause() : line.substring(colon + 2);
        String place = line.isEmpty()
                ? refusal.topic() + "-" + refusal.partition() + "@" + refusal.offset()
                : colon < 0 ? line : line.substring(0, colon);
        String kind = kind(reason);
        if (kinds.size() >= MOST_KINDS) {
            kinds.putIfAbsent(kind = "other", new Kind("of other kinds"));
        }
        kinds.computeIfAbsent(kind, key -> new Kind(printable(reason) + " (first: " + place + ")")).count++;
    }

    private static String line(Headers headers) {
        Header header = headers.lastHeader(LabelledRow.HEADER);
        return header == null || header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    /** The reason without the numbers and texts that differ between records. */
    private static String kind(String reason) {
        return reason.replaceAll("\"[^\"]*\"", "\"\"").replaceAll("-?[0-9][0-9.,]*(E-?[0-9]+)?", "0");
    }

    /** Makes a text safe for a terminal: no control characters, limited length. */
    private static String printable(String reason) {
        String text = reason.replaceAll("\\p{Cc}", "?");
        return text.length() <= MOST_TEXT ? text : text.substring(0, MOST_TEXT) + "...";
    }

    long count() {
        return count;
    }

    /** Number of records of each group, by its first reason, most frequent first. */
    Map<String, Long> reasons() {
        Map<String, Long> reasons = new LinkedHashMap<>();
        sorted().forEach(kind -> reasons.put(kind.first, kind.count));
        return reasons;
    }

    private List<Kind> sorted() {
        return kinds.values().stream()
                .sorted(Comparator.comparingLong((Kind kind) -> kind.count).reversed())
                .toList();
    }

    void print(PrintWriter out) {
        List<Kind> sorted = sorted();
        sorted.stream()
                .limit(MOST_SHOWN)
                .forEach(kind -> out.println(String.format(Locale.ROOT, "%9d  %s", kind.count, kind.first)));
        if (sorted.size() > MOST_SHOWN) {
            long rest = sorted.stream()
                    .skip(MOST_SHOWN)
                    .mapToLong(kind -> kind.count)
                    .sum();
            out.println(String.format(Locale.ROOT, "%9d  of %d other kinds", rest, sorted.size() - MOST_SHOWN));
        }
    }
}
