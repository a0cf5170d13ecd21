package io.millrace.topology.history;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * Where a learner goes on, as the checkpoint of an older Millrace tells, whose {@link Lineage} did not.
 *
 * @param topic of the examples
 * @param offset of the first record that it has not read
 * @param lastRead CRC-32C of the value of the record before, by which a topic is known that was deleted and made anew
 */
public record ResumePoint(String topic, long offset, int lastRead) {
    /** Whether it is this value that the record before had. */
    public boolean follows(byte[] last) {
        CRC32C crc = new CRC32C();
        crc.update(last == null ? new byte[0] : last);
        return (int) crc.getValue() == lastRead;
    }

    public static ResumePoint of(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        long offset = buffer.getLong();
        int lastRead = buffer.getInt();
        return new ResumePoint(StandardCharsets.UTF_8.decode(buffer).toString(), offset, lastRead);
    }

    /**
     * The lineage of a checkpoint, which knows what was read.
     *
     * @param lineage as it is stored; null when none is
     * @param nextInput as an older Millrace stored it; null when it did not
     */
    public static Lineage lineage(byte[] lineage, byte[] nextInput) {
        Lineage stored = Lineage.of(lineage);
        if (stored.inputs().isEmpty() && nextInput != null) {
            ResumePoint next = of(nextInput);
            stored.inputs()
                    .begin(
                            next.topic(),
                            "",
                            Math.min(stored.firstOffset(next.offset()), next.offset()),
                            InputHistory.START);
            stored.inputs().read(next.offset() - 1);
            stored.inputs().knownBy(next);
        }
        return stored;
    }
}
