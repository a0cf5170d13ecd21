package io.millrace.cli.csv;

import java.text.Normalizer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Names of columns as Avro takes them: letters of ASCII, digits and underscores, no digit first, each once. */
final class AvroNames {
    private AvroNames() {}

    /** A name for each column: the nearest valid one, numbered if another column has it already. */
    static List<String> of(List<String> columns) {
        Set<String> names = new LinkedHashSet<>();
        for (String column : columns) {
            String valid = valid(column, "column_" + (names.size() + 1));
            String name = valid;
            for (int i = 2; !names.add(name); i++) {
                name = valid + "_" + i;
            }
        }
        return List.copyOf(names);
    }

    /** @param otherwise the name if no character of the text is valid */
    static String valid(String text, String otherwise) {
        String letters = Normalizer.normalize(text.replace("\u00df", "ss"), Normalizer.Form.NFKD)
                .replaceAll("\\p{M}", "");
        String name = letters.replaceAll("[^A-Za-z0-9_]+", "_").replaceAll("^_+(?=[A-Za-z])|(?<=[A-Za-z0-9])_+$", "");
        if (name.isEmpty() || name.matches("_+")) {
            return otherwise;
        }
        return Character.isDigit(name.charAt(0)) ? "_" + name : name;
    }
}
