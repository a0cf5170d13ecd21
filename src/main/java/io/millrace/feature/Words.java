package io.millrace.feature;

import java.util.ArrayList;
import java.util.List;

/** The lexical part of declarations: quotation marks, brackets, and what separates. */
final class Words {
    private static final String SPECIAL = ".,:|?()[]'\"@";

    private Words() {}

    /** A problem with a text, as a sentence. */
    static IllegalArgumentException problem(String sentence) {
        return new IllegalArgumentException(sentence);
    }

    /**
     * Splits a text where a character stands outside of quotation marks and parentheses.
     *
     * @return the parts without the blanks around them, at least one
     */
    static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\'') {
                quoted = !quoted;
            } else if (!quoted && c == '(') {
                depth++;
            } else if (!quoted && c == ')') {
                depth = Math.max(0, depth - 1);
            } else if (!quoted && depth == 0 && c == separator) {
                parts.add(text.substring(start, i).strip());
                start = i + 1;
            }
        }
        parts.add(text.substring(start).strip());
        return parts;
    }

    /** Whether quotation marks open that do not close. */
    static boolean isUnclosed(String text) {
        return text.chars().filter(c -> c == '\'').count() % 2 == 1;
    }

    /** Whether each parenthesis outside of quotation marks has its counterpart. */
    static boolean isBalanced(String text) {
        String outside = text.replaceAll("'[^']*'", "");
        int depth = 0;
        for (int i = 0; i < outside.length() && depth >= 0; i++) {
            depth += outside.charAt(i) == '(' ? 1 : outside.charAt(i) == ')' ? -1 : 0;
        }
        return depth == 0;
    }

    /** The name that a word stands for; a name with other characters than usual is in quotation marks, which are doubled inside. */
    static String unquoted(String word) {
        if (word.length() >= 2 && word.startsWith("'") && word.endsWith("'")) {
            String inside = word.substring(1, word.length() - 1);
            if (inside.replace("''", "").indexOf('\'') < 0) {
                return inside.replace("''", "'");
            }
        }
        if (word.isEmpty()) {
            throw problem("a name is empty");
        }
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (SPECIAL.indexOf(c) >= 0 || Character.isWhitespace(c)) {
                throw problem("\"" + word + "\" is no name. A name with other characters than letters, digits, _ and -"
                        + " is put in quotation marks: " + quoted(word));
            }
        }
        return word;
    }

    /** The inverse of {@link #unquoted}. */
    static String quotedName(String name) {
        try {
            return name.startsWith("'") || !unquoted(name).equals(name) ? quoted(name) : name;
        } catch (IllegalArgumentException e) {
            return quoted(name);
        }
    }

    /** The name of a header that a word stands for. A dot is usual in such names and separates nothing. */
    static String unquotedHeader(String word) {
        if (!word.startsWith("'")) {
            for (String part : word.split("\\.", -1)) {
                unquoted(part.isEmpty() ? "-" : part);
            }
            return word;
        }
        return unquoted(word);
    }

    /** The inverse of {@link #unquotedHeader}. */
    static String quotedHeader(String name) {
        try {
            return name.startsWith("'") ? quoted(name) : unquotedHeader(name);
        } catch (IllegalArgumentException e) {
            return quoted(name);
        }
    }

    /** The value of an option: as a name, but dots and the like need no quotation marks. */
    static String option(String word) {
        return word.startsWith("'") ? unquoted(word) : word;
    }

    /** The inverse of {@link #option}. */
    static String quotedOption(String value) {
        boolean plain = !value.isEmpty() && value.equals(value.strip());
        for (int i = 0; i < value.length(); i++) {
            plain &= "|,()'".indexOf(value.charAt(i)) < 0;
        }
        return plain ? value : quoted(value);
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
