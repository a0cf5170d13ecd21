package io.millrace.input.declared;

/** Texts of a record that are not in its bytes as they are. Reused; texts stay valid when the buffer grows, in the old array. */
final class TextBuffer {
    private byte[] bytes = new byte[256];
    private int size;

    void clear() {
        size = 0;
    }

    /** Makes room for a text, which then begins at {@link #size} of {@link #bytes}. */
    void reserve(int most) {
        if (most > bytes.length - size) {
            bytes = new byte[Math.max(most, (int) Math.min(Integer.MAX_VALUE - 8, 2L * bytes.length))];
            size = 0;
        }
    }

    byte[] bytes() {
        return bytes;
    }

    int size() {
        return size;
    }

    /** Ends the text, after the last byte of it. */
    void end(int size) {
        this.size = size;
    }

    /** Appends these characters as UTF-8, with {@code ?} for half a surrogate pair, as {@code String.getBytes} does. */
    void append(char[] chars, int from, int length) {
        reserve(3 * length);
        int to = size;
        for (int i = from; i < from + length; i++) {
            char c = chars[i];
            if (c < 0x80) {
                bytes[to++] = (byte) c;
            } else if (c < 0x800) {
                bytes[to++] = (byte) (0xc0 | c >> 6);
                bytes[to++] = (byte) (0x80 | c & 0x3f);
            } else if (!Character.isSurrogate(c)) {
                bytes[to++] = (byte) (0xe0 | c >> 12);
                bytes[to++] = (byte) (0x80 | c >> 6 & 0x3f);
                bytes[to++] = (byte) (0x80 | c & 0x3f);
            } else if (i + 1 < from + length && Character.isSurrogatePair(c, chars[i + 1])) {
                int point = Character.toCodePoint(c, chars[++i]);
                bytes[to++] = (byte) (0xf0 | point >> 18);
                bytes[to++] = (byte) (0x80 | point >> 12 & 0x3f);
                bytes[to++] = (byte) (0x80 | point >> 6 & 0x3f);
                bytes[to++] = (byte) (0x80 | point & 0x3f);
            } else {
                bytes[to++] = '?';
            }
        }
        size = to;
    }
}
