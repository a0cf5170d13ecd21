package io.millrace.bench;

import java.io.PrintWriter;
import java.util.Locale;

/** Prints lines, each of which is seen at once. Numbers have the same form everywhere. */
final class Lines {
    private final PrintWriter writer;

    Lines(PrintWriter writer) {
        this.writer = writer;
    }

    /** Prints one line; see {@link String#format(String, Object...)}. */
    void print(String format, Object... values) {
        writer.println(String.format(Locale.ROOT, format, values));
        writer.flush();
    }
}
