package io.millrace.learner.state;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/** Digests of parameters, over their bytes as little-endian float32. */
public final class ParameterDigest {
    private static final int BLOCK = 4096;

    private ParameterDigest() {}

    /**
     * @param parameters canonical parameters
     * @return SHA-256 in lower-case hex
     */
    public static String sha256(float[] parameters) {
        return sha256(List.of(parameters));
    }

    /**
     * @param parts of canonical parameters, one after the other
     * @return SHA-256 of the concatenated parts in lower-case hex
     */
    public static String sha256(List<float[]> parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            parts.forEach(part -> inBlocks(part, digest::update));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /**
     * @param parameters part of canonical parameters
     * @return CRC-32C
     */
    public static long crc32c(float[] parameters) {
        CRC32C crc = new CRC32C();
        inBlocks(parameters, crc::update);
        return crc.getValue();
    }

    private static void inBlocks(float[] parameters, Consumer<ByteBuffer> sink) {
        ByteBuffer block = ByteBuffer.allocate(BLOCK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < parameters.length; from += BLOCK) {
            int count = Math.min(BLOCK, parameters.length - from);
            block.clear();
            block.asFloatBuffer().put(parameters, from, count);
            block.position(0).limit(count * Float.BYTES);
            sink.accept(block);
        }
    }
}
