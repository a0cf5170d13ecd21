package io.millrace.cli.topic;

import io.millrace.cli.inference.FieldInference;
import io.millrace.cli.inference.FieldKind;
import io.millrace.cli.inference.FieldSample;
import io.millrace.cli.inference.InferredField;
import io.millrace.cli.inference.TimeSpelling;
import io.millrace.feature.Path;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What was found at a path of a topic's records. */
final class SurveyedField {
    /** More texts than that are no classes. */
    static final int MOST_CLASSES = 1000;

    private static final Pattern NUMBER =
            Pattern.compile("-?(?:0|[1-9][0-9]{0,17})(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?");

    private static final String BYTES = "bytes"; // whatever they are

    private final Path path;
    private final String name;
    private final FieldSample sample;
    private final int mostDistinct;
    private final Map<String, Integer> texts = new TreeMap<>(); // of the first values, with their numbers
    private final Set<Object> items = new HashSet<>();
    private long arrays;
    private long bytes;
    private boolean fractions;
    private boolean itemsAreNumbers = true;
    private int length = -1; // of its arrays; 0: several lengths

    SurveyedField(Path path, int mostDistinct) {
        this.path = path;
        this.mostDistinct = mostDistinct;
        name = path.steps().isEmpty()
                ? path.toString()
                : path.steps().stream().map(Path.Step::name).collect(Collectors.joining("."));
        sample = new FieldSample(name, mostDistinct);
    }

    Path path() {
        return path;
    }

    FieldSample sample() {
        return sample;
    }

    /** The first thousand distinct values as the names of classes, each with its number, in alphabetical order. */
    Map<String, Integer> texts() {
        return texts;
    }

    /** Whether some of its values are arrays. */
    boolean isMany() {
        return arrays > 0 || path.isMany();
    }

    /** A record in which it is missing. */
    void addMissing() {
        sample.add(null, "", null);
    }

    /**
     * A value.
     *
     * @param found as in {@link AvroTree}: no map
     * @param label of the record, as {@link #plain} gives it; null if it is unknown
     */
    void add(Object found, Object label) {
        if (found instanceof List<?> list) {
            addArray(list, label);
            return;
        }
        Object value = plain(found);
        if (value == null) {
            addMissing();
            return;
        }
        bytes += value == BYTES ? 1 : 0;
        String shown = value == BYTES ? BYTES : shown(found);
        if (texts.containsKey(shown) || texts.size() <= MOST_CLASSES) {
            texts.merge(shown, 1, Integer::sum);
        }
        sample.add(value, shown, label);
    }

    private void addArray(List<?> list, Object label) {
        arrays++;
        List<Object> plain = new ArrayList<>();
        for (Object item : list) {
            Object value = item instanceof List<?> inner ? inner.toString() : plain(item);
            if (value != null) {
                plain.add(value);
                itemsAreNumbers &= value instanceof Number;
                fractions |= value instanceof Double number && number != Math.rint(number);
                if (items.size() < mostDistinct) {
                    items.add(value);
                }
            }
        }
        if (!plain.isEmpty()) {
            length = length < 0 || length == plain.size() ? plain.size() : 0;
        }
        String text = plain.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
        sample.add(plain.isEmpty() ? null : text, text, label);
    }

    /** A value as {@link FieldSample} takes it: a text of a number is a number, seconds with a fraction may be a time. Null if it is missing. */
    Object plain(Object found) {
        if (found instanceof CharSequence text) {
            return text.isEmpty()
                    ? null
                    : NUMBER.matcher(text).matches() ? number(new BigDecimal(text.toString())) : text.toString();
        }
        if (found instanceof Double || found instanceof Float) {
            double number = ((Number) found).doubleValue();
            return Double.isNaN(number) ? null : (Object) number;
        }
        if (found instanceof Number number) {
            return number(new BigDecimal(number.toString()));
        }
        return found == null || found instanceof Boolean || found instanceof Instant ? found : BYTES;
    }

    private Object number(BigDecimal number) {
        boolean whole = number.scale() <= 0 && number.precision() - number.scale() <= 18;
        double value = number.doubleValue();
        if (!whole && FieldInference.isFractionalEpoch(name, value)) {
            return Instant.ofEpochMilli((long) (value * 1000));
        }
        return whole ? (Object) number.longValueExact() : (Object) value;
    }

    /** As the name of a class is written: numbers without trailing zeros. */
    private static String shown(Object found) {
        return found instanceof BigDecimal || found instanceof Double || found instanceof Float
                ? plainText(found.toString())
                : found.toString();
    }

    private static String plainText(String number) {
        try {
            BigDecimal decimal = new BigDecimal(number).stripTrailingZeros();
            return decimal.toPlainString();
        } catch (NumberFormatException e) { // infinite
            return number;
        }
    }

    /**
     * How it should be declared.
     *
     * @param nullable whether the schema says that it may be missing
     */
    InferredField inferred(boolean nullable) {
        if (bytes > 0) {
            return leftOut("holds bytes");
        }
        InferredField found = FieldInference.of(sample);
        if (!found.kind().leftOut() || found.kind() == FieldKind.ID && isMany()) {
            if (isMany()) {
                found = ofArray(found.optional());
            } else if (found.spelling() != null && found.spelling() != TimeSpelling.ISO) {
                found = leftOut("is a time that is not written as ISO 8601 says, and cannot be read");
            }
        }
        return found.kind().leftOut() || !nullable
                ? found
                : new InferredField(found.name(), found.kind(), found.type(), true, found.reason(), found.spelling());
    }

    private InferredField ofArray(boolean optional) {
        boolean oneLength = length > 0 && !path.isMany();
        if (itemsAreNumbers && oneLength) {
            String type = "numbers(" + length + ")";
            return new InferredField(
                    name, FieldKind.NUMBER, type, optional, "is an array of " + length + " numbers", null);
        }
        if (itemsAreNumbers && fractions) {
            return leftOut("has many numbers, and not always as many");
        }
        String type = FieldInference.withBuckets("set", items.size());
        String reason = "is an array with " + items.size() + " different items";
        return new InferredField(name, FieldKind.CATEGORY, type, optional, reason, null);
    }

    private InferredField leftOut(String reason) {
        return new InferredField(name, FieldKind.UNREADABLE, "", false, reason, null);
    }
}
