package io.millrace.cli.csv;

import io.millrace.cli.console.UsageException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options that name the source of labelled rows. */
public final class CsvOptions {
    @Option(
            names = "--csv",
            paramLabel = "FILE",
            description = "CSV with a header row, gzip or plain: one column, or several, are the label, the others are"
                    + " the features.")
    public Path file;

    @Option(
            names = "--label",
            paramLabel = "COLUMN[,COLUMN...]",
            description = "Column of the label. For several targets or a multi-label task: a column for each, in the"
                    + " model's order, with 0 or 1 in it if multi-label. Default: the last one.")
    public String label;

    @Option(names = "--examples", paramLabel = "N", description = "Maximum number of rows.")
    Long examples;

    public long limit() {
        if (examples != null && examples < 1) {
            throw new UsageException("--examples must be at least 1, not " + examples + ".");
        }
        return examples == null ? Long.MAX_VALUE : examples;
    }
}
