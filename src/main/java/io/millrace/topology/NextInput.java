package io.millrace.topology;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * Where a learner goes on, as its checkpoint tells.
 *
 * @param topic of the examples
 * @param offset of the first record that it has not read
 * @param lastRead CRC-32C of the value of the record before, by which a topic is known that was deleted and made anew
 */
record NextInput(String topic, long offset, int lastRead) {
    /** At an offset, after a record whose value is {@code last}. */
    static NextInput after(String topic, long offset, byte[] last) {
        return new NextInput(topic, offset, crc(last));
    }

    /** Whether it is this value that the record before had. */
    boolean follows(byte[] last) {
        return crc(last) == lastRead;
    }

    private static int crc(byte[] value) {
        CRC32C crc = new CRC32C();
        crc.update(value == null ? new byte[0] : value);
        return (int) crc.getValue();
    }

    byte[] toBytes() {
        byte[] name = topic.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + Integer.BYTES + name.length)
                .putLong(offset)
                .putInt(lastRead)
                .put(name)
                .array();
    }

    static NextInput of(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        long offset = buffer.getLong();
        int lastRead = buffer.getInt();
        return new NextInput(StandardCharsets.UTF_8.decode(buffer).toString(), offset, lastRead);
    }
}
