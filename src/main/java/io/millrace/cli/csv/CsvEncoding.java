package io.millrace.cli.csv;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * The encoding of a file without a byte order mark: UTF-8, or Latin-1 if the bytes that are no UTF-8 outnumber the
 * characters beyond ASCII. A few bytes that are no UTF-8 are damage.
 */
final class CsvEncoding {
    /** Latin-1 with the characters that Windows puts in place of control characters, as browsers read it. */
    static final Charset LATIN_1 = Charset.forName("windows-1252");

    private static final int BUFFER = 1 << 16;

    private CsvEncoding() {}

    /** Reads all bytes. */
    static Charset of(InputStream in) throws IOException {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer bytes = ByteBuffer.allocate(BUFFER);
        CharBuffer chars = CharBuffer.allocate(BUFFER);
        long damaged = 0;
        long beyondAscii = 0;
        for (int read = 0; read >= 0; ) {
            read = in.read(bytes.array(), bytes.position(), bytes.remaining());
            bytes.position(bytes.position() + Math.max(0, read)).flip();
            for (CoderResult result = CoderResult.OVERFLOW; !result.isUnderflow(); ) {
                result = decoder.decode(bytes, chars, read < 0);
                if (result.isError()) {
                    damaged++;
                    bytes.position(bytes.position() + result.length());
                }
                beyondAscii += beyondAscii(chars.flip());
                chars.clear();
            }
            bytes.compact();
        }
        return damaged > beyondAscii ? LATIN_1 : StandardCharsets.UTF_8;
    }

    private static long beyondAscii(CharBuffer chars) {
        return chars.chars().filter(c -> c >= 0x80).count();
    }
}
