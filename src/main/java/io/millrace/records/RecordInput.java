package io.millrace.records;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.DecoderFactory;

/**
 * The Avro bytes of one record, read with Avro's decoder; float arrays are read directly from memory.
 *
 * <p>An Avro {@code array<float>} is a series of blocks, each a count and that many little-endian floats, the last with
 * count 0 (Avro 1.12 specification, "Binary encoding"). A writer may use several blocks. This object is reused for each
 * record.
 */
final class RecordInput {
    private static final float[] EMPTY = {};

    private byte[] data;
    private int end;
    private BinaryDecoder decoder;

    void open(byte[] data, int offset, int length) {
        this.data = data;
        end = offset + length;
        decoder = DecoderFactory.get().binaryDecoder(data, offset, length, decoder);
    }

    BinaryDecoder decoder() {
        return decoder;
    }

    int remaining() {
        return decoder.remainingBytes();
    }

    /**
     * Reads one whole {@code array<float>}. Allocates only the result, and never more than the size of the record: each
     * block is checked against the remaining bytes.
     *
     * @param counts source of the block counts: the decoder itself, or one on top of it that follows the schema
     */
    float[] readFloats(Decoder counts) throws IOException {
        float[] out = EMPTY;
        for (long count = counts.readArrayStart(); count != 0; count = counts.arrayNext()) {
            int left = remaining();
            if (count < 0 || count > left / Float.BYTES) {
                throw new EOFException(
                        "a block of " + count + " floats cannot be in the " + left + " bytes that are left");
            }
            int at = out.length;
            int floats = (int) count;
            out = at == 0 ? new float[floats] : Arrays.copyOf(out, at + floats);
            ByteBuffer.wrap(data, end - left, floats * Float.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(out, at, floats);
            decoder.skipFixed(floats * Float.BYTES);
        }
        return out;
    }

    /** Reads the next element of an array. */
    interface Element {
        float read() throws IOException;
    }

    /** Reads one whole array element by element, where the writer's elements must be converted to floats. */
    static float[] readElements(Decoder array, Element elements) throws IOException {
        float[] out = EMPTY;
        int size = 0;
        for (long count = array.readArrayStart(); count > 0; count = array.arrayNext()) {
            for (long i = 0; i < count; i++) {
                float element = elements.read(); // throws at the end of the record, so growth in steps is bounded
                if (size == out.length) {
                    out = Arrays.copyOf(out, Math.max(16, size * 2));
                }
                out[size++] = element;
            }
        }
        return Arrays.copyOf(out, size);
    }
}
