package io.millrace.nn.algorithm;

/**
 * The complete description of an algorithm's hyper-parameter, written once, next to the field that holds its value. Configuration keys,
 * their validation and their documentation are generated from it.
 *
 * @param <T> {@link Double}, {@link Long} or {@link Boolean}
 * @param name name in lower case, with underscores
 * @param type class of the values
 * @param defaultValue the default; null if the hyper-parameter is required
 * @param range range of the numbers; null for a flag
 * @param sentence description of its effect
 */
public record Hyperparameter<T>(String name, Class<T> type, T defaultValue, NumberRange range, String sentence) {

    /** A number. */
    public static Hyperparameter<Double> number(String name, double defaultValue, NumberRange range, String sentence) {
        return new Hyperparameter<>(name, Double.class, defaultValue, range, sentence);
    }

    /** A required number. */
    public static Hyperparameter<Double> required(String name, NumberRange range, String sentence) {
        return new Hyperparameter<>(name, Double.class, null, range, sentence);
    }

    /** A whole number. */
    public static Hyperparameter<Long> count(String name, long defaultValue, NumberRange range, String sentence) {
        return new Hyperparameter<>(name, Long.class, defaultValue, range, sentence);
    }

    /** A choice between true and false. */
    public static Hyperparameter<Boolean> flag(String name, boolean defaultValue, String sentence) {
        return new Hyperparameter<>(name, Boolean.class, defaultValue, null, sentence);
    }

    /** Whether a value is required, because there is no default. */
    public boolean isRequired() {
        return defaultValue == null;
    }

    /** @throws IllegalArgumentException if the value is out of range */
    public void require(double value) {
        range.require(name, value);
    }

    /** @throws IllegalArgumentException if the value is out of range */
    public void require(long value) {
        range.require(name, value);
    }

    T parse(String owner, String text) {
        return type.cast(
                type == Double.class
                        ? number(owner, text)
                        : type == Long.class ? count(owner, text) : flag(owner, text));
    }

    private Double number(String owner, String text) {
        try {
            return Double.valueOf(text);
        } catch (NumberFormatException e) {
            throw wrong(owner, text, "a number");
        }
    }

    private Long count(String owner, String text) {
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) {
            throw wrong(owner, text, "a whole number");
        }
    }

    private Boolean flag(String owner, String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw wrong(owner, text, "true or false");
        }
        return Boolean.valueOf(text);
    }

    private IllegalArgumentException wrong(String owner, String text, String wanted) {
        return new IllegalArgumentException(owner + ": " + name + " = " + text + " is not " + wanted);
    }
}
