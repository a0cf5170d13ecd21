package io.millrace.cli.inference;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is counted of a field's values. Its size does not grow with the number of records. The result depends on the values
 * and their order alone.
 */
public final class FieldSample {
    private static final int LONGEST_KEY = 64;
    private static final int TEXTS_WITHOUT_TIME = 200; // then none is tried any more
    private static final int FEW_RECORDS = 10; // with fewer, nothing is certain
    private static final double NEARLY_ALL = 0.9; // the others are damaged

    private final String name;
    private final int mostDistinct;
    private final Set<Object> distinct = new HashSet<>();
    private final TreeSet<String> choices = new TreeSet<>(); // the first few distinct texts
    private final LabelLink link = new LabelLink();
    private final ValueSpread spread = new ValueSpread();
    private final ValueSpread[] times = new ValueSpread[TimeSpelling.values().length];
    private final long[] read = new long[TimeSpelling.values().length]; // texts that are times in each spelling
    private final ValueSpread instants = new ValueSpread();
    private long position; // of the next record in the stream
    private long records;
    private long values;
    private long tracked; // values that were compared with the distinct ones
    private long numbers;
    private long whole;
    private long booleans;
    private long points;
    private long texts;
    private long words; // in all texts
    private boolean timeOfDay;
    private boolean floatsHold = true;
    private boolean counts = true;
    private boolean ascends = true;
    private double origin;
    private double previous = Double.NEGATIVE_INFINITY;
    private String example = "";

    /**
     * @param name name of the field
     * @param mostDistinct so many distinct values are told apart
     */
    public FieldSample(String name, int mostDistinct) {
        this.name = name;
        this.mostDistinct = mostDistinct;
        for (int i = 0; i < times.length; i++) {
            times[i] = new ValueSpread();
        }
    }

    /** Passes over a record that cannot be read. */
    public void skip() {
        position++;
    }

    /**
     * The field of a record.
     *
     * @param value a String, a Boolean, a Long, a Double or an Instant; null if it is missing
     * @param shown the value as its user wrote it
     * @param label the record's label, of the same classes; null if it is not known
     */
    public void add(Object value, String shown, Object label) {
        long record = position++;
        records++;
        if (!(value instanceof Number)) {
            counts = false;
        }
        if (value == null) {
            return;
        }
        if (values++ == 0) {
            example = shown;
        }
        if (value instanceof Number number) {
            number(number, record);
        } else if (value instanceof Boolean) {
            booleans++;
        } else if (value instanceof Instant instant) {
            points++;
            instants.add(instant.toEpochMilli());
            timeOfDay = true;
        } else {
            text((String) value);
        }
        Object key = key(value);
        if (distinct.size() < mostDistinct) {
            tracked++;
            distinct.add(key);
            if (choices.size() <= FieldInference.MOST_ONEOF) {
                choices.add(shown);
            }
        }
        if (label != null) {
            link.add(key, key(label));
        }
    }

    private void number(Number number, long record) {
        double value = number.doubleValue();
        numbers++;
        spread.add(value);
        boolean isWhole = value == Math.rint(value) && !Double.isInfinite(value);
        whole += isWhole ? 1 : 0;
        floatsHold &= !(number instanceof Long) || (long) number.floatValue() == number.longValue();
        if (numbers == 1) {
            origin = value - record;
        }
        counts &= value == origin + record;
        ascends &= value >= previous;
        previous = value;
    }

    private void text(String text) {
        texts++;
        words += words(text);
        for (TimeSpelling spelling : TimeSpelling.values()) {
            int i = spelling.ordinal();
            if (read[i] > 0 || texts <= TEXTS_WITHOUT_TIME) {
                long millis = spelling.millis(text);
                if (millis != TimeSpelling.NO_TIME) {
                    read[i]++;
                    times[i].add(millis);
                    timeOfDay |= spelling.hasTimeOfDay(text);
                }
            }
        }
    }

    /** Number of words: runs of letters and digits that have two letters or more and no digit, as a serial number has. */
    private static int words(String text) {
        int words = 0;
        int letters = 0;
        boolean digits = false;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : ' ';
            if (Character.isLetterOrDigit(c)) {
                letters += Character.isLetter(c) ? 1 : 0;
                digits |= Character.isDigit(c);
            } else {
                words += letters > 1 && !digits ? 1 : 0;
                letters = 0;
                digits = false;
            }
        }
        return words;
    }

    /** Equal for values that are equal: numbers of any class, and long texts without keeping them. */
    private static Object key(Object value) {
        if (value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1L << 53) {
            return number.longValue();
        }
        return value instanceof String text && text.length() > LONGEST_KEY
                ? text.substring(0, LONGEST_KEY) + '#' + text.length() + '#' + text.hashCode()
                : value;
    }

    /** Name of the field. */
    public String name() {
        return name;
    }

    /** Number of records that could be read. */
    public long records() {
        return records;
    }

    /** Number of records in which the field has a value. */
    public long values() {
        return values;
    }

    /** Number of distinct values, as far as they were told apart. */
    public int distinct() {
        return distinct.size();
    }

    /** Whether there may be more distinct values. */
    public boolean moreDistinct() {
        return distinct.size() >= mostDistinct;
    }

    /** The first value as its user wrote it; empty if there is none. */
    public String example() {
        return example;
    }

    /** Whether it holds numbers, with at most a few other values, which are damaged. */
    public boolean numeric() {
        return values > 0 && nearlyAll(numbers);
    }

    boolean nearlyAll(long count) {
        return count >= NEARLY_ALL * values;
    }

    /** Whether floats hold its whole numbers ({@code Long}s); beyond 2^24, they do not hold all. */
    public boolean floatsHold() {
        return floatsHold;
    }

    /** Whether a share of its values differs from all others. */
    boolean unique(double share) {
        return distinct.size() >= share * tracked;
    }

    /** Its texts in alphabetical order; meaningful if there are few. */
    List<String> choices() {
        return List.copyOf(choices);
    }

    /** Its texts in lower case, in alphabetical order. */
    List<String> lowerCaseChoices() {
        return choices.stream()
                .map(word -> word.toLowerCase(Locale.ROOT))
                .distinct()
                .sorted()
                .toList();
    }

    LabelLink link() {
        return link;
    }

    ValueSpread spread() {
        return spread;
    }

    /** The times that a spelling reads from the texts, in milliseconds. */
    ValueSpread times(TimeSpelling spelling) {
        return times[spelling.ordinal()];
    }

    /** Number of texts that a spelling reads. */
    long read(TimeSpelling spelling) {
        return read[spelling.ordinal()];
    }

    /** The points in time, in milliseconds. */
    ValueSpread instants() {
        return instants;
    }

    long numbers() {
        return numbers;
    }

    boolean whole() {
        return nearlyAll(whole);
    }

    long booleans() {
        return booleans;
    }

    long points() {
        return points;
    }

    long texts() {
        return texts;
    }

    double meanWords() {
        return texts == 0 ? 0 : (double) words / texts;
    }

    boolean timeOfDay() {
        return timeOfDay;
    }

    /** Whether each value is the number of its record plus a constant, in enough records to be no accident. */
    public boolean countsRecords() {
        return counts && enough();
    }

    /** Whether there are so many records that what holds for all of them is no accident. */
    boolean enough() {
        return records >= FEW_RECORDS;
    }

    /** Whether no number is below the one before. */
    boolean ascends() {
        return ascends;
    }
}
