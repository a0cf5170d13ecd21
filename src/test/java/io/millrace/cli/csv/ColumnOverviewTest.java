package io.millrace.cli.csv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user sees of a file before anything starts. */
class ColumnOverviewTest {
    private static final Path FILES = Path.of("src/test/resources/fixtures/csv");

    @TempDir
    Path directory;

    private static String overview(Path file, DialectOptions options) {
        return String.join(
                        "\n",
                        CsvColumns.survey(file, null, "classification", options, Long.MAX_VALUE)
                                .overview())
                + "\n";
    }

    @Test
    void shouldShowAFileOfASpreadsheetOfGermany() {
        assertThat(overview(FILES.resolve("orders-latin1.csv"), new DialectOptions()))
                .isEqualTo("""
                orders-latin1.csv, 40 rows, 9 columns
                - the file is not valid UTF-8 and is read as Latin-1 (windows-1252)
                - the columns are separated by ';', as the first line says
                - numbers have decimal commas: Betrag

                column    type                     missing  distinct  example
                Nr        number                         0        40  1000
                Datum     time(hour|weekday|year)        0        40  15.09.2024 14:15
                Kunde     category                       0        15  K15
                Menge     number                         0         9  9
                Betrag    log                            0        40  245,61
                Währung   left out: it is always "EUR"
                Bezahlt   oneof(ja|nein)                 0         2  nein
                Art       oneof(Bad|Büro|Küche) ?       12         3  Bad
                Rückgabe  the label                      0         2  ja
                """);
    }

    @Test
    void shouldShowGapsTextsIdsAndEpochs() {
        assertThat(overview(FILES.resolve("passengers.csv"), new DialectOptions()))
                .isEqualTo("""
                passengers.csv, 40 rows, 9 columns

                column       type                missing  distinct  example
                PassengerId  left out: it counts the records
                Name         words                     0        40  Heikkinen, Miss. Laina 0
                Sex          oneof(female|male)        0         2  male
                Age          number ?                  7        30  17
                Fare         number                    0        40  33.372
                Ticket       left out: it has another text in nearly every record
                Cabin        category ?               30         7  C8
                Boarded      time(hour)                0        40  1712570400000
                Survived     the label                 0         2  yes
                """);
    }

    @Test
    void shouldShowAColumnInOneLineWhateverItsTextsAre() throws IOException {
        Path file = directory.resolve("lines.csv");
        Files.writeString(file, "text,late\n" + "\"a\nb\",yes\nc,no\nc,yes\n".repeat(20));
        assertThat(overview(file, new DialectOptions()))
                .contains("oneof('a b'|c)")
                .doesNotContain("a\nb");
    }

    @Test
    void shouldKeepAConstantNumberInAFileOfNumbers() {
        DialectOptions options = new DialectOptions();
        options.noHeader = true;
        assertThat(overview(FILES.resolve("no-header.tsv"), options)).isEqualTo("""
                no-header.tsv, 30 rows, 4 columns
                - the columns seem to be separated by tabs (--separator names another one)
                - there is no header row: the columns are named c1, c2, ...

                column  type       missing  distinct  example
                c1      number           0        30  -0.990
                c2      number           0        30  7.136
                c3      number           0         1  7
                c4      the label        0         2  down
                """);
    }

    @Test
    void shouldFitATerminalWhateverTheFile() throws IOException {
        String wide = "a column with a long name".repeat(9);
        String text = wide + ",id," + String.join(",", Collections.nCopies(2000, "x")) + ",y\n";
        StringBuilder rows = new StringBuilder(text);
        for (int i = 0; i < 30; i++) {
            rows.append("some words\u0007".repeat(40), 0, 300)
                    .append(i % 13)
                    .append(",")
                    .append(i)
                    .append(",");
            rows.append(String.join(",", Collections.nCopies(2000, String.valueOf(i % 7))));
            rows.append(i % 3 == 0 ? ",yes\n" : ",no\n");
        }
        Path file =
                Files.writeString(directory.resolve("wide.csv"), rows.toString().replace("\u0007", " "));
        assertThat(overview(file, new DialectOptions()).lines())
                .hasSizeLessThan(30)
                .allMatch(line -> line.length() <= 80)
                .contains("id                        left out: it counts the records")
                .anyMatch(line -> line.startsWith("... ") && line.contains("1979 other columns"))
                .anyMatch(line -> line.startsWith("y ") && line.contains("the label"));
    }
}
