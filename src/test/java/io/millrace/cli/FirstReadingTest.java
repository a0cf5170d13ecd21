package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.csv.DialectOptions;
import io.millrace.cli.demo.DemoStream;
import io.millrace.config.MillraceConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What demo says of a file before anything starts. */
class FirstReadingTest {
    @TempDir
    Path directory;

    private Path file(String header, int rows, IntFunction<String> row) throws IOException {
        String text = IntStream.range(0, rows).mapToObj(row).collect(Collectors.joining("\n", header + "\n", "\n"));
        return Files.writeString(directory.resolve("a.csv"), text);
    }

    private static List<String> warnings(Path file, String task) {
        return read(file, task).warnings();
    }

    private static DemoStream read(Path file, String task) {
        return DemoStream.csv(file, new DialectOptions(), null, task, Long.MAX_VALUE, List.of());
    }

    private static void assertRefused(int code, String why, Path file, String... options) {
        String[] arguments = new String[options.length + 2];
        arguments[0] = "demo";
        arguments[1] = "--csv=" + file;
        System.arraycopy(options, 0, arguments, 2, options.length);
        Invocation demo = Invocation.of(arguments);
        assertThat(demo.exitCode()).as(demo.err()).isEqualTo(code);
        assertThat(demo.err().lines()).hasSize(1).first().asString().contains(why);
        assertThat(demo.out()).isEmpty();
    }

    private static String yesNo(int row) {
        return row % 3 == 0 ? "yes" : "no";
    }

    @ParameterizedTest
    @CsvSource({
        "2024-03-01 00:00, 2024-03-01 05:00, time: time(hour)",
        "false, true, time: flag",
        "warm, cold, time: oneof(cold|warm)",
        "3d, 4d, time: oneof(3d|4d)",
        "5, '', time?: number",
        "5, 16777217, time: number"
    })
    void shouldDeclareColumnsThatAreNoNumbersWithoutGaps(String first, String other, String declared)
            throws IOException {
        Path file = file("time,a,y", 30, row -> (row % 5 == 0 ? first : other) + "," + row % 4 + "," + yesNo(row));
        DemoStream stream = read(file, "classification");
        assertThat(stream.settings())
                .containsEntry("features", declared + ", a: number")
                .containsEntry("label", "y")
                .doesNotContainKey("model.inputs");
        assertThat(stream.warnings()).isEmpty();
        assertThat(stream.rows().get()).hasSize(30).allMatch(row -> row.fault() == null && row.record() != null);
    }

