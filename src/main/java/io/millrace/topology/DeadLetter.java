package io.millrace.topology;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.ByteUtils;
import org.apache.kafka.common.utils.Utils;

/**
 * A record that could not be used. Key, value and headers go to the dead letters as they came, as far as they fit into a record with
 * what is added; further headers tell the cause, the
 * place and the record's timestamp: the letter's own is the time at which it is written.
 *
 * @param value the record's value, byte for byte; null when it had none
 * @param cause what was wrong, a sentence without full stop
 * @param keyless whether the record's key is not known any more
 */
record DeadLetter(byte[] value, String cause, boolean keyless) {
    static final String CAUSE = "millrace.cause";
    static final String TOPIC = "millrace.topic";
    static final String PARTITION = "millrace.partition";
    static final String OFFSET = "millrace.offset";
    static final String TIMESTAMP = "millrace.timestamp";
    static final String CUT = "millrace.cut";

    /** Producers and brokers take 1,048,576 bytes unless told otherwise; a letter must fit with what it says besides. */
    private static final int MAX_BYTES = 1_000_000;

    private static final int MAX_KEY_BYTES = 100_000;
    private static final int MAX_HEADER_BYTES = 100_000;

    /** Where a record was read. */
    record Place(String topic, int partition, long offset) {}

    DeadLetter(byte[] value, String cause) {
        this(value, cause, false);
    }

    /** Writes keys as they are, but for giant ones, which would leave no room. */
    static <K> Serializer<K> keys(Serializer<K> serializer) {
        return (topic, key) -> cut(serializer.serialize(topic, key), MAX_KEY_BYTES);
    }

    /** The letter as it fits into a record: a value that leaves no room for the rest is cut. */
    DeadLetter fitting(int keyBytes, Headers original) {
        int besides = Math.min(keyBytes, MAX_KEY_BYTES) + Math.min(bytes(original), MAX_HEADER_BYTES);
        return new DeadLetter(cut(value, MAX_BYTES - besides), cause, keyless);
    }

    /**
     * The record's own headers, unless they are giant, then the cause, the place and the timestamp in ms, each as UTF-8 text; if
     * the value had to be cut, its whole length. The whole record is where topic, partition and offset say.
     */
    Headers headers(Headers original, Place place, long timestamp, byte[] wholeValue) {
        Headers headers = bytes(original) <= MAX_HEADER_BYTES ? new RecordHeaders(original) : new RecordHeaders();
        headers.add(CAUSE, text(cause));
        headers.add(TOPIC, text(place.topic()));
        headers.add(PARTITION, text(String.valueOf(place.partition())));
        headers.add(OFFSET, text(String.valueOf(place.offset())));
        headers = timed(headers, timestamp);
        if (value != wholeValue) {
            headers.add(CUT, text("from " + wholeValue.length + " bytes"));
        }
        return headers;
    }

    /** Headers, and with them a timestamp in ms as UTF-8 text. */
    static Headers timed(Headers headers, long timestamp) {
        return new RecordHeaders(headers).add(TIMESTAMP, text(String.valueOf(timestamp)));
    }

    /** How many bytes headers take in a record, lengths included. */
    static int bytes(Headers headers) {
        int bytes = 0;
        for (Header header : headers) {
            int key = Utils.utf8Length(header.key());
            int value = header.value() == null ? 0 : header.value().length;
            bytes += ByteUtils.sizeOfVarint(key) + key + ByteUtils.sizeOfVarint(value) + value;
        }
        return bytes;
    }

    private static byte[] cut(byte[] bytes, int most) {
        return bytes == null || bytes.length <= most ? bytes : Arrays.copyOf(bytes, most);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
