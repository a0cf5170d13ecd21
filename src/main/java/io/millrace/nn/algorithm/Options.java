package io.millrace.nn.algorithm;

import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The hyper-parameters that somebody gave to one algorithm by name, as text; each is asked for once, what is left is an error. */
public final class Options {
    private final String owner;
    private final Map<String, String> left;
    private final TreeSet<String> known = new TreeSet<>();

    public Options(String owner, Map<String, String> given) {
        this.owner = owner;
        this.left = new TreeMap<>(given);
    }

    public double number(String name, double defaultValue) {
        String text = take(name);
        return text == null ? defaultValue : number(name, text);
    }

    /** A number that has no default. */
    public double number(String name) {
        return number(name, require(name, "a number"));
    }

    private double number(String name, String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(owner + ": " + name + " = " + text + " is not a number");
        }
    }

    public long count(String name, long defaultValue) {
        String text = take(name);
        return text == null ? defaultValue : count(name, text);
    }

    /** A whole number that has no default. */
    public long count(String name) {
        return count(name, require(name, "a whole number"));
    }

    private long count(String name, String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(owner + ": " + name + " = " + text + " is not a whole number");
        }
    }

    public boolean flag(String name, boolean defaultValue) {
        return either(name, "true", "false", defaultValue);
    }

    /** One of two words, as whether it is the first. */
    public boolean either(String name, String first, String second, boolean defaultValue) {
        String text = take(name);
        if (text == null) {
            return defaultValue;
        }
        if (!text.equals(first) && !text.equals(second)) {
            throw new IllegalArgumentException(
                    owner + ": " + name + " = " + text + " is neither " + first + " nor " + second);
        }
        return text.equals(first);
    }

    private String require(String name, String what) {
        String text = take(name);
        if (text == null) {
            throw new IllegalArgumentException(owner + " needs the option " + name + ": give " + what);
        }
        return text;
    }

    private String take(String name) {
        known.add(name);
        return left.remove(name);
    }

    public void rejectUnknown() {
        if (!left.isEmpty()) {
            throw new IllegalArgumentException(owner + " has no option " + String.join(", ", left.keySet())
                    + "; it knows " + (known.isEmpty() ? "none" : String.join(", ", known)));
        }
    }
}
