package io.millrace.fuzz;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * Hostile inputs, and what a decoder may do with them: take them, or fail in one of the ways that it promises, with a sentence, and
 * allocate no more than some multiple of what it was given.
 *
 * <p>A property gives a seed; each seed stands for {@value #PER_TRY} inputs, or {@code -Dfuzz.factor} times as many (profile {@code
 * fuzz}: 20 times). A failure names its seed and the input.
 */
public final class Hostile {
    /** Inputs of a seed. */
    public static final int PER_TRY = 100;

    /** How many times as many inputs as usual are asked for. */
    public static final int FACTOR = Integer.getInteger("fuzz.factor", 1);

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long[] ABSURD = {
        -1,
        0,
        1,
        Byte.MAX_VALUE,
        255,
        65_535,
        1L << 20,
        Integer.MAX_VALUE - 8,
        Integer.MAX_VALUE,
        1L << 31,
        1L << 32,
        1L << 40,
        Integer.MIN_VALUE,
        Long.MIN_VALUE,
        Long.MAX_VALUE
    };

    /** What is fed with inputs. */
    @FunctionalInterface
    public interface Decoder {
        /** Decodes, or fails. */
        void decode(byte[] input) throws Exception;
    }

    /** Where inputs come from. */
    @FunctionalInterface
    public interface Source {
        /** The next input. */
        byte[] next(SplittableRandom random);
    }

    private final Predicate<Throwable> promised;
    private final long constantBytes;
    private final long bytesPerByte;

    /**
     * @param promised whether a failure is one that the decoder promises
     * @param constantBytes what it may allocate besides
     * @param bytesPerByte what it may allocate for a byte of input
     */
    public Hostile(Predicate<Throwable> promised, long constantBytes, long bytesPerByte) {
        this.promised = promised;
        this.constantBytes = constantBytes;
        this.bytesPerByte = bytesPerByte;
    }

    /** Feeds a decoder with the inputs of a seed. */
    public void feed(long seed, Source source, Decoder decoder) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < PER_TRY * FACTOR; i++) {
            feed("seed " + seed + ", input " + i, source.next(random), decoder);
        }
    }

    /**
     * Feeds a decoder with one input.
     *
     * @param name of the input, for the failure
     */
    public void feed(String name, byte[] input, Decoder decoder) {
        long most = constantBytes + bytesPerByte * input.length;
        Run run = run(decoder, input);
        for (int again = 0; again < 2 && run.allocated > most; again++) {
            run = run(decoder, input); // what was loaded or resolved once is not allocated again
        }
        Throwable failure = run.failure;
        if (failure != null && !(promised.test(failure) && isSentence(failure.getMessage()))) {
            throw new AssertionError(at(name, input) + " ends in " + failure, failure);
        }
        if (run.allocated > most) {
            throw new AssertionError(at(name, input) + " allocates " + run.allocated + " bytes", failure);
        }
    }

    private record Run(Throwable failure, long allocated) {}

    private static Run run(Decoder decoder, byte[] input) {
        byte[] own = input.clone();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        Throwable failure = null;
        try {
            decoder.decode(own);
        } catch (Throwable e) { // an OutOfMemoryError or StackOverflowError is what is looked for
            failure = e;
        }
        return new Run(failure, THREADS.getCurrentThreadAllocatedBytes() - before);
    }

    private static boolean isSentence(String message) {
        return message != null && message.strip().contains(" ");
    }

    private static String at(String name, byte[] input) {
        String hex = HexFormat.of().formatHex(input, 0, Math.min(input.length, 500));
        return name + ", " + input.length + " bytes " + hex + ",";
    }

    /** Random bytes, most of them short. */
    public static byte[] noise(SplittableRandom random) {
        byte[] bytes = new byte[random.nextInt(random.nextInt(1, 200))];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A damaged copy: flipped bits, other bytes, absurd lengths, a part cut out, doubled or moved, an end cut off or added. */
    public static byte[] mutated(SplittableRandom random, byte[] valid, int keep) {
        byte[] bytes = valid.clone();
        for (int changes = random.nextInt(1, 4); changes > 0 && bytes.length > keep; changes--) {
            bytes = mutated(random, bytes, keep, random.nextInt(9));
        }
        return bytes;
    }

    private static byte[] mutated(SplittableRandom random, byte[] bytes, int keep, int kind) {
        int at = random.nextInt(keep, bytes.length);
        int end = random.nextInt(at, bytes.length) + 1;
        switch (kind) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = (byte) random.nextInt();
            case 2 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 3 -> {
                return spliced(bytes, bytes.length, bytes.length, noise(random));
            }
            case 4 -> {
                return spliced(bytes, at, end, new byte[0]);
            }
            case 5 -> {
                return spliced(bytes, at, at, Arrays.copyOfRange(bytes, at, end));
            }
            case 6 -> {
                return spliced(bytes, at, Math.min(bytes.length, at + 1), varint(absurd(random)));
            }
            case 7 -> {
                return spliced(bytes, at, Math.min(bytes.length, at + 4), littleEndian((int) absurd(random)));
            }
            default -> {
                int other = random.nextInt(keep, bytes.length);
                byte moved = bytes[at];
                bytes[at] = bytes[other];
                bytes[other] = moved;
            }
        }
        return bytes;
    }

    /** A number that no honest length is. */
    public static long absurd(SplittableRandom random) {
        return ABSURD[random.nextInt(ABSURD.length)];
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] insert) {
        byte[] result = Arrays.copyOf(bytes, bytes.length - (to - from) + insert.length);
        System.arraycopy(insert, 0, result, from, insert.length);
        System.arraycopy(bytes, to, result, from + insert.length, bytes.length - to);
        return result;
    }

    /** As Avro writes longs. */
    public static byte[] varint(long value) {
        byte[] bytes = new byte[10];
        int length = 0;
        long zigzag = (value << 1) ^ (value >> 63);
        while ((zigzag & ~0x7FL) != 0) {
            bytes[length++] = (byte) (zigzag & 0x7F | 0x80);
            zigzag >>>= 7;
        }
        bytes[length++] = (byte) zigzag;
        return Arrays.copyOf(bytes, length);
    }

    private static byte[] littleEndian(int value) {
        return new byte[] {(byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24)};
    }
}
