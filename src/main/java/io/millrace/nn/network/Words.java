package io.millrace.nn.network;

import io.millrace.nn.layer.LayerTextException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a text word by word: runs of letters, digits, underlines and points, and other signs one by one. Columns count from 1. */
final class Words {
    private static final Pattern NEXT = Pattern.compile("\\s*([A-Za-z0-9_.]+|[^\\s])");
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_.]+");

    private final String text;
    private int at; // what is before has been read

    Words(String text) {
        this.text = text;
    }

    private Matcher ahead() {
        return NEXT.matcher(text).region(at, text.length());
    }

    /** The next word or sign; empty at the end. */
    String peek() {
        Matcher next = ahead();
        return next.lookingAt() ? next.group(1) : "";
    }

    /** The column of the next word or sign. */
    int column() {
        Matcher next = ahead();
        return (next.lookingAt() ? next.start(1) : text.length()) + 1;
    }

    /** The column behind the last word or sign. */
    int end() {
        return at + 1;
    }

    /** Reads the next word or sign if it is this one. */
    boolean taken(String sign) {
        if (!peek().equals(sign)) {
            return false;
        }
        at = column() - 1 + sign.length();
        return true;
    }

    /**
     * Reads the next word.
     *
     * @param missing what is wrong if there is none
     */
    String next(String missing) {
        String word = peek();
        if (!WORD.matcher(word).matches()) {
            throw new LayerTextException(column(), word, missing);
        }
        taken(word);
        return word;
    }

    /** Reads up to a sign, and the sign; null if it does not come. */
    String until(char sign) {
        int end = text.indexOf(sign, at);
        if (end < 0) {
            return null;
        }
        String read = text.substring(at, end);
        at = end + 1;
        return read;
    }

    /** What has been read from a column on. */
    String from(int column) {
        return at < column ? "" : text.substring(column - 1, at).strip();
    }

    /** The text from a column on. */
    String rest(int column) {
        return text.substring(column - 1);
    }
}
