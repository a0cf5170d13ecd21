package io.millrace.topology.audit;

import io.millrace.avro.Configuration;
import io.millrace.avro.InputStretch;
import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.OffsetRange;
import io.millrace.config.ConfigurationText;
import io.millrace.config.MillraceConfig;
import io.millrace.config.Topics;
import io.millrace.feature.value.Zone;
import io.millrace.topology.history.InputHistory;
import io.millrace.topology.history.InputPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a version claims to be made of, in the form that a replay uses.
 *
 * @param configurations configurations, each with the position from which it applies
 * @param stretches the stretches that were read, in this order
 * @param missing offsets that were deleted before they were read
 * @param omitted records that were left out for a reason outside the record, in their order
 * @param omittedSince the position from which on {@code omitted} is complete
 * @param forgotten whether more records were left out before {@code omittedSince}; it is not known which
 * @param next the position after the last record that the version is made of
 */
public record VersionHistory(
        List<Configuration> configurations,
        List<InputStretch> stretches,
        List<OffsetRange> missing,
        List<OffsetRange> omitted,
        long omittedSince,
        boolean forgotten,
        long next) {

    /**
     * @param head chunk 0 of a version that has configurations and a next offset
     * @param config names the topic of the examples. It is used for a version that an older Millrace wrote. If the topic is set and the
     *     version does not name it, it is read as a copy of the last topic that the version names
     * @throws CannotReplayException when the version ends in a stretch that it does not list; Millrace writes no such version
     */
    public static VersionHistory of(ModelSnapshot head, MillraceConfig config) {
        List<Configuration> configurations = head.getConfigurations();
        String topic = config.topics().examples();
        List<InputStretch> stretches = head.getInputs().isEmpty()
                ? List.of(new InputStretch(
                        topic, "", configurations.get(0).getOffset(), InputPosition.MAX_OFFSET, InputHistory.START))
                : config.namesExamples() ? inCopy(head.getInputs(), config.topics()) : head.getInputs();
        boolean noted = head.getOmitted() != null;
        VersionHistory history = new VersionHistory(
                configurations,
                stretches,
                head.getMissing(),
                noted ? head.getOmitted().getRanges() : List.of(),
                noted
                        ? InputPosition.of(
                                head.getOmitted().getSinceStretch(),
                                head.getOmitted().getSinceOffset())
                        : Long.MAX_VALUE,
                noted && head.getOmitted().getForgotten(),
                next(head));
        history.stretchAt(history.next);
        return history;
    }

    /**
     * @return the stretch that a position belongs to
     * @throws CannotReplayException when there is none
     */
    InputStretch stretchAt(long position) {
        int stretch = InputPosition.stretch(position);
        if (stretch >= stretches.size()) {
            throw new CannotReplayException("it names a record of the stretch " + stretch + " of its input, and lists "
                    + stretches.size() + ", counted from 0");
        }
        return stretches.get(stretch);
    }

    private static List<InputStretch> inCopy(List<InputStretch> stretches, Topics topics) {
        String topic = topics.examples();
        if (stretches.stream()
                .map(InputStretch::getTopic)
                .anyMatch(name -> name.equals(topic) || name.equals(topics.learningLog()))) {
            return stretches;
        }
        String last = stretches.get(stretches.size() - 1).getTopic();
        return stretches.stream()
                .map(stretch -> stretch.getTopic().equals(last)
                        ? new InputStretch(
                                topic, "", stretch.getFromOffset(), stretch.getToOffset(), stretch.getCause())
                        : stretch)
                .toList();
    }

    /** The position after the last record that a version is made of. */
    static long next(ModelSnapshot head) {
        return InputPosition.of(head.getNextStretch(), head.getNextOffset());
    }

    /** The position from which the state of a version continues. */
    public static long stateNext(ModelSnapshot head) {
        return InputPosition.of(Math.max(0, head.getInputs().size() - 1), head.getStateOffset());
    }

    static long position(Configuration configuration) {
        return InputPosition.of(configuration.getStretch(), configuration.getOffset());
    }

    /** The first position that the version has read. */
    long first() {
        return InputPosition.of(0, stretches.get(0).getFromOffset());
    }

    /** Whether the record at a position was left out. */
    boolean omits(long position) {
        return holds(omitted, position) != null;
    }

    /** The position itself; if it lies in a range of deleted offsets, the position after the range. */
    long afterMissing(long position) {
        OffsetRange range = holds(missing, position);
        return range == null ? position : InputPosition.of(range.getStretch(), range.getToOffset());
    }

    private static OffsetRange holds(List<OffsetRange> ranges, long position) {
        int low = 0;
        int high = ranges.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            OffsetRange range = ranges.get(middle);
            if (position < InputPosition.of(range.getStretch(), range.getFromOffset())) {
                high = middle - 1;
            } else if (position >= InputPosition.of(range.getStretch(), range.getToOffset())) {
                low = middle + 1;
            } else {
                return range;
            }
        }
        return null;
    }

    /** A part of a stretch that a replay reads. */
    record Part(int stretch, long from, long to) {
        long offsets() {
            return Math.max(0, to - from);
        }
    }

    /** The parts of stretches between two positions. */
    List<Part> parts(long begin, long end) {
        List<Part> parts = new ArrayList<>();
        int last = Math.min(InputPosition.stretch(end), stretches.size() - 1);
        for (int i = InputPosition.stretch(begin); i <= last; i++) {
            InputStretch stretch = stretches.get(i);
            long from = i == InputPosition.stretch(begin) ? InputPosition.offset(begin) : stretch.getFromOffset();
            long to = i == InputPosition.stretch(end) ? InputPosition.offset(end) : stretch.getToOffset();
            parts.add(new Part(i, from, to));
        }
        return parts;
    }

    /** Number of offsets between two positions that were deleted before they were read. */
    long missingBetween(long begin, long end) {
        return missing.stream()
                .filter(range -> InputPosition.of(range.getStretch(), range.getFromOffset()) >= begin
                        && InputPosition.of(range.getStretch(), range.getToOffset()) <= end)
                .mapToLong(range -> range.getToOffset() - range.getFromOffset())
                .sum();
    }

    /** A sentence, without full stop, if times of zones were learned with another version of the tz database than this JVM has. */
    Optional<String> otherTimeZones() {
        String here = Zone.dataVersion();
        List<String> others = configurations.stream()
                .flatMap(each -> ConfigurationText.tzdata(each.getSettings()).stream())
                .filter(version -> !version.equals(here))
                .distinct()
                .toList();
        return others.isEmpty()
                ? Optional.empty()
                : Optional.of("times of zones were learned with the tz database " + String.join(" and ", others)
                        + ", and this Java has " + here
                        + ", which may have other offsets: verify with a Java of the former");
    }

    /** A text for people: the offsets between two positions, with their topics if there are several stretches. */
    String told(long begin, long end) {
        StringBuilder text = new StringBuilder();
        for (Part part : parts(begin, end)) {
            if (part.offsets() == 0) {
                continue;
            }
            InputStretch stretch = stretches.get(part.stretch());
            text.append(text.isEmpty() ? "offsets " : ", then ")
                    .append(String.format(Locale.ROOT, "%,d..%,d", part.from(), part.to() - 1));
            if (stretches.size() > 1) {
                text.append(" of ").append(stretch.getTopic());
                if (stretch.getCause().equals(InputHistory.MOVED)) {
                    text.append(" (up to where the group's offset was moved, learn.from=committed)");
                } else if (!stretch.getTopicId().isEmpty()) {
                    text.append(" (topic id ").append(stretch.getTopicId()).append(')');
                }
            }
        }
        return text.toString();
    }
}
