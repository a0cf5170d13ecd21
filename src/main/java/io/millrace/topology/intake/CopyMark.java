package io.millrace.topology.intake;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * What the intake's offsets say beside the offset: between which two topics the records before it were copied. An offset without it was set
 * by somebody else, and one with other ids belongs to topics that were deleted.
 *
 * @param sourceId Kafka's id of the examples topic
 * @param logId Kafka's id of the learning log
 */
public record CopyMark(String sourceId, String logId) {
    private static final Pattern TEXT = Pattern.compile("millrace ([\\w-]{22}) ([\\w-]{22})");

    /** The mark of a committed offset; empty when it has none. */
    static Optional<CopyMark> of(OffsetAndMetadata committed) {
        Matcher ids = TEXT.matcher(committed.metadata());
        return ids.matches() ? Optional.of(new CopyMark(ids.group(1), ids.group(2))) : Optional.empty();
    }

    /** An offset with this mark. */
    public OffsetAndMetadata at(long offset) {
        return new OffsetAndMetadata(offset, "millrace " + sourceId + " " + logId);
    }
}
