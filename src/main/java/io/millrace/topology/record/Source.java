package io.millrace.topology.record;

import io.millrace.learner.input.BadInputCause;
import io.millrace.learner.input.BadInputException;
import io.millrace.topology.record.DeadLetter.Place;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * The record of which a record in the learning log is a copy. The last header {@value #HEADER} contains it as the text {@code
 * topic-partition@offset timestamp topicId}, and behind that the number of bytes of a record that was too large to be copied, and with a
 * plus sign how many offsets before it were deleted before they were copied. The timestamp is there because the copy's own timestamp is the time of copying: retention then counts from that time, and brokers refuse no copy of an
 * old or future record.
 *
 * @param place where the record is
 * @param topicId Kafka's id of its topic
 * @param timestamp of the record, ms
 * @param leftOut bytes of the key, value and headers, which the copy lacks because they do not fit; 0 for a whole copy
 * @param missing offsets right before it that were deleted before they were copied
 */
public record Source(Place place, long timestamp, String topicId, int leftOut, long missing) {
    public static final String HEADER = "millrace.source";

    private static final Pattern TEXT = Pattern.compile(
            "(\\S+)-(\\d{1,9})@(\\d{1,18}) (\\d{1,18}) ([\\w-]{22})(?: (\\d{1,9}))?(?: \\+(\\d{1,18}))?");

    /** Reads the header of a copy; null when there is none. */
    public static Source of(Headers headers) {
        byte[] text = text(headers);
        Matcher parts = TEXT.matcher(text == null ? "" : new String(text, StandardCharsets.UTF_8));
        return parts.matches()
                ? new Source(
                        new Place(parts.group(1), Integer.parseInt(parts.group(2)), Long.parseLong(parts.group(3))),
                        Long.parseLong(parts.group(4)),
                        parts.group(5),
                        parts.group(6) == null ? 0 : Integer.parseInt(parts.group(6)),
                        parts.group(7) == null ? 0 : Long.parseLong(parts.group(7)))
                : null;
    }

    /** How many offsets of its source right before it were deleted before they were copied. Creates no objects where there are none. */
    public static long missing(Headers headers) {
        byte[] text = text(headers);
        int at = text == null ? 0 : text.length;
        while (at > 0 && text[at - 1] >= '0' && text[at - 1] <= '9') {
            at--;
        }
        Source source = at > 0 && text[at - 1] == '+' ? of(headers) : null;
        return source == null ? 0 : source.missing();
    }

    /** The headers of a record without the one that names its source, if it has one. */
    public static Headers without(Headers headers) {
        Header[] all = headers.toArray();
        return all.length > 0 && all[all.length - 1].key().equals(HEADER)
                ? new RecordHeaders(Arrays.copyOf(all, all.length - 1))
                : headers;
    }

    /** The timestamp of a record's source if the record is a copy, else its own. Creates no objects of its own. */
    public static long timestamp(Headers headers, long own) {
        byte[] text = text(headers);
        if (text == null) {
            return own;
        }
        int at = 0;
        while (at < text.length && text[at] != ' ') {
            at++;
        }
        long timestamp = 0;
        int digits = at + 1;
        for (at = digits; at < text.length && text[at] >= '0' && text[at] <= '9'; at++) {
            timestamp = timestamp * 10 + text[at] - '0';
        }
        return at == digits || at - digits > 18 ? own : timestamp;
    }

    /** @throws BadInputException when the record is a copy without content, because the content does not fit into the learning log */
    public static void requireWhole(Headers headers) {
        byte[] text = text(headers);
        if (text != null && spaces(text) > 2) {
            Source source = of(headers);
            if (source != null && source.leftOut() > 0) {
                throw new BadInputException(
                        BadInputCause.SIZE,
                        "the record has " + source.leftOut()
                                + " bytes and does not fit into the learning log; raise max.message.bytes of that topic, and"
                                + " max.request.size");
            }
        }
    }

    private static int spaces(byte[] text) {
        int spaces = 0;
        for (byte each : text) {
            spaces += each == ' ' ? 1 : 0;
        }
        return spaces;
    }

    private static byte[] text(Headers headers) {
        Header header = headers.lastHeader(HEADER);
        return header == null ? null : header.value();
    }

    /** Writes the headers of the copies of one partition. */
    public static final class Writer {
        private final byte[] before;
        private final byte[] after;

        public Writer(String topic, int partition, String topicId) {
            String place = new Place(topic, partition, 0).toString();
            before = ascii(place.substring(0, place.length() - 1));
            after = ascii(" " + topicId);
        }

        private static byte[] ascii(String text) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }

        /**
         * @param offset of the record
         * @param timestamp of the record, not negative, ms
         * @return value of the header
         */
        public byte[] write(long offset, long timestamp) {
            int offsetDigits = digits(offset);
            int timestampDigits = digits(timestamp);
            byte[] text = new byte[before.length + offsetDigits + 1 + timestampDigits + after.length];
            System.arraycopy(before, 0, text, 0, before.length);
            put(offset, text, before.length + offsetDigits);
            text[before.length + offsetDigits] = ' ';
            put(timestamp, text, before.length + offsetDigits + 1 + timestampDigits);
            System.arraycopy(after, 0, text, text.length - after.length, after.length);
            return text;
        }

        /**
         * As above, with what is rare.
         *
         * @param leftOut bytes of a record whose content is left out; 0 if it is whole
         * @param missing offsets right before it that were deleted before they were copied
         */
        public byte[] write(long offset, long timestamp, int leftOut, long missing) {
            return ascii(new String(write(offset, timestamp), StandardCharsets.US_ASCII)
                    + (leftOut > 0 ? " " + leftOut : "")
                    + (missing > 0 ? " +" + missing : ""));
        }

        private static int digits(long value) {
            int digits = 1;
            for (long rest = value / 10; rest > 0; rest /= 10) {
                digits++;
            }
            return digits;
        }

        private static void put(long value, byte[] text, int end) {
            long rest = value;
            int at = end;
            do {
                text[--at] = (byte) ('0' + rest % 10);
                rest /= 10;
            } while (rest > 0);
        }
    }
}
