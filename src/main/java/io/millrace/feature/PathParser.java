package io.millrace.feature;

import io.millrace.feature.Path.Source;
import io.millrace.feature.Path.Step;
import java.util.ArrayList;
import java.util.List;

/** Parses {@code customer.amount|amount?}. */
final class PathParser {
    private PathParser() {}

    /**
     * Parses a field.
     *
     * @throws IllegalArgumentException with a sentence without full stop
     */
    static Field field(String text) {
        boolean optional = text.endsWith("?");
        String paths = optional ? text.substring(0, text.length() - 1) : text;
        List<Path> parsed = new ArrayList<>();
        for (String path : Words.split(paths, '|')) {
            parsed.add(path(path));
        }
        return new Field(parsed, optional);
    }

    private static Path path(String text) {
        if (text.endsWith("?")) {
            throw Words.problem("\"" + text + "\" has a \"?\" inside; it stands once, behind the last path");
        }
        if (text.equals(Path.KEY)) {
            return new Path(Source.KEY, List.of());
        }
        if (text.equals(Path.TIMESTAMP)) {
            return new Path(Source.TIMESTAMP, List.of());
        }
        if (text.startsWith("@")) {
            return header(text);
        }
        List<Step> steps = new ArrayList<>();
        for (String step : Words.split(text, '.')) {
            boolean items = step.endsWith("[]");
            steps.add(new Step(Words.unquoted(items ? step.substring(0, step.length() - 2) : step), items));
        }
        return new Path(Source.VALUE, steps);
    }

    private static Path header(String text) {
        String prefix = Path.HEADERS + ".";
        if (!text.startsWith(prefix) || text.length() == prefix.length()) {
            throw Words.problem(
                    "\"" + text + "\" is not known: @key, @timestamp and @headers.name are. A field whose name"
                            + " begins with @ is put in quotation marks");
        }
        return new Path(Source.HEADER, List.of(new Step(Words.unquotedHeader(text.substring(prefix.length())), false)));
    }
}
