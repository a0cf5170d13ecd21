package io.millrace.feature;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A field that is declared.
 *
 * @param paths where its value may be; the first one that a record has counts
 * @param optional whether a record may have none
 */
public record Field(List<Path> paths, boolean optional) {
    /** Copies the list. */
    public Field {
        paths = List.copyOf(paths);
    }

    /** Its paths as in a declaration. */
    public String name() {
        return paths.stream().map(Path::toString).collect(Collectors.joining("|"));
    }

    /** The sentence for a record that has no value. */
    public String missing() {
        return name() + " is missing; declare \"" + name() + "?\" if it may be";
    }

    /** As in a declaration. */
    @Override
    public String toString() {
        return name() + (optional ? "?" : "");
    }
}
