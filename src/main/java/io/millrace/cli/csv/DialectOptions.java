package io.millrace.cli.csv;

import io.millrace.cli.console.UsageException;
import picocli.CommandLine.Option;

/** The options that say how a file is written, where a guess would be wrong. */
public final class DialectOptions {
    @Option(
            names = "--separator",
            paramLabel = "CHARACTER",
            description = "What separates the columns: a character, or tab. Default: guessed from the first lines.")
    String separator;

    @Option(names = "--no-header", description = "The file has no header row: its first row is an example.")
    boolean noHeader;

    /** Whether any of the options is given. */
    public boolean given() {
        return separator != null || noHeader;
    }

    /** The separator; 0 if none is given. */
    char separator() {
        if (separator == null) {
            return 0;
        }
        if (separator.equals("tab") || separator.equals("\\t")) {
            return '\t';
        }
        if (separator.length() != 1 || "\"\n\r".contains(separator) || Character.isLetterOrDigit(separator.charAt(0))) {
            throw new UsageException(
                    "--separator must be one character that is no letter, digit or quote, or \"tab\", not \""
                            + separator + "\".");
        }
        return separator.charAt(0);
    }
}
