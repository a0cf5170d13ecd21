package io.millrace.cli.csv;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The lines of a text file, which end with LF, CR LF or CR. A byte order mark goes
 * before the given encoding. Bytes that are not text are reported as the fault of their line. An oversized line is skipped and not kept in memory.
 */
final class CsvLines implements AutoCloseable {
    /** Enough for more than a million columns. */
    static final int MOST_CHARS = 1 << 24;

    /**
     * A line.
     *
     * @param number from 1
     * @param text without the line end
     * @param quoted whether it contains a quote
     * @param fault why the line cannot be used, a sentence without full stop; null if it can
     */
    record Line(long number, String text, boolean quoted, String fault) {}

    private final Charset charset;
    private final Reader in;
    private final char[] buffer = new char[1 << 16];
    private final StringBuilder begun = new StringBuilder(); // the part of the line that earlier buffers held
    private int at;
    private int end;
    private long number;

    /** @param unmarked the encoding if there is no byte order mark */
    CsvLines(InputStream bytes, Charset unmarked) throws IOException {
        BufferedInputStream marked = new BufferedInputStream(bytes, 1 << 16);
        marked.mark(3);
        byte[] mark = marked.readNBytes(3);
        marked.reset();
        charset = charset(mark, marked, unmarked);
        in = new InputStreamReader(marked, charset);
    }

    private static Charset charset(byte[] mark, InputStream in, Charset unmarked) throws IOException {
        int first = mark.length < 2 ? 0 : (mark[0] & 0xff) << 8 | mark[1] & 0xff;
        if (first == 0xfeff || first == 0xfffe) {
            return StandardCharsets.UTF_16; // UTF-16 itself consumes the mark
        }
        if (first == 0xefbb && mark.length == 3 && (mark[2] & 0xff) == 0xbf) {
            in.skipNBytes(3); // written by spreadsheets
            return StandardCharsets.UTF_8;
        }
        return unmarked;
    }

    /** The encoding of the text. */
    Charset charset() {
        return charset;
    }

    /** The next line; null after the last. */
    Line next() throws IOException {
        begun.setLength(0);
        boolean tooLong = false;
        while (true) {
            if (at == end && !fill()) {
                return begun.isEmpty() && !tooLong ? null : line("", tooLong);
            }
            int from = at;
            while (at < end && buffer[at] != '\n' && buffer[at] != '\r') {
                at++;
            }
            if (at < end) {
                Line line = line(new String(buffer, from, at - from), tooLong);
                skipEnd();
                return line;
            }
            if (begun.length() + at - from > MOST_CHARS) {
                tooLong = true;
                begun.setLength(0);
                begun.trimToSize();
            }
            if (!tooLong) {
                begun.append(buffer, from, at - from);
            }
        }
    }

    private boolean fill() throws IOException {
        at = 0;
        end = Math.max(0, in.read(buffer));
        return end > 0;
    }

    private void skipEnd() throws IOException {
        boolean carriageReturn = buffer[at++] == '\r';
        if (carriageReturn && (at < end || fill()) && buffer[at] == '\n') {
            at++;
        }
    }

    private Line line(String rest, boolean tooLong) {
        number++;
        if (tooLong || begun.length() + rest.length() > MOST_CHARS) {
            return new Line(number, "", false, "the line is longer than " + MOST_CHARS + " characters");
        }
        String text = begun.isEmpty() ? rest : begun.append(rest).toString();
        boolean quoted = false;
        String fault = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = true;
            } else if (c < ' ' && c != '\t') {
                fault = String.format(Locale.ROOT, "the line holds the control character U+%04X", (int) c);
            } else if (c == '\uFFFD') { // replaces bytes that are not valid
                fault = "the line holds bytes that are not " + charset.name();
            }
        }
        return new Line(number, text, quoted, fault);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
