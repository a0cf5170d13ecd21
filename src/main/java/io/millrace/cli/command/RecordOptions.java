package io.millrace.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.console.UsageException;
import io.millrace.cli.csv.CsvSource;
import io.millrace.cli.topic.OwnRecords;
import io.millrace.config.MillraceConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** The options that give records of a user's own, whose features the configuration declares. */
final class RecordOptions {
    private static final Path STANDARD_INPUT = Path.of("/dev/stdin");

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Records whose features are declared: an object of JSON in each line, gzip or plain; - for"
                    + " standard input. @key, @timestamp and @headers.name in it are not part of the value.")
    private Path file;

    @Option(
            names = "--record",
            paramLabel = "JSON",
            description = "Such a record, for example '{\"amount\": 12.5, \"plan\": \"free\"}'. May be repeated.")
    private List<String> records = List.of();

    /**
     * Whether there are such records. Refuses those that do not go with the configuration.
     *
     * @param csv the file of rows that the command was given; null if there is none
     * @throws UsageException when none or several sources are given, or the wrong one
     */
    boolean given(MillraceConfig config, Path csv) {
        int sources = (csv == null ? 0 : 1) + (file == null ? 0 : 1) + (records.isEmpty() ? 0 : 1);
        boolean declared = config.learner().declaration() != null;
        if (sources > 1) {
            throw new UsageException("Give one source of records: --csv, --json or --record.");
        }
        if (declared && (sources == 0 || csv != null)) {
            throw new UsageException("The configuration declares features, so its topics hold records of your own: give"
                    + " them with --json FILE or --record JSON.");
        }
        if (!declared && csv == null) {
            throw new UsageException(
                    sources == 0
                            ? "--csv FILE is missing: it names the rows to send."
                            : "The configuration declares no features, so records are rows of numbers: give them with --csv FILE.");
        }
        return declared;
    }

    /** Opens the records. */
    OwnRecords open(Function<ObjectNode, byte[]> encoder) {
        if (file == null) {
            String lines = records.stream()
                    .map(record -> record.replaceAll("\\R", " ")) // one in each line, however it was typed
                    .collect(Collectors.joining("\n"));
            return new OwnRecords(new BufferedReader(new StringReader(lines)), "--record", encoder);
        }
        try {
            return new OwnRecords(lines(), source().toString(), encoder);
        } catch (IOException e) {
            throw CsvSource.unreadable(source(), e);
        }
    }

    private Path source() {
        return file.toString().equals("-") ? STANDARD_INPUT : file;
    }

    private BufferedReader lines() throws IOException {
        return new BufferedReader(new InputStreamReader(CsvSource.open(source()), StandardCharsets.UTF_8.newDecoder()));
    }

    /** The number of records, at most the limit, as far as the file is read; -1 if it cannot be told before they are read. */
    long count(long limit) {
        if (file == null) {
            return Math.min(limit, records.size());
        }
        return CsvSource.count(source(), () -> {
            try (BufferedReader lines = lines()) {
                return lines.lines()
                        .filter(line -> !line.isBlank())
                        .limit(limit)
                        .count();
            }
        });
    }
}
