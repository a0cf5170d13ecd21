package io.millrace.cli.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cli.console.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a header and the row after it tell of a file that is not what it seems. */
class CsvHeaderTest {
    @TempDir
    Path directory;

    private CsvTable open(String content, String label) throws IOException {
        return CsvTable.labelled(Files.writeString(directory.resolve("a.csv"), content), label);
    }

    private List<String> warnings(String content) throws IOException {
        try (CsvTable table = open(content, null)) {
            return table.warnings();
        }
    }

    private List<LabelledRow> rows(String content) throws IOException {
        List<LabelledRow> rows = new ArrayList<>();
        try (CsvTable table = open(content, null)) {
            assertThat(table.warnings()).isEmpty();
            table.forEach(rows::add);
        }
        return rows;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "temp;load;state\n1,288;7,899;yes\n",
                "temp;load;state\n1.288;7.899;yes\n",
                "temp;load;state\n",
                "\"temp\";\"load\";\"state\"\n1,2;3,4;\"yes\"\n",
                "Price, EUR;Count;State\n10,20;4;low\n",
                "Price, EUR;State\n10,20;low\n",
                "Preis;Zustand, heute\n10,20;gut\n",
                "time;temp, C;state\n2024-01-01;10,20;low\n",
                "temp;load, kW;y\n1,5;2,5;3,5\n",
                "sep=;\ntemp;load;state\n1;2;yes\n",
                "\"sep=;\"\r\ntemp;load;state\r\n1;2;yes\r\n"
            })
    void shouldRefuseColumnsSeparatedBySemicolons(String content) {
        assertThatThrownBy(() -> open(content, null))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("separated by ';'")
                .hasMessageContaining("points in decimal numbers");
    }

    @Test
    void shouldRefuseColumnsSeparatedByTabsOrBars() {
        assertThatThrownBy(() -> open("temp\tload\tstate\n1,2\t3\tyes\n", null))
                .hasMessageContaining("separated by tabs (line 1: temp load state)");
        assertThatThrownBy(() -> open("temp|load|state\n1|3|yes\n", null)).hasMessageContaining("separated by '|'");
        assertThatThrownBy(() -> open("sep=\t\ntemp\tload\tstate\n1\t3\tyes\n", null))
                .hasMessageContaining("separated by tabs");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "temp;C,load,state\n1,2,yes\n",
                "x,tags;all\n1,red;blue\n",
                "a,b,c;d\n1,2,x;3\n",
                "\"a;b\",\"c;d\"\n1,yes\n",
                "a,b,y\n1,2,\"no; never\"\n"
            })
    void shouldLeaveSemicolonsThatSeparateNothing(String content) throws IOException {
        assertThat(rows(content)).hasSize(1).allMatch(row -> row.fault() == null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sep=,\n", "SEP=,\r\n", "\uFEFFsep=,\n", "\"sep=,\"\n", "\n sep=, \n"})
    void shouldPassOverTheLineBywhichASpreadsheetIsTold(String line) throws IOException {
        LabelledRow row = rows(line + "a,b,y\n1,2,yes\n").get(0);
        assertThat(row.features()).containsExactly(1, 2);
        assertThat(row.labels()).containsExactly("yes");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "4.2,3.5,1.4,alpha|4.2,3.5,1.4,alpha",
                "4.2,,1.4,alpha|4.2,,1.4,alpha",
                "1,2,3|1,2,3",
                "\"4.2\", 3.5 ,alpha|\"4.2\", 3.5 ,alpha"
            })
    void shouldWarnOfAHeaderThatLooksLikeAnExample(String header, String shown) throws IOException {
        assertThat(warnings(header + "\n5,6,1.5,beta\n"))
                .first()
                .asString()
                .startsWith("line 1 of " + directory.resolve("a.csv") + " is read as its header row, but looks like an"
                        + " example: " + shown + ".");
    }

    @Test
    void shouldNotWarnOfNamesWithNumbers() throws IOException {
        assertThat(warnings("x1,2x,1990s,y\n1,2,3,yes\n")).isEmpty();
    }

    @Test
    void shouldRefuseTwoColumnsOfTheLabelsName() {
        for (String label : new String[] {null, "y"}) {
            assertThatThrownBy(() -> open("y,a, y\u00A0\nyes,1,yes\n", label))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("has 2 columns named \"y\" (1 and 3), and one of them is the label")
                    .hasMessageNotContaining("header row?");
        }
        assertThatThrownBy(() -> open("a,gro\u0308\u00dfe,gr\u00f6\u00dfe\n1,2,3\n", null))
                .hasMessageContaining("(2 and 3)");
        assertThatThrownBy(() -> open("3,5,3\n1,2,3\n", null)).hasMessageContaining("Is line 1 a header row?");
        assertThatThrownBy(() -> open("a,y,b,y\n1,0,2,1\n", "b,y")).hasMessageContaining("(2 and 4)");
    }

    @Test
    void shouldWarnOfOtherDoubles() throws IOException {
        assertThat(warnings("a,b, a,a,y\n1,2,3,4,yes\n"))
                .singleElement()
                .asString()
                .contains("line 1", "columns with the same name: \"a\" (columns 1 and 3 and 4). Each is a separate");
    }

    @Test
    void shouldWarnOfColumnsWithoutAName() throws IOException {
        assertThat(warnings(",a,b,y\n0,1,2,yes\n"))
                .singleElement()
                .asString()
                .contains("line 1", "without a name: 1.", "to_csv(index=False)");
        assertThat(warnings("Unnamed: 0,a,y\n0,1,yes\n"))
                .singleElement()
                .asString()
                .contains("1 (\"Unnamed: 0\")");
        assertThat(warnings("a,b,y,\n0,1,yes,\n"))
                .singleElement()
                .asString()
                .contains("4, the label (does each line end with a comma?)");
    }

    @Test
    void shouldFindALabelThatLooksTheSame() throws IOException {
        try (CsvTable table = open("gro\u0308\u00dfe\u200b,a\nviel,1\n", " gr\u00f6\u00dfe ")) {
            assertThat(table.features()).isOne();
        }
    }

    @Test
    void shouldTakeNoBlanksForAPartOfNamesNumbersOrLabels() throws IOException {
        LabelledRow row = rows("\uFEFF\uFEFFa,\u2003b\t,\u00A0y \n\u00A01.5\u202F,\t-2e1\u200b,\u2060yes\u00A0\u200b\n")
                .get(0);
        assertThat(row.features()).containsExactly(1.5f, -20);
        assertThat(row.labels()).containsExactly("yes");
    }

    @Test
    void shouldReadQuotesAmongBlanks() throws IOException {
        LabelledRow row = rows("\"a\", \"b\",\t\"y\"\n1.5,\u00A0\"2\" , \" yes, \"\"no\"\"\"\t\n")
                .get(0);
        assertThat(row.features()).containsExactly(1.5f, 2);
        assertThat(row.labels()).containsExactly("yes, \"no\"");
    }

    @Test
    void shouldPassOverLinesOfBlanks() throws IOException {
        assertThat(rows(" \t\na,y\n\u00A0\n1,yes\r\n \r\n2,no\n\u200b\n")).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3d", "3d ", "3f\u00A0", "0x10", "0x1p3", "1 000", "1\u00A0000", "\u0663", "1,5", "", " "})
    void shouldTakeNothingButNumbersForNumbers(String cell) {
        assertThat(CsvTable.number(cell)).isNaN();
    }
}
