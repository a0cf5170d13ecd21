package io.millrace.cli.csv;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cli.console.UsageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class CsvTableTest {
    private static final long ALL = Long.MAX_VALUE;

    @TempDir
    Path directory;

    private Path file(String content) throws IOException {
        return Files.writeString(directory.resolve("a.csv"), content);
    }

    private static List<LabelledRow> read(Path file, String label) {
        List<LabelledRow> rows = new ArrayList<>();
        try (CsvTable table = CsvTable.labelled(file, label)) {
            table.forEach(rows::add);
        }
        return rows;
    }

    @Test
    void shouldNotTakeAByteOrderMarkForAPartOfTheFirstName() throws IOException {
        LabelledRow row = read(file("\uFEFFclass,x\nyes,2\n"), "class").get(0);
        assertThat(row.labels()).containsExactly("yes");
        assertThat(row.features()).containsExactly(2);
    }

    @Test
    void shouldCountTheRowsBeforeTheyAreRead() throws Exception {
        String content = "sep=,\nx,text,class\n1,\"two\nlines\",yes\r\n\n2,\"not closed,no\n3,c,yes";
        Path plain = file(content);
        assertThat(CsvTable.rows(plain, ALL))
                .isEqualTo(read(plain, null).size())
                .isEqualTo(3);
        assertThat(CsvTable.rows(plain, 2)).isEqualTo(2);
        Path packed = directory.resolve("a.csv.gz");
        try (GZIPOutputStream gzip = new GZIPOutputStream(Files.newOutputStream(packed))) {
            gzip.write(content.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(CsvTable.rows(packed, ALL)).isEqualTo(3);
        byte[] whole = Files.readAllBytes(packed);
        Files.write(packed, Arrays.copyOf(whole, whole.length - 9));
        assertThat(CsvTable.rows(packed, ALL)).as("cut off").isEqualTo(-1);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void shouldNotCountWhatCanBeReadOnce() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        assertThat(CsvTable.rows(pipe, ALL)).isEqualTo(-1);
        assertThat(CsvTable.rows(Path.of("/dev/stdin"), ALL)).isEqualTo(-1);
    }

    @Test
    void severalColumnsOfLabelsShouldComeInTheOrderAskedFor() throws IOException {
        Path csv = file("red,x,round,y\n1,5,0,6\n0,7\n");
        List<LabelledRow> rows = read(csv, "round, red");
        assertThat(rows.get(0).labels()).containsExactly("0", "1");
        assertThat(rows.get(0).features()).containsExactly(5, 6);
        assertThat(rows.get(0).example(Labelling.TARGETS).getLabel()).isEqualTo(List.of(0f, 1f));
        assertThat(rows.get(1).features()).containsExactly(7);
        assertThat(rows.get(1).example(Labelling.TARGETS).getLabel()).isEqualTo(List.of(Float.NaN, 0f));
    }

    @Test
    void aCommaShouldBelongToAColumnsNameIfThereIsSuchAColumn() throws IOException {
        Path csv = file("\"a,b\",a,b\n1,2,3\n");
        assertThat(read(csv, "a,b").get(0).labels()).containsExactly("1");
    }

    @Test
    void shouldRefuseLabelsThatLeaveNoFeaturesOrComeTwice() throws IOException {
        Path csv = file("a,b\n1,2\n");
        assertThatThrownBy(() -> read(csv, "a,b")).hasMessageContaining("it needs features and a label");
        assertThatThrownBy(() -> read(csv, "a,a")).hasMessage("--label a,a names a column twice.");
        assertThatThrownBy(() -> read(csv, "a,c")).hasMessageContaining("has no column \"c\"");
    }

    @Test
    void shouldReadMoreColumnsThanASpreadsheetHas() throws IOException {
        String header = String.join(",", Collections.nCopies(20_000, "x")) + ",class\n";
        String row = String.join(",", Collections.nCopies(20_000, "1")) + ",yes\n";
        assertThat(read(file(header + row), null).get(0).features()).hasSize(20_000);
    }

    @Test
    void aQuoteThatIsNotClosedShouldCostItsOwnRowAlone() throws IOException {
        List<LabelledRow> rows = read(file("x,class\n1,yes\n2,\"no\n3,yes\n4,no\"\n5,\"n\"o\n6,yes\n7,\"yes"), null);
        assertThat(rows).extracting(LabelledRow::line).containsExactly(2L, 3L, 4L, 5L, 6L, 7L, 8L);
        assertThat(rows)
                .extracting(LabelledRow::fault)
                .containsExactly(
                        null,
                        "a quote is opened and not closed",
                        null,
                        null,
                        "text follows a closing quote",
                        null,
                        "a quote is opened and not closed");
        assertThat(rows.get(1).features()).as("which every learner refuses").isEmpty();
        assertThat(rows.get(2).labels()).containsExactly("yes");
    }

    @Test
    void aQuotedFieldMayHaveLinesAndCommas() throws IOException {
        List<LabelledRow> rows =
                read(file("\"a\nb\",\"x,y\"\r\n1,\"two\r\nlines, and \"\"quotes\"\"\" \r\n\r\n2,b\r3,c"), null);
        assertThat(rows).extracting(row -> row.labels().get(0)).containsExactly("two\nlines, and \"quotes\"", "b", "c");
        assertThat(rows).extracting(LabelledRow::line).containsExactly(3L, 6L, 7L);
        assertThat(rows).extracting(LabelledRow::fault).containsOnlyNulls();
    }

    @Test
    void shouldReadTheUtf16OfSpreadsheets() throws IOException {
        Path csv = Files.write(directory.resolve("a.csv"), "\uFEFFx,class\n1,caf\u00e9\n".getBytes(UTF_16LE));
        assertThat(read(csv, null).get(0).labels()).containsExactly("caf\u00e9");
    }

    @Test
    void shouldSayWhatIsWrongWithARow() throws IOException {
        byte[] text = ("x,y,class\n1,2\n1,2,a,b\n1,x,a\n1,,a\n1,1e39,a\n1,2f,a\n1,2\u0000,a\n1,2,a\u00e9\n1,2,"
                        + "a".repeat(CsvLines.MOST_CHARS) + "\n1,2,a\n")
                .getBytes(ISO_8859_1);
        List<LabelledRow> rows = read(Files.write(directory.resolve("a.csv"), text), null);
        assertThat(rows)
                .extracting(LabelledRow::fault)
                .containsExactly(
                        "2 columns instead of 3",
                        "4 columns instead of 3",
                        "column \"y\" holds \"x\", which is not a finite number",
                        "column \"y\" is empty",
                        "column \"y\" holds \"1e39\", which is not a finite number",
                        "column \"y\" holds \"2f\", which is not a finite number",
                        "the line holds the control character U+0000",
                        "the line holds bytes that are not UTF-8",
                        "the line is longer than 16777216 characters",
                        null);
    }

    @Test
    void shouldSayThatTheHeaderCannotBeRead() throws IOException {
        Path csv = file("x,\"class\n1,yes\n");
        assertThatThrownBy(() -> read(csv, null))
                .isInstanceOf(UsageException.class)
                .hasMessage(csv + " cannot be read as CSV: in its header row (line 1) a quote is opened and not closed."
                        + " Correct it there.");
    }

    @Test
    void shouldSayThatAGzipFileIsCutOff() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write("x,class\n".getBytes(StandardCharsets.UTF_8));
            Random random = new Random(1);
            for (int i = 0; i < 100_000; i++) {
                gzip.write((random.nextFloat() + ",yes\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        for (int length : new int[] {5, 1000, bytes.size() - 3}) {
            Path csv = Files.write(directory.resolve("a.csv.gz"), Arrays.copyOf(bytes.toByteArray(), length));
            assertThatThrownBy(() -> read(csv, null))
                    .isInstanceOf(UsageException.class)
                    .hasMessage(csv + " cannot be read: its gzip data are cut off or damaged; fetch the file again.");
        }
    }

    @Test
    void shouldSayThatADirectoryIsNoFile() {
        assertThatThrownBy(() -> read(directory, null))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(directory + " cannot be read: ");
    }
}
