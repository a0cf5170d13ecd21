package io.millrace.watch;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How far each partition of the watched topics has been read: the id of a server-sent event. It means the same to another process that
 * watches the same topics.
 *
 * @param next by partition, such as {@code reports-0}, the offset after the last record that was used
 */
record Positions(Map<String, Long> next) {
    private static final Pattern ONE = Pattern.compile("([a-z]{1,20}-[0-9]{1,9}):([0-9]{1,18})(,|$)");
    private static final int MOST_CHARS = 100_000;

    static final Positions BEGINNING = new Positions(Map.of());

    Positions {
        next = new TreeMap<>(next);
    }

    /** The offset after the last record of a partition that was used; 0 if none was. */
    long of(String partition) {
        return next.getOrDefault(partition, 0L);
    }

    /** The inverse of {@link #toString}; empty for any other text. */
    static Optional<Positions> parse(String text) {
        if (text == null || text.length() > MOST_CHARS) {
            return Optional.empty();
        }
        Map<String, Long> next = new TreeMap<>();
        Matcher one = ONE.matcher(text);
        int end = 0;
        while (one.lookingAt()) {
            next.put(one.group(1), Long.parseLong(one.group(2)));
            end = one.end();
            one.region(end, text.length());
        }
        return end == text.length() && end > 0 ? Optional.of(new Positions(next)) : Optional.empty();
    }

    /** The form in which events and answers carry it. */
    @JsonValue
    @Override
    public String toString() {
        return next.entrySet().stream()
                .map(each -> each.getKey() + ":" + each.getValue())
                .collect(Collectors.joining(","));
    }
}
