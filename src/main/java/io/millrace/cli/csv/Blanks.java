package io.millrace.cli.csv;

/**
 * Blanks around a name or a number, as defined by Unicode: white space of any width, no-break spaces, and the
 * zero-width characters that spreadsheets and web pages leave next to a text. Blanks within a text belong to the text.
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

    /** The index after the blanks that begin at the given index. */
    static int after(String text, int from) {
        int at = from;
        while (at < text.length() && blank(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /** Whether the text consists of blanks only. */
    static boolean only(String text) {
        return after(text, 0) == text.length();
    }

    /** Every blank is a single char: no blank is above U+FFFF. */
    static boolean blank(char c) {
        return c <= ' ' || c >= '\u0080' && (Character.isWhitespace(c) || Character.isSpaceChar(c) || withoutWidth(c));
    }

    /**
     * Next line (a control character that counts as a blank), soft hyphen, byte order mark, joiners and direction
     * marks.
     */
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
