package io.millrace.topology.record;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * The content of a dead letter's headers.
 *
 * @param cause what was wrong, a sentence without full stop
 * @param topic topic of the refused record
 * @param partition of that topic
 * @param offset in that partition
 */
public record DeadLetterInfo(String cause, String topic, int partition, long offset) {
    /** Reads the headers of a record in the dead-letter topic. A record that Millrace did not write gives empty texts and -1. */
    public static DeadLetterInfo of(Headers headers) {
        return new DeadLetterInfo(
                text(headers, DeadLetter.CAUSE),
                text(headers, DeadLetter.TOPIC),
                (int) number(headers, DeadLetter.PARTITION),
                number(headers, DeadLetter.OFFSET));
    }

    private static String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static long number(Headers headers, String name) {
        String text = text(headers, name);
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
    }
}