    @Test
    void shouldNameTheFirstFaultOfLabelsAndBytesToo() throws IOException {
        Path text = file("a,b,y", 30, row -> row + ",1," + yesNo(row));
        assertRefused(
                1, "line 2: the label, column \"y\", holds \"yes\", which is not a finite", text, "--task=regression");
        assertRefused(1, "line 2: the label, column \"y\", holds \"yes\"", text, "--task=multilabel");
        assertRefused(
                1,
                "line 2: the label, column \"y\", holds \"yes\", which is not a class",
                text,
                "--set=model.classes=a,b");
        String utf8AndLatin1 = Files.readString(text).replace(",1,", ",\u00c3\u00bc\u00e9,");
        assertRefused(
                1,
                "all 30 rows are damaged; the first: line 2: the line holds bytes that are not UTF-8",
                Files.write(text, utf8AndLatin1.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Test
    void shouldNameTheFaultThatHidesTheOtherClass() throws IOException {
        Path file = file("a,b,y", 30, row -> row == 0 ? "1,2,yes" : "1,2,3,no");
        assertRefused(
                2,
                "has 1 value(s); a classification needs two. Is it the right column (--label)? Of the file 29 of 30 rows"
                        + " are damaged; the first: line 3: 4 columns instead of 3",
                file);
    }

    @Test
    void shouldWarnWhereManyRowsAreDamaged() throws IOException {
        assertThat(warnings(file("a,b,y", 30, row -> (row < 4 ? "1,1" : "1") + ",2," + yesNo(row)), "classification"))
                .singleElement()
                .asString()
                .contains("4 of 30 rows are damaged; the first: line 2: 4 columns instead of 3");
        assertThat(warnings(file("a,b,y", 30, row -> (row < 2 ? "1,1" : "1") + ",2," + yesNo(row)), "classification"))
                .as("the summary tells")
                .isEmpty();
    }

    @Test
    void shouldWarnOfClassesThatAreHardlyTwo() throws IOException {
        List<String> names = List.of(
                "1", "1.0", "2", "yes", "Yes", "old town", "old\u00A0town", "gro\u0308\u00df", "gr\u00f6\u00df");
        List<String> warnings = warnings(file("a,y", 90, row -> "1," + names.get(row % 9)), "classification");
        assertThat(warnings).hasSize(4);
        assertThat(warnings.get(0))
                .startsWith("the classes \"1\" (first in line 2), \"1.0\" (first in line 3) of ")
                .contains("are equal as numbers");
        assertThat(warnings.subList(1, 4)).allMatch(warning -> warning.contains("equal except for case, blanks or"));
    }

    @Test
    void shouldRefuseTextsThatNoRecordTakesAndWarnOfOthers() throws IOException {
        assertRefused(
                2,
                "The names of the 200 classes in model.classes take 1.2 MB, which is more than a record can hold: check"
                        + " that --label names the right column",
                file("a,text", 200, row -> row + "," + row + "x".repeat(6000)));
        assertThat(warnings(file("a,id", 30, row -> row % 7 + ",id" + row), "classification"))
                .singleElement()
                .asString()
                .contains("has 30 values in 30 rows, the first in line 2: is it the right column (--label)");
        assertRefused(2, "is it the right column (--label)?", file("a,text", 1001, row -> row % 7 + ",t" + row));
    }

    @Test
    void runShouldRefuseNamesThatNoRecordTakes() throws IOException {
        Path config = Files.writeString(
                directory.resolve("long.properties"),
                Files.readString(Path.of("topology/millrace.properties")).replaceAll("(?m)^model.classes.*$", "")
                        + "\nmodel.classes="
                        + IntStream.range(0, 100)
                                .mapToObj(i -> i + "x".repeat(6000))
                                .collect(Collectors.joining(","))
                        + "\n");
        Invocation run = Invocation.of("run", "--config", config.toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .contains(
                        "The names of the 100 classes in model.classes take 0.6 MB, which is more than a record can hold");
        Map<String, String> settings = new HashMap<>(MillraceConfig.read(config, Map.of()));
        settings.put("train.producer.max.request.size", "4000000");
        assertThat(MillraceConfig.of(settings).learner().classes())
                .as("with larger records")
                .hasSize(100);
    }

    @Test
    void shouldWarnOfAColumnThatCountsTheRowsAndIsNotNamedAsAnIndex() throws IOException {
        assertThat(warnings(file("minute,a,y", 30, row -> row + 1 + ",2," + yesNo(row)), "classification"))
                .singleElement()
                .asString()
                .contains("the column \"minute\"", "counts the rows", "index=False");
    }

    @Test
    void shouldLeaveOutAnIndexAndTheLabelAmongTheFeatures() throws IOException {
        DemoStream index = read(file("id,a,y", 30, row -> row + 1 + ",2," + yesNo(row)), "classification");
        assertThat(index.warnings()).isEmpty();
        assertThat(index.overview()).contains("id      left out: it counts the records");
        assertThat(index.rows().get().iterator().next().features()).containsExactly(2);
        DemoStream label = read(file("y.1,a,y", 30, row -> row * row + ",2," + row * row), "regression");
        assertThat(label.warnings()).isEmpty();
        assertThat(label.overview()).contains("y.1     left out: it repeats the label in every record");
        assertThat(label.settings()).containsEntry("model.inputs", "1");
        assertRefused(
                2,
                "has no column to learn from: \"y.1\" repeats the label in every record.",
                file("y.1,y", 30, row -> row * row + "," + row * row),
                "--task=regression");
    }

    @Test
    void shouldHaveNothingToSayOfAGoodFile() throws IOException {
        assertThat(warnings(file("a,b,y", 300, row -> row % 7 + "," + row % 11 + "," + yesNo(row)), "classification"))
                .isEmpty();
        assertThat(warnings(file("a,b,y", 300, row -> row % 7 + "," + row % 11 + "," + row * 0.1), "regression"))
                .isEmpty();
    }

    @Test
    void shouldSayWhatToDoAboutAWrongLabelAndAboutLinesBeforeTheHeader() throws IOException {
        assertThat(warnings(file("y,a,b", 30, row -> yesNo(row) + ",1," + row), "classification"))
                .singleElement()
                .asString()
                .contains("the label of ", "is it the right column (--label)");
        assertRefused(
                2,
                "line 3 has more columns: remove the text before the column names",
                file("Measurements of 2024\n", 3, row -> row == 0 ? "a,b,y" : row + ",1," + yesNo(row)));
    }

    @Test
    void shouldNameASpreadsheet() throws IOException {
        Path sheet = Files.write(directory.resolve("a.xlsx"), new byte[] {'P', 'K', 3, 4, 20, 0, 'a', ';', 'b'});
        assertRefused(2, "is a ZIP file, like the files of spreadsheets (.xlsx, .ods). Save it as CSV", sheet);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "null", "None", "<NA>", "N/A", "?"})
    void shouldWarnOfAClassThatIsAMissingLabel(String missing) throws IOException {
        Path file = file("a,b,y", 30, row -> row * 7 % 10 + ",1," + (row % 5 == 4 ? missing : yesNo(row)));
        assertThat(warnings(file, "classification"))
                .singleElement()
                .asString()
                .contains("\"" + missing + "\" (first in line 6)", "stands for a missing label");
    }
}
