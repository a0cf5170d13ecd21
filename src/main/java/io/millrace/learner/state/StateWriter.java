package io.millrace.learner.state;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Writes saved state as a list of chunks that fit into Kafka records. Little-endian.
 *
 * <p>A chunk consists of its CRC-32C (4 bytes, over the rest), its index and the number of chunks (4 bytes each), and the payload. The
 * payload of chunk 0 begins with the format's magic number and version. {@link StateReader} reads it.
 */
public final class StateWriter {
    /** Largest size of a chunk, in bytes: half the default limit of producers and brokers. */
    public static final int CHUNK_BYTES = 512 * 1024;

    static final int MAGIC = 0x4352_4c4d; // "MLRC"
    public static final int VERSION = 1;
    public static final int HEADER_BYTES = 12;

    /** Initial size of the first buffer, which grows; most states are small. */
    private static final int FIRST_BYTES = 4 * 1024;

    private final List<ByteBuffer> chunks = new ArrayList<>();
    private ByteBuffer current;
    private int chunkBytes = CHUNK_BYTES;

    /** Starts a state. */
    public StateWriter() {
        next(FIRST_BYTES);
        putInt(MAGIC);
        putInt(VERSION);
    }

    private void next(int bytes) {
        current = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        current.position(HEADER_BYTES);
        chunks.add(current);
    }

    /**
     * Starts a new chunk with what follows. So a part of the state that changes seldom stays the same, byte by byte, whatever comes before.
     *
     * @param bytes the largest payload of a chunk from now on; more than fits into {@value #CHUNK_BYTES} bytes counts as that
     */
    public void startChunk(long bytes) {
        chunkBytes = (int) Math.min(HEADER_BYTES + bytes, CHUNK_BYTES);
        if (current.position() > HEADER_BYTES) {
            next(Math.min(FIRST_BYTES, chunkBytes));
        }
    }

    private ByteBuffer room(int bytes) {
        if (current.remaining() < bytes && current.capacity() < chunkBytes) {
            grow();
        }
        if (current.remaining() < bytes) {
            next(chunkBytes);
        }
        return current;
    }

    private void grow() {
        int bytes = Math.min(2 * current.capacity(), chunkBytes);
        current = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN).put(current.flip());
        chunks.set(chunks.size() - 1, current);
    }

    public void putInt(int value) {
        room(Integer.BYTES).putInt(value);
    }

    public void putLong(long value) {
        room(Long.BYTES).putLong(value);
    }

    public void putDouble(double value) {
        room(Double.BYTES).putDouble(value);
    }

    public void putDoubles(double[] values) {
        putDoubles(values, values.length);
    }

    public void putDoubles(double[] values, int length) {
        putInt(length);
        for (int i = 0; i < length; i++) {
            putDouble(values[i]);
        }
    }

    public void putInts(int[] values, int length) {
        putInt(length);
        for (int i = 0; i < length; i++) {
            putInt(values[i]);
        }
    }

    public void putText(String text) {
        putBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    public void putBytes(byte[] bytes) {
        putInt(bytes.length);
        for (byte value : bytes) {
            room(1).put(value);
        }
    }

    public void putFloats(float[] values, int length) {
        putInt(length);
        for (int from = 0; from < length; ) {
            room(Float.BYTES);
            int count = Math.min(length - from, current.remaining() / Float.BYTES);
            current.asFloatBuffer().put(values, from, count);
            current.position(current.position() + count * Float.BYTES);
            from += count;
        }
    }

    /** @return the chunks, each at most {@value #CHUNK_BYTES} bytes */
    public List<byte[]> chunks() {
        List<byte[]> result = new ArrayList<>(chunks.size());
        for (int i = 0; i < chunks.size(); i++) {
            ByteBuffer chunk = chunks.get(i);
            int length = chunk.position();
            chunk.putInt(4, i).putInt(8, chunks.size());
            CRC32C crc = new CRC32C();
            crc.update(chunk.array(), 4, length - 4);
            chunk.putInt(0, (int) crc.getValue());
            result.add(length == chunk.capacity() ? chunk.array() : Arrays.copyOf(chunk.array(), length));
        }
        return result;
    }
}
