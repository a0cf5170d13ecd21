package io.millrace.cli.csv;

import io.millrace.cli.console.UsageException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The classes that occur as labels in a file. Refuses labels that cannot be classes, and warns about labels that are
 * probably wrong.
 */
final class FoundClasses {
    private static final int MOST = 1000;
    private static final int MOST_SHOWN = 30;
    private static final int MOST_WARNINGS = 5;

    /** From this number of rows on, it is suspicious that hardly two rows have the same class. */
    private static final int FEW_ROWS = 20;

    private final String file;
    private final Map<String, Long> lines = new LinkedHashMap<>(); // line of the first occurrence
    private long rows;

    FoundClasses(String file) {
        this.file = file;
    }

    /** Adds the label of a row. */
    void add(String name, long line) {
        rows++;
        if (lines.putIfAbsent(name, line) != null) {
            return;
        }
        if (lines.size() > MOST) {
            throw new UsageException("The label of " + file + " has more than " + MOST + " values: "
                    + (Float.isNaN(CsvTable.number(name))
                            ? "is it the right column (--label)?"
                            : "is this a regression (--task regression)?"));
        }
    }

    int count() {
        return lines.size();
    }

    /** Numbers by value, other names alphabetically: the order must not depend on the order of the rows. */
    List<String> ordered() {
        boolean numbers = lines.keySet().stream().allMatch(name -> name.matches("-?[0-9]{1,9}"));
        return lines.keySet().stream()
                .sorted(numbers ? Comparator.comparingInt(Integer::parseInt) : Comparator.naturalOrder())
                .toList();
    }

    List<String> warnings() {
        Map<Object, List<String>> alike = new LinkedHashMap<>();
        lines.keySet()
                .forEach(name -> alike.computeIfAbsent(likeness(name), key -> new ArrayList<>())
                        .add(name));
        List<String> warnings = new ArrayList<>();
        alike.forEach((key, names) -> {
            if (names.size() > 1) {
                String what = key instanceof Double ? "equal as numbers" : "equal except for case, blanks or signs";
                warnings.add("the classes " + names.stream().map(this::shown).collect(Collectors.joining(", ")) + " of "
                        + file + " are " + what + ", and are learned as " + names.size()
                        + " classes. If they are the same class, write them in the same way.");
            }
        });
        lines.keySet().stream()
                .filter(Missing::mark)
                .forEach(name -> warnings.add("the class " + shown(name) + " of " + file
                        + " stands for a missing label in many files, and is learned as a class. If it does here, remove its"
                        + " rows."));
        if (warnings.size() > MOST_WARNINGS) {
            int others = warnings.size() - MOST_WARNINGS;
            warnings.subList(MOST_WARNINGS, warnings.size()).clear();
            warnings.add(others + " other warnings of this kind about the classes of " + file + ".");
        }
        if (rows >= FEW_ROWS && lines.size() > rows / 2) {
            warnings.add(
                    "the label of " + file + " has " + lines.size() + " values in " + rows + " rows, the first in line "
                            + lines.values().iterator().next()
                            + ": is it the right column (--label), or is this a regression (--task regression)?");
        }
        return warnings;
    }

    /** A key that is equal for names that a reader would take for the same. */
    private static Object likeness(String name) {
        if (!Float.isNaN(CsvTable.number(name))) {
            return Double.parseDouble(name) + 0.0; // -0 becomes 0; long ids remain different
        }
        String text = Normalizer.normalize(name, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        StringBuilder bare = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (!Blanks.blank(text.charAt(i))) {
                bare.append(text.charAt(i));
            }
        }
        return bare.toString();
    }

    private String shown(String name) {
        String printable = name.replaceAll("\\p{Cc}", "?");
        return "\"" + (printable.length() <= MOST_SHOWN ? printable : printable.substring(0, MOST_SHOWN) + "...")
                + "\" (first in line " + lines.get(name) + ")";
    }
}
