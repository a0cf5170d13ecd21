package io.millrace.feature.value;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** MurmurHash3_x86_32 with seed 0 (Austin Appleby, 2011, public domain). */
public final class Murmur3 {
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int C1 = 0xcc9e2d51;
    private static final int C2 = 0x1b873593;

    private Murmur3() {}

    /** Hash of the bytes {@code from} to {@code to - 1}. */
    public static int hash(byte[] bytes, int from, int to) {
        int hash = 0;
        int at = from;
        for (; at + Integer.BYTES <= to; at += Integer.BYTES) {
            hash = mixed(hash, (int) INTS.get(bytes, at));
        }
        return finished(hash, rest(bytes, at, to), to - from);
    }

    /** Hash of the same bytes with {@code a-z} for {@code A-Z}. */
    public static int hashInLowerCase(byte[] bytes, int from, int to) {
        int hash = 0;
        int at = from;
        for (; at + Integer.BYTES <= to; at += Integer.BYTES) {
            hash = mixed(hash, lowerCase((int) INTS.get(bytes, at)));
        }
        return finished(hash, lowerCase(rest(bytes, at, to)), to - from);
    }

    private static int mixed(int hash, int block) {
        return Integer.rotateLeft(hash ^ Integer.rotateLeft(block * C1, 15) * C2, 13) * 5 + 0xe6546b64;
    }

    /** Up to three bytes, the first one lowest. */
    private static int rest(byte[] bytes, int from, int to) {
        int rest = 0;
        for (int at = to - 1; at >= from; at--) {
            rest = rest << 8 | bytes[at] & 0xff;
        }
        return rest;
    }

    private static int finished(int hash, int rest, int length) {
        int h = hash ^ Integer.rotateLeft(rest * C1, 15) * C2 ^ length;
        h = (h ^ h >>> 16) * 0x85ebca6b;
        h = (h ^ h >>> 13) * 0xc2b2ae35;
        return h ^ h >>> 16;
    }

    /** Four bytes at once: the sums carry into the top bit of a byte where it is at least {@code A} and where it is above {@code Z}. */
    private static int lowerCase(int four) {
        int low = four & 0x7f7f7f7f;
        int fromA = low + (0x80 - 'A') * 0x01010101;
        int aboveZ = low + (0x7f - 'Z') * 0x01010101;
        int upper = fromA & ~aboveZ & ~four & 0x80808080;
        return four | upper >>> 2;
    }
}
