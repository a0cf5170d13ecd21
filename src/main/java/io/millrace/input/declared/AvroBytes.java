package io.millrace.input.declared;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads Avro's binary encoding from the bytes of a record (Avro 1.12 specification, "Binary encoding"). No length is believed before the
 * bytes are there. Avro's own decoder makes an object for each record, and a string of each text.
 */
final class AvroBytes {
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int LONGEST = 63; // bits before the last byte of a long

    private final TextBuffer texts = new TextBuffer();
    private byte[] data;
    private int at;
    private int end;
    private int depth;

    void open(byte[] data, int from, int to) {
        this.data = data;
        at = from;
        end = to;
        depth = 0;
        texts.clear();
    }

    /** Texts of this record that are not in its bytes. */
    TextBuffer texts() {
        return texts;
    }

    /** Enters a record inside of a record, and returns how many there are around the bytes that follow. */
    int enter() {
        return ++depth;
    }

    /** Leaves the record. */
    void leave() {
        depth--;
    }

    byte[] data() {
        return data;
    }

    /** Index of the next byte. */
    int at() {
        return at;
    }

    int remaining() {
        return end - at;
    }

    long readLong() {
        long zigzag = 0;
        for (int shift = 0; shift <= LONGEST; shift += 7) {
            if (at == end) {
                throw early();
            }
            byte b = data[at++];
            zigzag |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return zigzag >>> 1 ^ -(zigzag & 1);
            }
        }
        throw new MalformedException("a number has more than ten bytes");
    }

    int readInt() {
        long value = readLong();
        if (value != (int) value) {
            throw new MalformedException("an int is " + value);
        }
        return (int) value;
    }

    boolean readBoolean() {
        return data[skip(1)] != 0;
    }

    float readFloat() {
        return Float.intBitsToFloat((int) INTS.get(data, skip(Float.BYTES)));
    }

    double readDouble() {
        return Double.longBitsToDouble((long) LONGS.get(data, skip(Double.BYTES)));
    }

    /** Reads the length of a text or of bytes, and steps over them: they are the bytes from the result to {@link #at}. */
    int readBytes() {
        return skip(readLong());
    }

    /** Steps over bytes, and returns the index of the first one. */
    int skip(long count) {
        if (count < 0 || count > end - at) {
            throw count < 0 || count > Integer.MAX_VALUE ? new MalformedException("a length is " + count) : early();
        }
        int from = at;
        at += (int) count;
        return from;
    }

    /** Reads the index of a branch or of a symbol. */
    int readIndex(int count) {
        long index = readLong();
        if (index < 0 || index >= count) {
            throw new MalformedException("a branch or symbol has the index " + index + " of " + count);
        }
        return (int) index;
    }

    /**
     * Reads the head of a block of items, each of which has at least one byte.
     *
     * @return the number of items; 0 at the end
     */
    int readBlock() {
        long count = readLong();
        if (count < 0) { // the size of the block follows
            count = -count;
            readLong();
        }
        if (count < 0 || count > end - at) {
            throw new MalformedException(
                    "a block of " + count + " items cannot be in the " + (end - at) + " bytes that are left");
        }
        return (int) count;
    }

    /**
     * Reads the head of a block of items that are not wanted, and steps over it if it says how long it is.
     *
     * @param bytes length of each item if that is fixed, else -1
     * @return the number of items that the caller has to step over; 0: none, {@link #END}: the array ends
     */
    int skipBlock(int bytes) {
        long count = readLong();
        if (count == 0) {
            return END;
        }
        if (count < 0) {
            skip(readLong());
            return 0;
        }
        if (bytes >= 0) {
            if (bytes > 0 && count > (end - at) / bytes) {
                throw early();
            }
            skip(bytes * count);
            return 0;
        }
        if (count > end - at) {
            throw early();
        }
        return (int) count;
    }

    /** See {@link #skipBlock}. */
    static final int END = -1;

    private MalformedException early() {
        return new MalformedException("the record ends early");
    }
}
