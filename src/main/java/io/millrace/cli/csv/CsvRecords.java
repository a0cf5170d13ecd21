package io.millrace.cli.csv;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The records of a CSV file (RFC 4180): fields separated by commas or by another character, in quotes if they
 * contain it, quotes or line ends. Blanks around the quotes are ignored. So are blank lines, and a first line
 * {@code sep=,}, which tells a spreadsheet the separator.
 *
 * <p>A damaged record never affects another one. If a quote is not closed in its line, the following lines belong to
 * the record only if they close the quote, make the record as wide as the header, and none of them without quotes is a
 * complete record by itself. Otherwise only the first line is damaged, and a new record begins after it.
 */
final class CsvRecords implements AutoCloseable {
    /** The first line of a file from a spreadsheet. */
    private static final Pattern SEPARATOR = Pattern.compile("\\s*\"?sep=(.)\"?\\s*", Pattern.CASE_INSENSITIVE);

    /** The maximum number of lines in a record. */
    private static final int MOST_LINES = 100;

    private static final int MOST_COLUMNS = 1_000_000;

    /**
     * A record.
     *
     * @param line where it begins, from 1
     * @param text that line
     * @param fields its fields; empty if it is damaged
     * @param fault why it cannot be read, a sentence without full stop; null if it can
     */
    record Fields(long line, String text, List<String> fields, String fault) {
        static Fields of(CsvLines.Line line, String fault) {
            return new Fields(line.number(), line.text(), List.of(), fault);
        }
    }

    private final CsvLines lines;
    private final CsvDialect dialect;
    private final Deque<CsvLines.Line> ahead = new ArrayDeque<>();
    private int columns = -1; // not known before the header is read

    CsvRecords(CsvLines lines, CsvDialect dialect) {
        this.lines = lines;
        this.dialect = dialect;
    }

    /** The next record; null after the last. The first one is the header, which sets the width of the others. */
    Fields next() throws IOException {
        CsvLines.Line line = take();
        while (line != null && (columns < 0 && told(line.text()) || empty(line))) {
            line = take();
        }
        if (line == null) {
            return null;
        }
        Fields fields = read(line);
        if (columns < 0) {
            columns = fields.fields().size();
        }
        return fields;
    }

    private CsvLines.Line take() throws IOException {
        return ahead.isEmpty() ? lines.next() : ahead.poll();
    }

    /** Whether a line before the header tells the separator and nothing to read. */
    private boolean told(String text) {
        char separator = separator(text);
        return separator != 0 && (separator == dialect.separator() || !dialect.strict());
    }

    /** Whether the line is blank; tabs may be the separators of empty fields. */
    private boolean empty(CsvLines.Line line) {
        return line.fault() == null
                && Blanks.only(line.text())
                && (columns < 2 || line.text().indexOf(dialect.separator()) < 0);
    }

    /** The separator that a line declares if it declares nothing else; 0 for any other line. */
    static char separator(String text) {
        Matcher separator = SEPARATOR.matcher(text);
        return separator.matches() ? separator.group(1).charAt(0) : 0;
    }

    private Fields read(CsvLines.Line line) throws IOException {
        if (line.fault() != null) {
            return Fields.of(line, line.fault());
        }
        char separator = columns < 0 ? separator(line.text()) : 0;
        if (separator != 0) {
            return Fields.of(
                    line,
                    "the columns are declared as separated by " + CsvSeparator.name(separator) + "; separate"
                            + " them with commas, and use points in decimal numbers");
        }
        Parsed parsed = parse(line.text(), line.quoted());
        if (parsed.open()) {
            Parsed whole = continued(line);
            parsed = whole == null ? Parsed.fault("a quote is opened and not closed") : whole;
        }
        return new Fields(line.number(), line.text(), parsed.fields(), parsed.fault());
    }

    /**
     * The record that begins with this line and continues in the next ones. Returns null, and consumes nothing, if
     * there is none.
     */
    private Parsed continued(CsvLines.Line first) throws IOException {
        StringBuilder text = new StringBuilder(first.text());
        List<CsvLines.Line> taken = new ArrayList<>();
        Parsed whole = null;
        while (whole == null && taken.size() < MOST_LINES && text.length() <= CsvLines.MOST_CHARS) {
            CsvLines.Line line = take();
            if (line == null) {
                break;
            }
            taken.add(line);
            if (line.fault() != null || !line.quoted() && wide(parse(line.text(), false))) {
                break;
            }
            text.append('\n').append(line.text());
            if (line.quoted()) {
                Parsed parsed = parse(text.toString(), true);
                if (parsed.fault() != null) {
                    break;
                }
                whole = parsed.open() ? null : parsed;
            }
        }
        if (whole == null || columns >= 0 && !wide(whole)) {
            for (int i = taken.size() - 1; i >= 0; i--) {
                ahead.push(taken.get(i));
            }
            return null;
        }
        return whole;
    }

    private boolean wide(Parsed parsed) {
        return columns > 1 && !parsed.open() && parsed.fields().size() == columns;
    }

    /** @param open whether the text ends within quotes */
    private record Parsed(List<String> fields, String fault, boolean open) {
        static Parsed fault(String fault) {
            return new Parsed(List.of(), fault, false);
        }
    }

    private Parsed parse(String text, boolean quoted) {
        List<String> fields = new ArrayList<>(Math.max(columns, 8));
        int at = 0;
        while (fields.size() < MOST_COLUMNS) {
            int quote = quoted ? afterBlanks(text, at) : at;
            if (quoted && quote < text.length() && text.charAt(quote) == '"') {
                int close = close(text, quote + 1);
                if (close < 0) {
                    return new Parsed(fields, null, true);
                }
                fields.add(text.substring(quote + 1, close).replace("\"\"", "\""));
                at = afterBlanks(text, close + 1);
                if (at < text.length() && text.charAt(at) != dialect.separator()) {
                    return Parsed.fault("text follows a closing quote");
                }
            } else {
                int separator = text.indexOf(dialect.separator(), at);
                int end = separator < 0 ? text.length() : separator;
                fields.add(text.substring(at, end));
                at = end;
            }
            if (at == text.length()) {
                return new Parsed(fields, null, false);
            }
            at++; // the separator
        }
        return Parsed.fault("the line has more than " + MOST_COLUMNS + " columns");
    }

    /** The index after the blanks that begin at the given index; a tab may be the separator. */
    private int afterBlanks(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) != dialect.separator() && Blanks.blank(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /** Index of the quote that closes the field; -1 if there is none. Two quotes in a row stand for one in the text. */
    private static int close(String text, int from) {
        for (int at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2)) {
            if (at + 1 >= text.length() || text.charAt(at + 1) != '"') {
                return at;
            }
        }
        return -1;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
