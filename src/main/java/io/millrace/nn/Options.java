package io.millrace.nn;

import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The hyper-parameters that somebody gave to one algorithm by name, as text; each is asked for once, what is left is an error. */
final class Options {
    private final String owner;
    private final Map<String, String> left;
    private final TreeSet<String> known = new TreeSet<>();

    Options(String owner, Map<String, String> given) {
        this.owner = owner;
        this.left = new TreeMap<>(given);
    }

    double number(String name, double defaultValue) {
        String text = take(name);
        if (text == null) {
            return defaultValue;
        }
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(owner + ": " + name + " = " + text + " is not a number");
        }
    }

    boolean flag(String name, boolean defaultValue) {
        String text = take(name);
        if (text == null) {
            return defaultValue;
        }
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new IllegalArgumentException(owner + ": " + name + " = " + text + " is neither true nor false");
        };
    }

    private String take(String name) {
        known.add(name);
        return left.remove(name);
    }

    void rejectUnknown() {
        if (!left.isEmpty()) {
            throw new IllegalArgumentException(owner + " has no option " + String.join(", ", left.keySet())
                    + "; it knows " + (known.isEmpty() ? "none" : String.join(", ", known)));
        }
    }
}
