package io.millrace.watch;

import io.millrace.topology.record.DeadLetterInfo;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A dead letter.
 *
 * @param time at which it was written, ms
 * @param cause what was wrong, without full stop
 * @param topic of the refused record
 * @param partition of that topic
 * @param offset in that partition
 * @param bytes size of the value
 * @param value its beginning: the text, or the bytes in hex
 */
record Letter(long time, String cause, String topic, int partition, long offset, int bytes, String value) {
    private static final int MOST_CHARS = 300;
    private static final int MOST_BYTES = 60;

    static Letter of(ConsumerRecord<byte[], byte[]> record) {
        DeadLetterInfo refusal = DeadLetterInfo.of(record.headers());
        byte[] value = record.value() == null ? new byte[0] : record.value();
        return new Letter(
                record.timestamp(),
                refusal.cause(),
                refusal.topic(),
                refusal.partition(),
                refusal.offset(),
                value.length,
                beginning(value));
    }

    private static String beginning(byte[] value) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value))
                    .toString();
            if (text.codePoints().noneMatch(c -> Character.isISOControl(c) && !Character.isWhitespace(c))) {
                return text.length() <= MOST_CHARS ? text : text.substring(0, MOST_CHARS) + "...";
            }
        } catch (CharacterCodingException e) {
            // not a text
        }
        HexFormat hex = HexFormat.ofDelimiter(" ");
        return value.length <= MOST_BYTES
                ? hex.formatHex(value)
                : hex.formatHex(Arrays.copyOf(value, MOST_BYTES)) + " ...";
    }
}
