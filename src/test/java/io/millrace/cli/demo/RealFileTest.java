package io.millrace.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.cli.Invocation;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A demo on a file of the kind that people have: nothing of it is prepared for Millrace. */
@Tag("cluster")
class RealFileTest {
    private static final int ROWS = 2000;

    @TempDir
    Path directory;

    /** Orders of two kinds of customers are returned, those of the others are not: at night, or when they are small. */
    private List<String> orders() {
        Random random = new Random(5);
        List<String> lines = new ArrayList<>(List.of("Nr;Datum;Kundenart;Betrag;Währung;Rückgabe"));
        for (int i = 0; i < ROWS; i++) {
            int hour = random.nextInt(24);
            String kind = List.of("neu", "alt", "Büro", "Händler").get(random.nextInt(4));
            double amount = Math.exp(random.nextGaussian() * 2 + 3);
            boolean known = kind.equals("alt") || kind.equals("Händler");
            boolean returned = known ? hour < 8 : amount < 20;
            lines.add(String.format(
                    Locale.ROOT,
                    "%d;%02d.03.2024 %02d:00;%s;%s;EUR;%s",
                    i + 1,
                    1 + i * 28 / ROWS,
                    hour,
                    kind,
                    i % 50 == 7 ? "" : String.format(Locale.GERMANY, "%.2f", amount),
                    returned ? "ja" : "nein"));
        }
        return lines;
    }

    private JsonNode report() throws IOException {
        return new ObjectMapper().readTree(directory.resolve("report.json").toFile());
    }

    @Test
    void shouldLearnTextsTimesGapsAndDecimalCommas() throws IOException {
        List<String> lines = orders();
        lines.set(100, lines.get(100).replaceFirst("..\\.03\\.2024", "31.02.2024"));
        lines.set(200, "200;01.03.2024 00:00;neu");
        lines.set(300, lines.get(300).replaceFirst(";[^;]*;EUR", ";viel;EUR"));
        lines.set(400, lines.get(400).replaceFirst("[^;]*$", "vielleicht"));
        Path csv = Files.write(
                directory.resolve("Bestellungen.csv"),
                (String.join("\r\n", lines) + "\r\n").getBytes(Charset.forName("windows-1252")));
        Invocation demo = Invocation.of(
                "demo",
                "--csv=" + csv,
                "--set=model.classes=ja,nein",
                "--set=batch.size=1",
                "--report=" + directory.resolve("report.json"));

        assertThat(demo.exitCode()).as(demo.err()).isZero();
        assertThat(demo.out())
                .contains(
                        "Bestellungen.csv, 2000 rows, 6 columns\n",
                        "- the file is not valid UTF-8 and is read as Latin-1 (windows-1252)\n",
                        "- the columns seem to be separated by ';'",
                        "- numbers have decimal commas: Betrag\n",
                        "Nr         left out: it counts the records\n",
                        "Währung    left out: it is always \"EUR\"\n",
                        "Learning from Bestellungen.csv, 2000 examples with 3 features.",
                        "column \"Datum\" holds \"31.02.2024 ",
                        "3 columns instead of 6 (first: line 201)",
                        "column \"Betrag\" holds \"viel\", which is not a finite number (first: line 301)",
                        "unknown class \"vielleicht\", known are ja,nein (first: line 401)")
                .containsPattern("Datum +time\\(hour\\|weekday\\) +0 ")
                .containsPattern("Kundenart +oneof\\(Büro\\|Händler\\|alt.* 0 +4 ")
                .containsPattern("Betrag +log \\? +40 ");
        assertThat(report().get("examples").asLong()).isEqualTo(ROWS - 4);
        assertThat(report().get("deadLetters").asLong()).isEqualTo(4);
        assertThat(report().get("predictions").asLong()).isEqualTo(ROWS / 10);
        assertThat(report().get("prequentialAccuracy").asDouble()).isGreaterThan(0.75);
        assertThat(report().get("servedAnswers").asLong()).isBetween(1L, ROWS / 10L);
        assertThat(report().get("servedAccuracy").asDouble()).isGreaterThan(0.4);
    }

    @Test
    void shouldLearnSeveralTargetsBesideTexts() throws IOException {
        Random random = new Random(6);
        List<String> lines = new ArrayList<>(List.of("city,temp,load,wind"));
        for (int i = 0; i < 600; i++) {
            int city = random.nextInt(3);
            double wind = random.nextInt(100) / 10.0;
            lines.add(String.format(Locale.ROOT, "%s,%d,%.1f,%.1f", "c" + city, 10 * city, 100 - wind, wind));
        }
        Path csv = Files.write(directory.resolve("cities.csv"), lines);
        Invocation demo = Invocation.of(
                "demo",
                "--csv=" + csv,
                "--label=load,temp",
                "--task=regression",
                "--requests=0",
                "--set=batch.size=1",
                "--report=" + directory.resolve("report.json"));

        assertThat(demo.exitCode()).as(demo.err()).isZero();
        assertThat(report().get("examples").asLong()).isEqualTo(600);
        assertThat(report().get("mae").asDouble()).isLessThan(3);
    }
}
