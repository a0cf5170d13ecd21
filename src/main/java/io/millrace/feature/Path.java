package io.millrace.feature;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Where a record has a value.
 *
 * @param source part of the record
 * @param steps for {@link Source#VALUE} the names of fields from the outermost to the innermost; for {@link Source#HEADER} the name of the
 *     header; else empty
 */
public record Path(Source source, List<Step> steps) {
    /** Parts of a record. */
    public enum Source {
        /** A field of the value. */
        VALUE,
        /** The whole key, as text. */
        KEY,
        /** The timestamp. */
        TIMESTAMP,
        /** A header, as text. */
        HEADER
    }

    /**
     * A field, or the key of a map.
     *
     * @param name exact name, upper and lower case distinguished
     * @param items whether the path goes on with each item of the array in this field
     */
    public record Step(String name, boolean items) {
        @Override
        public String toString() {
            return Words.quotedName(name) + (items ? "[]" : "");
        }
    }

    static final String KEY = "@key";
    static final String TIMESTAMP = "@timestamp";
    static final String HEADERS = "@headers";

    /** Copies the list. */
    public Path {
        steps = List.copyOf(steps);
    }

    /** Whether there can be many values in a record. */
    public boolean isMany() {
        return steps.stream().anyMatch(Step::items);
    }

    /** As in a declaration. */
    @Override
    public String toString() {
        String names = steps.stream().map(Step::toString).collect(Collectors.joining("."));
        return switch (source) {
            case VALUE -> names;
            case KEY -> KEY;
            case TIMESTAMP -> TIMESTAMP;
            case HEADER -> HEADERS + "." + Words.quotedHeader(steps.get(0).name());
        };
    }
}
