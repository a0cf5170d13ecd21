package io.millrace.topology.cluster;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.streams.errors.MissingSourceTopicException;

/** Recognises the faults of topics that were deleted while an application runs. */
public final class LostTopic {
    /** Kafka Streams names the topic only in its message. */
    private static final Pattern SENT_TO = Pattern.compile("sending record to topic (\\S+) for task");

    private LostTopic() {}

    /**
     * Describes the loss of the input topic. The application must start again, because only a start compares what was learned with what the
     * topic holds.
     *
     * @param read the input topic of the application
     * @return a sentence; empty when the fault is another one
     */
    public static Optional<String> sentence(Throwable fault, String read) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof MissingSourceTopicException) {
                return Optional.of("The topic " + read
                        + " was deleted while it was read. Create it again, or set topics.create=true,"
                        + " and start again.");
            }
            if (cause instanceof InvalidOffsetException invalid) {
                return Optional.of("The topic of " + invalid.partitions()
                        + " was deleted and recreated, or its records were deleted, while it was read. Start again.");
            }
        }
        return Optional.empty();
    }

    /** @return the topic that a record could not be sent to; empty when the fault is another one */
    public static Optional<String> written(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            Matcher matcher = SENT_TO.matcher(String.valueOf(cause.getMessage()));
            if (matcher.find()) {
                return Optional.of(matcher.group(1));
            }
        }
        return Optional.empty();
    }

    /** @return whether the brokers report that a topic does not exist */
    static boolean isUnknown(Throwable fault) {
        Throwable cause = fault;
        while (cause != null && !(cause instanceof UnknownTopicOrPartitionException)) {
            cause = cause.getCause();
        }
        return cause != null;
    }
}
