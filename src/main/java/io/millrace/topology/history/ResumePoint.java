package io.millrace.topology.history;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * The place where a learner continues, from a checkpoint of an older Millrace whose {@link Lineage} does not contain it.
 *
 * @param topic of the examples
 * @param offset offset of the first record that it has not read
 * @param lastRead CRC-32C of the value of the record before; it shows whether the topic was deleted and recreated
 */
public record ResumePoint(String topic, long offset, int lastRead) {
    /** Whether the record before had this value. */
    public boolean follows(byte[] last) {
        CRC32C crc = new CRC32C();
        crc.update(last == null ? new byte[0] : last);
        return (int) crc.getValue() == lastRead;
    }

    /** Decodes what an older Millrace stored. */
    public static ResumePoint of(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        long offset = buffer.getLong();
        int lastRead = buffer.getInt();
        return new ResumePoint(StandardCharsets.UTF_8.decode(buffer).toString(), offset, lastRead);
    }

    /**
     * The lineage of a checkpoint, which contains what was read.
     *
     * @param lineage stored lineage; null when there is none
     * @param nextInput next input that an older Millrace stored; null when there is none
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
