package io.millrace.topology;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * A record that could not be used. Key, value and headers go to the dead letters as they came; further headers tell the cause, the
 * place and the record's timestamp, as the topic's own counts from the arrival there.
 *
 * @param value the record's value, byte for byte; null when it had none
 * @param cause what was wrong, a sentence without full stop
 */
record DeadLetter(byte[] value, String cause) {
    static final String CAUSE = "millrace.cause";
    static final String TOPIC = "millrace.topic";
    static final String PARTITION = "millrace.partition";
    static final String OFFSET = "millrace.offset";
    static final String TIMESTAMP = "millrace.timestamp";

    /** The record's own headers, then the cause, the place and the timestamp in ms, each as UTF-8 text. */
    Headers headers(Headers original, RecordMetadata place, long timestamp) {
        Headers headers = new RecordHeaders(original);
        headers.add(CAUSE, text(cause));
        headers.add(TOPIC, text(place.topic()));
        headers.add(PARTITION, text(String.valueOf(place.partition())));
        headers.add(OFFSET, text(String.valueOf(place.offset())));
        headers.add(TIMESTAMP, text(String.valueOf(timestamp)));
        return headers;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
