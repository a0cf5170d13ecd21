package io.millrace.feature;

import java.util.Locale;

/**
 * An option of a type of features, for its documentation and for messages.
 *
 * @param name its name in the documentation; in a declaration, options stand in their order
 * @param defaultValue its default; null if it must be given
 * @param range what it may be
 */
public record Option(String name, String defaultValue, String range) {
    /** A whole number. */
    static Option count(String name, Integer defaultValue, int least, int most) {
        return new Option(
                name,
                defaultValue == null ? null : defaultValue.toString(),
                String.format(Locale.ROOT, "%d to %d", least, most));
    }
}
