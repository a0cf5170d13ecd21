package io.millrace.learner.state;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;

/** Reads the chunks of {@link StateWriter}, and refuses damaged ones. */
public final class StateReader {
    private static final long COUNT_END = 1L << 62;
    private static final int SMALL_COUNT_END = 1 << 30;

    private final List<byte[]> chunks;
    private int next;
    private ByteBuffer current = ByteBuffer.allocate(0);

    /**
     * @param chunks all chunks in order
     * @throws IllegalStateException when they are damaged, incomplete, or of an unknown format
     */
    public StateReader(List<byte[]> chunks) {
        this.chunks = chunks;
        nextChunk();
        if (current.remaining() < 8 || current.getInt() != StateWriter.MAGIC) {
            throw new IllegalStateException("this is no saved state of a Millrace learner");
        }
        int version = current.getInt();
        if (version != StateWriter.VERSION) {
            throw new IllegalStateException("the saved state has format " + version + ", this Millrace reads format "
                    + StateWriter.VERSION + ": start the Millrace that wrote it, or a newer one");
        }
    }

    /**
     * @param firstChunk chunk 0 of a state
     * @return the number of chunks that the state consists of
     * @throws IllegalStateException when the chunk is damaged
     */
    public static int chunkCount(byte[] firstChunk) {
        int count = checked(firstChunk, 0).getInt(8);
        if (count < 1) {
            throw new IllegalStateException("the saved state claims to have " + count + " chunks");
        }
        return count;
    }

    private static ByteBuffer checked(byte[] chunk, int index) {
        if (chunk == null || chunk.length < StateWriter.HEADER_BYTES) {
            throw new IllegalStateException("chunk " + index + " of the saved state is missing");
        }
        ByteBuffer buffer = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
        CRC32C crc = new CRC32C();
        crc.update(chunk, 4, chunk.length - 4);
        if (buffer.getInt(0) != (int) crc.getValue() || buffer.getInt(4) != index) {
            throw new IllegalStateException("chunk " + index + " of the saved state is damaged");
        }
        return buffer;
    }

    private void nextChunk() {
        if (next >= chunks.size()) {
            throw new IllegalStateException("the saved state ends too early, after " + next + " chunks");
        }
        current = checked(chunks.get(next), next);
        if (current.getInt(8) != chunks.size()) {
            throw new IllegalStateException(
                    "the saved state has " + chunks.size() + " chunks, " + current.getInt(8) + " were written");
        }
        current.position(StateWriter.HEADER_BYTES);
        next++;
    }

    private ByteBuffer available(int bytes) {
        if (current.remaining() < bytes) {
            nextChunk();
        }
        return current;
    }

    public int getInt() {
        return available(Integer.BYTES).getInt();
    }

    public long getLong() {
        return available(Long.BYTES).getLong();
    }

    /** Reads a count. Refuses what no stream reaches, because a learner that counts on would overflow. */
    public long getCount() {
        return count(getLong(), COUNT_END);
    }

    /** Reads a count that was written as an integer. */
    public int getSmallCount() {
        return (int) count(getInt(), SMALL_COUNT_END);
    }

    private static long count(long count, long end) {
        if (count < 0 || count >= end) {
            throw new IllegalStateException("the saved state counts " + count + ", which no learner has written");
        }
        return count;
    }

    /** Reads an event time, ms. */
    public long getTime() {
        long time = getLong();
        if (time < 0) {
            throw new IllegalStateException("the saved state holds an event time of " + time + ", before 1970");
        }
        return time;
    }

    public double getDouble() {
        return available(Double.BYTES).getDouble();
    }

    public void getDoubles(double[] values) {
        getDoubles(values, values.length);
    }

    public void getDoubles(double[] values, int length) {
        expectLength(length);
        for (int i = 0; i < length; i++) {
            values[i] = getDouble();
        }
    }

    public String getText() {
        return new String(getBytes(), StandardCharsets.UTF_8);
    }

    /** Reads as many integers as were written. */
    public int[] getInts() {
        int[] values = new int[possibleLength("integers", Integer.BYTES)];
        for (int i = 0; i < values.length; i++) {
            values[i] = getInt();
        }
        return values;
    }

    private int possibleLength(String what, int size) {
        int length = getInt();
        long left = current.remaining();
        for (byte[] chunk : chunks.subList(next, chunks.size())) {
            left += chunk == null ? 0 : chunk.length;
        }
        if (length < 0 || (long) length * size > left) {
            throw new IllegalStateException("the saved state holds " + what + " of impossible length " + length);
        }
        return length;
    }

    /** Reads counts that were written as integers, as many as there are. */
    public void getSmallCounts(int[] counts) {
        expectLength(counts.length);
        for (int i = 0; i < counts.length; i++) {
            counts[i] = getSmallCount();
        }
    }

    public byte[] getBytes() {
        int length = possibleLength("bytes", 1);
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = available(1).get();
        }
        return bytes;
    }

    public void getFloats(float[] values, int length) {
        expectLength(length);
        for (int from = 0; from < length; ) {
            available(Float.BYTES);
            int count = Math.min(length - from, current.remaining() / Float.BYTES);
            current.asFloatBuffer().get(values, from, count);
            current.position(current.position() + count * Float.BYTES);
            from += count;
        }
    }

    private void expectLength(int expected) {
        int length = getInt();
        if (length != expected) {
            throw new IllegalStateException(
                    "the saved state holds " + length + " numbers where " + expected + " belong");
        }
    }
}
