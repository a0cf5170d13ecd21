package io.millrace.cli.inference;

/**
 * What a field should be declared as, and why.
 *
 * @param name name of the field, as in the sample
 * @param kind what its values are
 * @param type its type in the grammar of declared features, such as {@code number} or {@code oneof(a|b)}; empty if it is
 *     to be left out
 * @param optional whether its value is missing in some records
 * @param reason why, a sentence without full stop whose subject is the field
 * @param spelling how its texts spell times; null if it is no time, or is none as text
 */
public record InferredField(
        String name, FieldKind kind, String type, boolean optional, String reason, TimeSpelling spelling) {
    /** The declaration behind a path: {@code ?} if it may be missing, a colon, and the type. */
    public String declaration(String path) {
        return path + (optional ? "?" : "") + ": " + type;
    }
}
