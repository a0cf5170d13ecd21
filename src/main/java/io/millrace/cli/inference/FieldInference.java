package io.millrace.cli.inference;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Concludes from a sample of a field's values how the field should be declared. */
public final class FieldInference {
    /** A field of so many distinct texts becomes one input for each. */
    static final int MOST_ONEOF = 12;

    private static final int FEW_FOR_IDS = 20;
    private static final double UNIQUE = 0.95;
    private static final double SEVERAL_WORDS = 3;
    private static final double SOME_WORDS = 2; // of a text that is another one in each record
    private static final int DEFAULT_BUCKETS = 1024;
    private static final int MOST_BUCKETS = 1 << 20;
    private static final int MOST_SHOWN = 40;

    /** Years of a number that is an epoch; serial numbers and amounts are rarely in a range so narrow. */
    private static final Instant FIRST = Instant.parse("2000-01-01T00:00:00Z");

    private static final Instant LAST = Instant.parse("2050-01-01T00:00:00Z");

    private static final Pattern INDEX = Pattern.compile(
            "(?i:|#|unnamed: \\d+(_level_\\d+)?|index|idx|row|no|nr|(.*[_. -])?id|row[_. -]?(no|nr|num|number|index))|.*[a-z](Id|ID)");
    private static final Pattern ID = Pattern.compile(
            "(?i:(?:.*[_. -])?(?:id|uuid|guid|key|zip|postcode|plz))|(?:.*[a-z])(?:Id|ID|Uuid|UUID|Key)");
    private static final Pattern TIME = Pattern.compile(
            "(?i:(?:.*[_. -])?(?:time|timestamp|datetime|date|epoch|ts|at|on|when|day))|(?:.*[a-z])(?:Time|Timestamp|Date|At|On)");

