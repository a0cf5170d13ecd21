package io.millrace.watch;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The state of learning, in one line. Numbers are sums over all replicas; a number that is not known is null.
 *
 * @param code {@code reading}, {@code waiting}, {@code learning}, {@code idle}, {@code stalled}, {@code stopped} or {@code unknown}
 * @param sentence the same for people
 * @param learned examples learned
 * @param version examples that the newest versions have learned
 * @param examplesPerSecond over ten seconds, by the reports, or by the commits if the last report is older
 * @param lag records that training has not committed yet
 * @param reportAge seconds since the last report was written
 * @param versionAge seconds since the newest version was written
 * @param deadLetters in all
 * @param deadLettersLastHour written during the last hour
 * @param answersPerSecond that serving has written to the predictions, over ten seconds
 * @param partitions those with the largest lag, in their order
 * @param partitionCount of all that are read
 * @param problem what the page cannot see, a sentence; null if it sees everything
 */
record Status(
        String code,
        String sentence,
        long learned,
        long version,
        Double examplesPerSecond,
        Long lag,
        Double reportAge,
        Double versionAge,
        long deadLetters,
        long deadLettersLastHour,
        Double answersPerSecond,
        List<Consumed> partitions,
        int partitionCount,
        String problem) {
    static final String READING = "reading";

    /** Training that commits nothing for so long while records wait does not proceed: it commits each minute at least. */
    private static final long STILL_MS = 90_000;

    /** A report of so long ago does not tell what happens now. A slow stream reports less often. */
    private static final double SILENT_SECONDS = 10;

    private static final int MOST_PARTITIONS = 50;

    private record State(String code, String sentence) {}

    /**
     * @param facts what was read
     * @param read share of the topics' history that was read, 0 to 1
     * @param group training's group
     * @param answersPerSecond null when it is not known
     * @param problem what cannot be read; null for nothing
     * @param now the time, ms
     */
    static Status of(
            Picture.Facts facts,
            double read,
            TrainingGroup.Seen group,
            Double answersPerSecond,
            String problem,
            long now) {
        Double reportAge = age(facts.reportTime(), now);
        boolean silent = reportAge == null || reportAge > SILENT_SECONDS;
        State state = read < 1
                ? new State(READING, String.format(Locale.ROOT, "reading the history, %.0f %%", 100 * read))
                : state(group, reportAge, silent, facts.learned() == 0 && facts.version() == 0);
        return new Status(
                state.code(),
                state.sentence(),
                facts.learned(),
                facts.version(),
                silent ? group.recordsPerSecond() : Double.valueOf(facts.examplesPerSecond()),
                group.lag(),
                reportAge,
                age(facts.versionTime(), now),
                facts.letters(),
                facts.lettersLastHour(),
                answersPerSecond,
                farthestBehind(group.partitions()),
                group.partitions().size(),
                problem != null ? problem : group.fault());
    }

    private static List<Consumed> farthestBehind(List<Consumed> partitions) {
        if (partitions.size() <= MOST_PARTITIONS) {
            return partitions;
        }
        Set<Consumed> shown = partitions.stream()
                .sorted(Comparator.comparingLong(Consumed::lag).reversed())
                .limit(MOST_PARTITIONS)
                .collect(Collectors.toSet());
        return partitions.stream().filter(shown::contains).toList();
    }

    /** Machines' clocks differ: a record from the future is new. */
    private static Double age(long time, long now) {
        return time == 0 ? null : Math.max(0, now - time) / 1000.0;
    }

    private static State state(TrainingGroup.Seen group, Double reportAge, boolean silent, boolean empty) {
        boolean waiting = group.lag() != null && group.lag() > 0;
        String waits = waiting ? ": " + waiting(group.lag()) : "";
        if (Boolean.FALSE.equals(group.running())) {
            return new State("stopped", "training does not run" + waits);
        }
        if (waiting && group.stillMs() > STILL_MS) {
            return new State("stalled", "training has committed nothing for " + group.stillMs() / 1000 + " s" + waits);
        }
        if (!silent) {
            return new State("learning", "learning");
        }
        if (group.recordsPerSecond() != null && group.recordsPerSecond() > 0) {
            return new State("learning", "learning" + (reportAge == null ? ", no report yet" : ""));
        }
        if (empty) {
            return new State("waiting", "no model yet: waiting for the first report");
        }
        String silence = reportAge == null ? "no report yet" : "no report for " + Math.round(reportAge) + " s";
        if (group.lag() == null) {
            return new State("unknown", silence);
        }
        return waiting
                ? new State("learning", "learning, " + silence + waits)
                : new State("idle", "idle: all examples are learned");
    }

    private static String waiting(long records) {
        return String.format(Locale.ROOT, records == 1 ? "%,d record waits" : "%,d records wait", records);
    }
}
