package io.millrace.topology;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Where a learner goes on, as its checkpoint tells.
 *
 * @param topic of the examples
 * @param offset of the first record that it has not read
 */
record NextInput(String topic, long offset) {
    byte[] toBytes() {
        byte[] name = topic.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + name.length)
                .putLong(offset)
                .put(name)
                .array();
    }

    static NextInput of(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        long offset = buffer.getLong();
        return new NextInput(StandardCharsets.UTF_8.decode(buffer).toString(), offset);
    }
}
