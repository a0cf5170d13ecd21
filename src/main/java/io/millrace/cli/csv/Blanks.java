package io.millrace.cli.csv;

/**
 * Blanks around a name or a number, as Unicode has them: white space of any width, no-break spaces too, and the characters without a
 * width that spreadsheets and web pages leave beside a text. Within a text they belong to it.
 */
final class Blanks {
    private Blanks() {}

    /** The text without the blanks at both ends. */
    static String strip(String text) {
        int from = after(text, 0);
        int to = text.length();
        while (to > from && blank(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    /** Where the blanks end that begin here. */
    static int after(String text, int from) {
        int at = from;
        while (at < text.length() && blank(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /** Whether there is nothing else in it. */
    static boolean only(String text) {
        return after(text, 0) == text.length();
    }

    /** All of them are single chars: none lies beyond U+FFFF. */
    static boolean blank(char c) {
        return c <= ' ' || c >= '\u0080' && (Character.isWhitespace(c) || Character.isSpaceChar(c) || withoutWidth(c));
    }

    /** Next line (a control character that counts as a blank), soft hyphen, byte order mark, joiners, and marks of direction. */
    private static boolean withoutWidth(char c) {
        return c == '\u0085'
                || c == '\u00AD'
                || c == '\u061C'
                || c == '\u180E'
                || c >= '\u200B' && c <= '\u200F'
                || c >= '\u202A' && c <= '\u202E'
                || c >= '\u2060' && c <= '\u206F'
                || c == '\uFEFF';
    }
}
