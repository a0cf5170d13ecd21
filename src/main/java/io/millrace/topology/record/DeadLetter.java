package io.millrace.topology.record;

import io.millrace.topology.cluster.OutputTopic;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.ByteUtils;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * A record that could not be used. Key, value and headers are written unchanged if they fit into a record together with the added headers.
 * The added headers hold the cause, the place and the timestamp of the record; the letter's own timestamp is the time at which it is
 * written.
 *
 * @param key key of the letter; null when it has none
 * @param value value of the letter; null when the record had none
 * @param headers of the letter
 */
public record DeadLetter(byte[] key, byte[] value, Headers headers) implements TrainingEvent, ServingEvent {
    public static final String CAUSE = "millrace.cause";
    static final String TOPIC = "millrace.topic";
    static final String PARTITION = "millrace.partition";
    public static final String OFFSET = "millrace.offset";
    public static final String TIMESTAMP = "millrace.timestamp";
    static final String CUT = "millrace.cut";

    /** Producers and brokers take 1,048,576 bytes by default; a letter with its added headers must fit. */
    private static final int MAX_BYTES = 1_000_000;

    /** Maximum size of the key, and of the record's own headers. */
    private static final int MAX_PART_BYTES = 100_000;

    public static final int MAX_CAUSE_CHARS = 1000;
    private static final int MOST_BYTES_OF_A_CHAR = 3;

    /** Maximum size of the header names, the other values and a batch of one record. */
    private static final int FRAME_BYTES = 700;

    /** The place where a record was read. */
    public record Place(String topic, int partition, long offset) {
        /** The place of the record that is being processed. */
        public static Place of(ProcessingContext context) {
            RecordMetadata metadata =
                    context.recordMetadata().orElseThrow(() -> new IllegalStateException("a record has no offset"));
            return new Place(metadata.topic(), metadata.partition(), metadata.offset());
        }

        @Override
        public String toString() {
            return topic + "-" + partition + "@" + offset;
        }
    }

    /**
     * Creates a letter that fits into its topic. Keys and headers that are too large are left out or cut first, then the value is cut, and
     * a header holds its full length. The complete record is at the topic, partition and offset that the letter names. If the topic demands
     * keys, a letter without a key uses the place as its key.
     *
     * @param cause what was wrong, a sentence without full stop
     * @param timestamp of the record, ms
     */
    static DeadLetter of(
            byte[] key, byte[] value, Headers original, String cause, Place place, long timestamp, OutputTopic topic) {
        int causeChars = Math.min(MAX_CAUSE_CHARS, topic.maxBytes() / 16);
        int room = Math.max(0, Math.min(MAX_BYTES, topic.maxBytes() - FRAME_BYTES - MOST_BYTES_OF_A_CHAR * causeChars));
        int most = Math.min(MAX_PART_BYTES, room / 10);
        byte[] keyBorne = cut(key == null && topic.demandsKeys() ? text(place.toString()) : key, most);
        boolean bearsHeaders = bytes(original) <= most;
        int besides = (keyBorne == null ? 0 : keyBorne.length) + (bearsHeaders ? bytes(original) : 0);
        byte[] valueBorne = cut(value, room - besides);
        Headers headers = bearsHeaders ? new RecordHeaders(original) : new RecordHeaders();
        headers.add(CAUSE, text(abbreviated(cause, causeChars)));
        headers.add(TOPIC, text(place.topic()));
        headers.add(PARTITION, text(String.valueOf(place.partition())));
        headers.add(OFFSET, text(String.valueOf(place.offset())));
        headers = timed(headers, timestamp);
        if (valueBorne != value) {
            headers.add(CUT, text("from " + value.length + " bytes"));
        }
        return new DeadLetter(keyBorne, valueBorne, headers);
    }

    /** Adds a timestamp to headers, in ms as UTF-8 text. */
    public static Headers timed(Headers headers, long timestamp) {
        return new RecordHeaders(headers).add(TIMESTAMP, text(String.valueOf(timestamp)));
    }

    /** Size of headers in a record in bytes, lengths included. */
    public static int bytes(Headers headers) {
        int bytes = 0;
        for (Header header : headers) {
            int key = Utils.utf8Length(header.key());
            int value = header.value() == null ? 0 : header.value().length;
            bytes += ByteUtils.sizeOfVarint(key) + key + ByteUtils.sizeOfVarint(value) + value;
        }
        return bytes;
    }

    /** Limits a sentence to a number of chars, because it may quote a record, its schema or a registry at any length. */
    public static String abbreviated(String sentence, int chars) {
        return sentence.length() <= chars ? sentence : sentence.substring(0, chars - 3) + "...";
    }

    private static byte[] cut(byte[] bytes, int most) {
        return bytes == null || bytes.length <= most ? bytes : Arrays.copyOf(bytes, most);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
