package io.millrace.cli.csv;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cli.console.UsageException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Files as spreadsheets of other countries and other programs write them: how they are read, and what is said of it. */
class CsvDialectTest {
    @TempDir
    Path directory;

    private CsvColumns columns(byte[] content, String... options) throws IOException {
        DialectOptions dialect = new DialectOptions();
        new CommandLine(CommandLine.Model.CommandSpec.create()
                        .addMixin("d", CommandLine.Model.CommandSpec.forAnnotatedObject(dialect)))
                .parseArgs(options);
        return CsvColumns.survey(
                Files.write(directory.resolve("a.csv"), content), null, "classification", dialect, Long.MAX_VALUE);
    }

    private CsvColumns columns(String content, String... options) throws IOException {
        return columns(content.getBytes(UTF_8), options);
    }

    private static List<String> remarks(CsvColumns columns) {
        return columns.overview().stream().filter(line -> line.startsWith("- ")).toList();
    }

    private static LabelledRow first(CsvColumns columns) {
        try (CsvTable table = columns.open()) {
            return table.iterator().next();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '~',
            value = {
                "x;y;class!';'",
                "x\ty\tclass!tabs",
                "x|y|class!'|'",
                "x; y; class!';'",
                "\"x\";\"y;z\";\"class\"!';'"
            })
    void shouldGuessTheSeparatorAndSayIt(String header, String name) throws IOException {
        char separator = header.replaceAll("\"[^\"]*\"", "")
                .replace("x", "")
                .replace("y", "")
                .charAt(0);
        CsvColumns columns = columns(header + "\n1.5;2;yes\n2.5;3;no\n3.5;4;\"no;\"\n".replace(';', separator));
        assertThat(first(columns).features()).containsExactly(1.5f, 2);
        assertThat(first(columns).labels()).containsExactly("yes");
        assertThat(remarks(columns))
                .containsExactly("- the columns seem to be separated by " + name + " (--separator names another one)");
    }

    @Test
    void shouldTakeTheSeparatorThatIsAskedForOrDeclared() throws IOException {
        CsvColumns asked = columns("x;a:y\n1;2:yes\n1;3:no\n", "--separator=:");
        assertThat(asked.overview()).anyMatch(line -> line.startsWith("x;a "));
        assertThat(remarks(asked)).isEmpty();
        CsvColumns declared = columns("sep=;\r\nx,a;y\r\n1;yes\r\n2;no\r\n");
        assertThat(first(declared).features()).containsExactly(1);
        assertThat(remarks(declared)).containsExactly("- the columns are separated by ';', as the first line says");
        assertThat(first(columns("x\ty\n1\tyes\n", "--separator=tab")).features())
                .containsExactly(1);
        assertThat(first(columns("sep=;\nx,y\n1,yes\n", "--separator=,")).features())
                .containsExactly(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ab", "a", "1", "\""})
    void shouldRefuseASeparatorThatCannotBeOne(String separator) {
        assertThatThrownBy(() -> columns("x,y\n1,yes\n", "--separator", separator))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--separator must be one character that is no letter, digit or quote");
    }

    @Test
    void shouldReadEmptyCellsBetweenTabs() throws IOException {
        CsvColumns columns = columns("a\tb\tc\ty\n\t\"2\"\t\"x\"\tyes\n1\t\"3\"\t\t\"no\"\n\t\t\t\n");
        try (CsvTable table = columns.open()) {
            assertThat(table).extracting(row -> row.labels().get(0)).containsExactly("yes", "no", "");
        }
    }

    @Test
    void shouldReadLatin1AndSayIt() throws IOException {
        CsvColumns columns =
                columns("gr\u00f6\u00dfe,\u20ac,y\n1,2,fr\u00fch\n2,3,sp\u00e4t\n".getBytes("windows-1252"));
        assertThat(first(columns).labels()).containsExactly("fr\u00fch");
        assertThat(columns.overview()).anyMatch(line -> line.startsWith("\u20ac "));
        assertThat(remarks(columns))
                .containsExactly("- the file is not valid UTF-8 and is read as Latin-1 (windows-1252)");
    }

    @Test
    void shouldTakeAFewBytesThatAreNotUtf8ForDamage() throws IOException {
        byte[] content = "gr\u00f6\u00dfe,y\n1,yes\n2,no?\n".getBytes(UTF_8);
        content[content.length - 2] = (byte) 0xe9;
        CsvColumns columns = columns(content);
        assertThat(remarks(columns)).isEmpty();
        try (CsvTable table = columns.open()) {
            assertThat(table)
                    .extracting(LabelledRow::fault)
                    .containsExactly(null, "the line holds bytes that are not UTF-8");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE"})
    void shouldReadUtf16AndSayIt(String charset) throws IOException {
        CsvColumns columns = columns("\uFEFFx\ty\n1\tfr\u00fch\n2\tno\n".getBytes(Charset.forName(charset)));
        assertThat(first(columns).labels()).containsExactly("fr\u00fch");
        assertThat(remarks(columns).get(0)).isEqualTo("- the file is read as UTF-16");
        assertThat(columns("\uFEFFx,y\n1,yes\n2,no\n".getBytes(UTF_16LE)).numeric())
                .isTrue();
    }

    @Test
    void shouldSayWhatToDoWhereTheHeaderLooksLikeAnExample() throws IOException {
        try (CsvTable table = columns("4.2,3.5,alpha\n5.1,3.6,beta\n").open()) {
            assertThat(table.warnings()).singleElement().asString().endsWith("If it is one, add --no-header.");
        }
        assertThatThrownBy(() -> columns("4.2,\"3.5,alpha\n5.1,3.6,beta\n", "--no-header"))
                .hasMessageContaining("in its first row (line 1) a quote is opened and not closed");
    }

    @Test
    void shouldNameTheColumnsOfAFileWithoutAHeader() throws IOException {
        CsvColumns columns = columns("4.2,3.5,alpha\n5.1,3.6,beta\n", "--no-header");
        assertThat(first(columns).features()).containsExactly(4.2f, 3.5f);
        assertThat(first(columns).line()).isOne();
        assertThat(remarks(columns)).containsExactly("- there is no header row: the columns are named c1, c2, ...");
        assertThat(columns.overview()).anyMatch(line -> line.startsWith("c3      the label"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "1,5 0,25 -3,0!1.5",
                "1,288 7,899 1,092!1.288",
                "0,066 5 7,899!0.066",
                "1.234,5 12,25 -0,5!1234.5",
                "1.234 12,25 -0,5!1234",
                "1,5e3 12,25 7!1500",
                ",5 12,25 7!0.5"
            })
    void shouldReadDecimalCommasThatCanBeNothingElse(String cells, float number) throws IOException {
        CsvColumns columns = columns("x;y\n" + cells.replace(" ", ";yes\n") + ";no\n");
        assertThat(columns.numeric()).isTrue();
        assertThat(first(columns).features()).containsExactly(number);
        assertThat(remarks(columns)).contains("- numbers have decimal commas: x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1,234 567 12", // English thousands, or decimals
                "1,5 2.5 3,5", // both
                "1,234,567 12 7", // English thousands
                "1,234.5 12 7"
            })
    void shouldRefuseCommasThatMayBeSomethingElse(String cells) {
        assertThatThrownBy(() -> columns("x;y\n" + cells.replace(" ", ";yes\n") + ";no\n"))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("The column \"x\" of ")
                .hasMessageContaining("holds \"" + cells.split(" ")[0] + "\" (line 2): the mark within the number may"
                        + " separate thousands or decimals.");
    }

    @Test
    void shouldRefuseCommasInNumbersBetweenCommas() {
        assertThatThrownBy(() -> columns("x,y\n\"1,5\",yes\n\"2,5\",no\n"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("holds \"1,5\" (line 2)")
                .hasMessageEndingWith("or separate the columns with semicolons.");
    }

    @Test
    void shouldUnderstandACommaByAnotherColumn() throws IOException {
        CsvColumns columns = columns("x;z;y\n1,234;0,5;yes\n17;1,25;no\n");
        assertThat(first(columns).features()).containsExactly(1.234f, 0.5f);
        assertThatThrownBy(() -> columns("x;z;y\n1.234;0,5;yes\n17;1,25;no\n"))
                .hasMessageContaining("holds \"1.234\" (line 2)");
    }

    @Test
    void shouldReadTargetsWithDecimalCommas() throws IOException {
        CsvColumns columns = columns("x;y\n1;2,5\n3;4,5\n");
        assertThat(first(columns).example(Labelling.TARGET).getLabel()).isEqualTo(2.5f);
    }

    @Test
    void shouldLeaveCommasInTexts() throws IOException {
        CsvColumns columns = columns("x;z;y\n1;Paris, Texas;yes\n17;Ulm;no\n");
        assertThat(columns.numeric()).isFalse();
        assertThat(remarks(columns)).hasSize(1);
    }
}
