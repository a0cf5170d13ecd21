package io.millrace.config;

import io.millrace.nn.algorithm.NumberRange;
import io.millrace.nn.layer.Shape;
import java.util.HashSet;
import java.util.List;
import java.util.function.DoublePredicate;
import java.util.function.Predicate;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigException;

/** Checks of single values. Each validator has the text that docs/configuration.md shows for it. */
final class Validators {
    private Validators() {}

    /** A text that is not empty. */
    static Validator named() {
        return texts("any text but an empty one", text -> !text.isEmpty());
    }

    /** A value that may be absent. */
    static Validator optional(Validator validator) {
        return new Validator() {
            @Override
            public void ensureValid(String name, Object value) {
                if (value != null) {
                    validator.ensureValid(name, value);
                }
            }

            @Override
            public String toString() {
                return validator.toString();
            }
        };
    }

    /** A text that is part of the names of internal topics. Its limit leaves room for the rest of such a name. */
    static Validator topicLike() {
        return texts("letters, digits, dot, underscore and hyphen", text -> text.matches("[a-zA-Z0-9._-]{1,200}"));
    }

    static Validator in(NumberRange range) {
        return numbers(range.text(), range.contains());
    }

    static Validator notNegative() {
        return in(NumberRange.NOT_NEGATIVE);
    }

    static Validator fraction() {
        return in(NumberRange.FRACTION);
    }

    static Validator factor() {
        return numbers("0, or above 1", value -> value == 0 || value > 1);
    }

    /** A replication factor as Kafka's admin client accepts it. */
    static Validator replicas() {
        return numbers("-1, or 1 to 32767", value -> value == -1 || value >= 1 && value <= Short.MAX_VALUE);
    }

    /** A number of threads, or {@code auto}. */
    static Validator threads() {
        return texts("auto, or 1 to 64", text -> text.equals("auto") || text.matches("[1-9]|[1-5][0-9]|6[0-4]"));
    }

    static Validator servers() {
        return lists("host:port,...", false, server -> server.matches("\\S+:[0-9]{1,5}"));
    }

    static Validator urls() {
        return lists(
                "http://..., https://... or mock://..., several separated by commas",
                false,
                url -> url.matches("(https?|mock)://\\S+"));
    }

    /** Names of hosts without ports. */
    static Validator hosts() {
        return lists("host names separated by commas, without ports", true, name -> name.matches("[a-zA-Z0-9._-]+"));
    }

    /** Names without duplicates. */
    static Validator distinctNames() {
        return list(
                "names separated by commas, each once",
                true,
                names -> names.stream().noneMatch(String::isEmpty) && new HashSet<>(names).size() == names.size());
    }

    /** Numbers of units. */
    static Validator widths() {
        return lists(
                "whole numbers from 1 to 9999999 separated by commas", true, units -> units.matches("[1-9][0-9]{0,6}"));
    }

    /** Connections of layers. */
    static Validator connections() {
        return lists("layer<-name, layer<-name&name,...", true, arrow -> arrow.matches(Connections.ARROW));
    }

    /** A shape of the features, or none. */
    static Validator shape() {
        return texts(
                "height x width x channels of an image, as 28x28x1, or steps x features of a sequence, as 32x8",
                text -> text.isEmpty() || isShape(text));
    }

    static boolean isShape(String text) {
        try {
            Shape.of(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Validator lists(String range, boolean mayBeEmpty, Predicate<String> valid) {
        return list(range, mayBeEmpty, values -> values.stream().allMatch(valid));
    }

    @SuppressWarnings("unchecked") // ConfigDef has parsed it
    private static Validator list(String range, boolean mayBeEmpty, Predicate<List<String>> valid) {
        return of(
                range, value -> (mayBeEmpty || !((List<String>) value).isEmpty()) && valid.test((List<String>) value));
    }

    private static Validator texts(String range, Predicate<String> valid) {
        return of(range, value -> valid.test((String) value));
    }

    private static Validator numbers(String range, DoublePredicate valid) {
        return of(range, value -> valid.test(((Number) value).doubleValue()));
    }

    private static Validator of(String range, Predicate<Object> valid) {
        return ConfigDef.LambdaValidator.with(
                (name, value) -> {
                    // null: it has not even the right type, which ConfigDef reports
                    if (value != null && !valid.test(value)) {
                        throw new ConfigException(name, value, "must be " + range);
                    }
                },
                () -> range);
    }
}