    private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{M}\\p{N}_+.-]+");

    private static final Set<List<String>> YES_AND_NO = Set.of(
            List.of("false", "true"), List.of("no", "yes"), List.of("n", "y"), List.of("f", "t"), List.of("off", "on"));

    private FieldInference() {}

    /** How the field should be declared. */
    public static InferredField of(FieldSample sample) {
        if (sample.values() == 0) {
            return leftOut(sample, FieldKind.EMPTY, "has no value");
        }
        if (sample.enough() && sample.distinct() == 1 && sample.values() == sample.records()) {
            return leftOut(sample, FieldKind.CONSTANT, "is always " + shown(sample.example()));
        }
        if (sample.link().reason() != null) {
            return leftOut(sample, FieldKind.LABEL, sample.link().reason());
        }
        if (sample.numeric()) {
            return number(sample);
        }
        if (sample.nearlyAll(sample.booleans())) {
            return declared(sample, FieldKind.FLAG, "flag", "is true or false");
        }
        if (sample.nearlyAll(sample.points())) {
            return time(sample, sample.instants(), "is a point in time", null);
        }
        return text(sample);
    }

    private static InferredField number(FieldSample sample) {
        if (sample.countsRecords() && INDEX.matcher(sample.name()).matches()) {
            return leftOut(sample, FieldKind.INDEX, "counts the records");
        }
        if (sample.whole()) {
            for (long perSecond : new long[] {1, 1000, 1_000_000}) {
                if (epoch(sample, perSecond)) {
                    ValueSpread millis = sample.spread().scaled(1000.0 / perSecond);
                    String unit = perSecond == 1 ? "seconds" : perSecond == 1000 ? "milliseconds" : "microseconds";
                    return time(sample, millis, "is a time in " + unit + " since 1970", null);
                }
            }
            if (ID.matcher(sample.name()).matches()) {
                return unique(sample)
                        ? leftOut(sample, FieldKind.ID, "has another number in nearly every record")
                        : category(sample, "names something by a number");
            }
        }
        return sample.spread().skewed()
                ? declared(sample, FieldKind.LOG, "log", "is positive and ranges over several powers of ten")
                : declared(sample, FieldKind.NUMBER, "number", "is a number");
    }

    /** Seconds need a name that says so, or order: numbers of ten digits may be anything else. */
    private static boolean epoch(FieldSample sample, long perSecond) {
        ValueSpread spread = sample.spread();
        return spread.least() >= (double) FIRST.getEpochSecond() * perSecond
                && spread.most() < (double) LAST.getEpochSecond() * perSecond
                && (perSecond > 1
                        || sample.ascends()
                        || TIME.matcher(sample.name()).matches());
    }

    /** Whether a number with a fraction is a time in seconds since 1970, as the name of its field says. */
    public static boolean isFractionalEpoch(String name, double seconds) {
        return seconds >= FIRST.getEpochSecond()
                && seconds < LAST.getEpochSecond()
                && TIME.matcher(name).matches();
    }

    private static InferredField text(FieldSample sample) {
        if (sample.distinct() == 2 && YES_AND_NO.contains(sample.lowerCaseChoices())) {
            return declared(sample, FieldKind.FLAG, "flag", "is " + String.join(" or ", sample.lowerCaseChoices()));
        }
        TimeSpelling best = spelling(sample);
        if (sample.nearlyAll(sample.read(best))) {
            boolean either = sample.read(TimeSpelling.DAY_FIRST) == sample.read(TimeSpelling.MONTH_FIRST)
                    && best == TimeSpelling.MONTH_FIRST;
            return time(
                    sample,
                    sample.times(best),
                    "is a time" + (either ? "; day and month look alike, read as month/day" : ""),
                    best);
        }
        boolean repeats = 2L * sample.distinct() <= sample.values();
        if (sample.distinct() <= MOST_ONEOF && repeats) {
            String words = sample.choices().stream().map(FieldInference::quoted).collect(Collectors.joining("|"));
            return declared(sample, FieldKind.ONEOF, "oneof(" + words + ")", "has " + sample.distinct() + " texts");
        }
        if (sample.meanWords() >= (unique(sample) ? SOME_WORDS : SEVERAL_WORDS)) {
            return declared(sample, FieldKind.WORDS, "words", "has several words");
        }
        return unique(sample)
                ? leftOut(sample, FieldKind.ID, "has another text in nearly every record")
                : category(sample, "has " + sample.distinct() + (sample.moreDistinct() ? " or more" : "") + " texts");
    }

    /** The spelling of most texts; without a hint, month and day are in the order that pandas reads. */
    private static TimeSpelling spelling(FieldSample sample) {
        TimeSpelling best = TimeSpelling.ISO;
        for (TimeSpelling spelling :
                List.of(TimeSpelling.YEAR_FIRST, TimeSpelling.MONTH_FIRST, TimeSpelling.DAY_FIRST)) {
            if (sample.read(spelling) > sample.read(best)) {
                best = spelling;
            }
        }
        return best;
    }

    private static boolean unique(FieldSample sample) {
        return sample.values() >= FEW_FOR_IDS && sample.unique(UNIQUE);
    }

    private static InferredField category(FieldSample sample, String reason) {
        return declared(sample, FieldKind.CATEGORY, withBuckets("category", sample.distinct()), reason);
    }

    /** A type with a table for so many values. */
    public static String withBuckets(String type, int values) {
        int buckets = DEFAULT_BUCKETS;
        while (buckets < 2 * values && buckets < MOST_BUCKETS) {
            buckets *= 2;
        }
        return buckets == DEFAULT_BUCKETS ? type : type + "(" + buckets + ",8)";
    }

    /** The cycles through which the times go at least once, so that the stream shows each part of them. */
    private static InferredField time(FieldSample sample, ValueSpread millis, String reason, TimeSpelling spelling) {
        double days =
                (millis.most() - millis.least()) / ChronoUnit.DAYS.getDuration().toMillis();
        List<String> parts = new ArrayList<>();
        if (spelling == null || sample.timeOfDay()) {
            parts.add("hour");
        }
        if (days >= 3 || parts.isEmpty()) {
            parts.add("weekday");
        }
        if (days >= 180) {
            parts.add("year");
        }
        String type = parts.stream().collect(Collectors.joining("|", "time(", ")"));
        return declared(sample, FieldKind.TIME, type, reason, spelling);
    }

    /** A text as one of the choices of a declaration: in quotation marks unless it has only letters, digits and the like. */
    private static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "''") + "'";
    }

    private static InferredField declared(FieldSample sample, FieldKind kind, String type, String reason) {
        return declared(sample, kind, type, reason, null);
    }

    private static InferredField declared(
            FieldSample sample, FieldKind kind, String type, String reason, TimeSpelling spelling) {
        boolean optional = sample.values() < sample.records();
        return new InferredField(sample.name(), kind, type, optional, reason, spelling);
    }

    private static InferredField leftOut(FieldSample sample, FieldKind kind, String reason) {
        return new InferredField(sample.name(), kind, "", false, reason, null);
    }

    private static String shown(String text) {
        return "\"" + (text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "...") + "\"";
    }
}
