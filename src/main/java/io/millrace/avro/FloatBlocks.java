package io.millrace.avro;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.Decoder;

/**
 * Copies the blocks of an Avro {@code array<float>}, whose bytes are little-endian float memory, into a {@code float[]}.
 * See the Avro 1.12 specification, "Binary encoding": an array is a series of blocks of a count and that many items, the last
 * with count 0. A writer may use several blocks.
 */
final class FloatBlocks {
    private static final int INITIAL_BYTES = 4096;
    private static final float[] EMPTY = {};

    private byte[] scratch = new byte[INITIAL_BYTES];

    /**
     * Reads one whole array. Allocates the result and nothing else once the scratch has grown. Never allocates more than the
     * record holds: each block is checked against the bytes that are left.
     *
     * @param counts where block counts are read; knows the schema
     * @param bytes the decoder under {@code counts}, where the floats are read
     */
    float[] read(Decoder counts, BinaryDecoder bytes) throws IOException {
        float[] out = EMPTY;
        for (long count = counts.readArrayStart(); count != 0; count = counts.arrayNext()) {
            int left = bytes.remainingBytes();
            if (count < 0 || count > left / Float.BYTES) {
                throw new EOFException(
                        "a block of " + count + " floats cannot be in the " + left + " bytes that are left");
            }
            int size = (int) count * Float.BYTES;
            if (scratch.length < size) {
                scratch = new byte[size];
            }
            bytes.readFixed(scratch, 0, size);
            int at = out.length;
            out = at == 0 ? new float[(int) count] : Arrays.copyOf(out, at + (int) count);
            ByteBuffer.wrap(scratch, 0, size)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(out, at, (int) count);
        }
        return out;
    }

    /** Reads one whole array element by element, where the writer's elements have to be promoted to float. */
    static float[] readPromoted(Decoder elements) throws IOException {
        float[] out = EMPTY;
        int size = 0;
        for (long count = elements.readArrayStart(); count > 0; count = elements.arrayNext()) {
            for (long i = 0; i < count; i++) {
                float element = elements.readFloat(); // throws at the end of the record, so growing in steps is bounded
                if (size == out.length) {
                    out = Arrays.copyOf(out, Math.max(16, size * 2));
                }
                out[size++] = element;
            }
        }
        return Arrays.copyOf(out, size);
    }
}
