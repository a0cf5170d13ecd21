package io.millrace.topology;

import org.apache.kafka.streams.errors.StreamsException;

/**
 * A task was started a second time in its thread, as Kafka Streams does after a commit that timed out. Examples that were fetched before
 * can then be missing ({@code FailureInjectionTest}); a new thread starts from what is committed and misses none.
 */
final class RevivedTaskException extends StreamsException {
    private static final long serialVersionUID = 1L;

    RevivedTaskException(String task) {
        super("task " + task + " was revived after a failed commit; a new thread takes it over");
    }
}
