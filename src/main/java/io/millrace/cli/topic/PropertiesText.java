package io.millrace.cli.topic;

import java.util.List;

/** Writes a properties file with comments. */
final class PropertiesText {
    private final StringBuilder text = new StringBuilder();

    void blank() {
        text.append('\n');
    }

    void comment(String line) {
        text.append("# ").append(printable(line)).append('\n');
    }

    private static String printable(String line) {
        return line.replaceAll("\\p{Cc}", " ");
    }

    /** @param key begins with a number sign if the setting is only proposed */
    void setting(String key, String value) {
        text.append(key).append('=').append(escaped(value)).append('\n');
    }

    /** A setting with a part in each line. */
    void list(String key, List<String> parts) {
        text.append(key).append('=');
        for (int i = 0; i < parts.size(); i++) {
            text.append("\\\n    ").append(escaped(parts.get(i))).append(i + 1 < parts.size() ? ", " : "");
        }
        text.append('\n');
    }

    /** As {@code Properties} reads it: backslashes and control characters escaped, and blanks at the beginning. */
    private static String escaped(String value) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\' || c == ' ' && escaped.length() == 0) {
                escaped.append('\\').append(c);
            } else if (Character.isISOControl(c)) {
                escaped.append(String.format(java.util.Locale.ROOT, "\\u%04x", (int) c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
