package io.millrace.cli.csv;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How a file is written.
 *
 * @param charset its encoding, unless a byte order mark says another one
 * @param separator what stands between its columns
 * @param header whether its first row names the columns
 * @param strict whether a file is refused if another separator is likelier
 * @param remarks what was guessed, each a part of a sentence
 */
record CsvDialect(Charset charset, char separator, boolean header, boolean strict, List<String> remarks) {
    /** RFC 4180 with a header, in UTF-8. */
    static final CsvDialect STANDARD = new CsvDialect(StandardCharsets.UTF_8, ',', true, true, List.of());

    private static final int LINES = 50;

    /**
     * Guesses how a file is written. Reads it once for its encoding, and its first lines for the separator.
     *
     * @param options what is known
     */
    static CsvDialect of(Path file, DialectOptions options) {
        try {
            List<String> remarks = new ArrayList<>();
            Charset unmarked;
            try (var bytes = CsvSource.open(file)) {
                unmarked = CsvEncoding.of(bytes);
            }
            try (CsvLines lines = new CsvLines(CsvSource.open(file), unmarked)) {
                if (lines.charset().equals(CsvEncoding.LATIN_1)) {
                    remarks.add("the file is not valid UTF-8 and is read as Latin-1 ("
                            + lines.charset().name() + ")");
                } else if (!lines.charset().equals(StandardCharsets.UTF_8)) {
                    remarks.add("the file is read as " + lines.charset().name());
                }
                char separator = separator(first(lines), options, remarks);
                if (options.noHeader) {
                    remarks.add("there is no header row: the columns are named c1, c2, ...");
                }
                return new CsvDialect(unmarked, separator, !options.noHeader, false, List.copyOf(remarks));
            }
        } catch (IOException e) {
            throw CsvSource.unreadable(file, e);
        }
    }

    private static char separator(List<String> first, DialectOptions options, List<String> remarks) {
        if (options.separator() != 0) {
            return options.separator();
        }
        char declared = first.isEmpty() ? 0 : CsvRecords.separator(first.get(0));
        if (declared != 0) {
            remarks.add("the columns are separated by " + CsvSeparator.name(declared) + ", as the first line says");
            return declared;
        }
        char guessed = CsvSeparator.of(first);
        if (guessed != ',') {
            remarks.add("the columns seem to be separated by " + CsvSeparator.name(guessed)
                    + " (--separator names another one)");
        }
        return guessed;
    }

    /** The first lines that are not blank. A line whose quotes are open is one with the next. */
    private static List<String> first(CsvLines lines) throws IOException {
        List<String> first = new ArrayList<>();
        String open = "";
        CsvLines.Line line = lines.next();
        for (int i = 0; i < LINES && line != null; i++) {
            String text = open + line.text();
            boolean closed = text.chars().filter(c -> c == '"').count() % 2 == 0;
            if (closed && !Blanks.only(text)) {
                first.add(text);
            }
            open = closed ? "" : text + '\n';
            line = lines.next();
        }
        return first;
    }
}
