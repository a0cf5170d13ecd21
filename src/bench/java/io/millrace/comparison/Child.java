package io.millrace.comparison;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A process that measures something and prints it in lines of tabbed columns. */
final class Child {
    /** OpenMP's variable, which all libraries and {@link CellTimer} follow. */
    static final String THREADS = "OMP_NUM_THREADS";

    private Child() {}

    /**
     * Runs it to its end.
     *
     * @param threads how many threads it may compute with
     * @return the columns of the lines of standard output whose first column is {@code kind}
     * @throws IOException if it cannot be started, fails or prints no such line; the message is the last line of its standard error
     */
    static List<String[]> lines(String kind, List<String> command, int threads, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile("millrace-bench", ".out");
        Path err = Files.createTempFile("millrace-bench", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(command);
            String most = String.valueOf(threads);
            builder.environment().putAll(Map.of(THREADS, most, "OPENBLAS_NUM_THREADS", most));
            builder.environment().putAll(environment);
            builder.redirectOutput(out.toFile()).redirectError(err.toFile());
            int exit = builder.start().waitFor();
            List<String[]> lines = Files.readAllLines(out).stream()
                    .map(line -> line.split("\t"))
                    .filter(columns -> columns[0].equals(kind))
                    .toList();
            if (exit != 0 || lines.isEmpty()) {
                List<String> complaint = Files.readAllLines(err);
                String last = complaint.isEmpty() ? "without a word" : complaint.get(complaint.size() - 1);
                throw new IOException("ended with code " + exit + ": " + last);
            }
            return lines;
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }
}
