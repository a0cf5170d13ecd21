package io.millrace.feature;

import java.util.Locale;

/** Formats of records with declared features. */
public enum ValueFormat {
    /** Avro in the registry's wire format. */
    AVRO,
    /** JSON, with or without the header of a registry's JSON Schema. */
    JSON;

    /** The name in settings and snapshots. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The inverse of {@link #id}.
     *
     * @throws IllegalArgumentException if no format has this name
     */
    public static ValueFormat of(String id) {
        for (ValueFormat format : values()) {
            if (format.id().equals(id)) {
                return format;
            }
        }
        throw new IllegalArgumentException("unknown value.format " + id + ": avro and json are known");
    }
}
