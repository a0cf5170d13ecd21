package io.millrace.cli.csv;

import io.millrace.cli.console.UsageException;
import io.millrace.fuzz.Hostile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * Files of strangers: read row by row, or refused with a {@link UsageException} and a sentence. Behind a header that can be read no row stops the
 * reading, and none of those that are whole gets lost.
 */
class HostileCsvTest {
    private static final byte[] VALID =
            "x,\"y, z\",class\n1,2,a\n-3.5e2,\"4\",\"b \"\"c\"\"\"\r\n\n5,6,\"two\nlines\"\n7,8,a\n"
                    .getBytes(StandardCharsets.UTF_8);
    private static final String HEADER = "x,y,class\n";
    private static final String NOISE = "\",x1\u0000\u00e9 \\;";
    private static final String WHOLE = "1,2,whole\n";

    /** What the reader's buffers take, and the file's name in messages; a byte may become a row. */
    private static final Hostile HOSTILE = new Hostile(UsageException.class::isInstance, 1 << 20, 2000);

    /** Three passes with buffers of their own, and what is counted of each column. */
    private static final Hostile SURVEYED = new Hostile(UsageException.class::isInstance, 4 << 20, 20_000);

    private static final byte[] MIXED =
            ("sep=;\nid;at;x;plan;y\n1;2024-03-01 12:00;1,5;free;yes\n2;01.03.2024;1.234,5;;no\n"
                            + "3;1709251200000;NaN;\"pro; or not\";yes\n")
                    .getBytes(StandardCharsets.UTF_8);

    private static Path file;

    private static void write(byte[] content) throws IOException {
        if (file == null) {
            file = Files.createTempFile("hostile", ".csv");
            file.toFile().deleteOnExit();
        }
        Files.write(file, content);
    }

    private static void read(byte[] content) throws IOException {
        write(content);
        try (CsvTable table = CsvTable.labelled(file, null)) {
            for (LabelledRow row : table) {
                row.example(Labelling.CLASS);
                row.example(Labelling.TARGET);
                row.headers();
            }
        }
    }

    @Property(tries = 20, shrinking = ShrinkingMode.OFF)
    void shouldSurviveNoise(@ForAll long seed) {
        HOSTILE.feed(seed, Hostile::noise, HostileCsvTest::read);
    }

    @Property(tries = 30, shrinking = ShrinkingMode.OFF)
    void shouldSurviveDamage(@ForAll long seed) {
        HOSTILE.feed(seed, random -> Hostile.mutated(random, VALID, 0), HostileCsvTest::read);
    }

    private static void survey(byte[] content) throws IOException {
        write(content);
        CsvColumns columns = CsvColumns.survey(file, null, "classification", new DialectOptions(), Long.MAX_VALUE);
        columns.overview();
        try (CsvTable table = columns.open()) {
            for (LabelledRow row : table) {
                row.headers();
            }
        }
    }

    @Property(tries = 20, shrinking = ShrinkingMode.OFF)
    void shouldSurveyWhateverTheFile(@ForAll long seed) {
        SURVEYED.feed(seed, random -> Hostile.mutated(random, MIXED, 0), HostileCsvTest::survey);
        SURVEYED.feed(seed, Hostile::noise, HostileCsvTest::survey);
    }

    /** A whole row before, between and after lines of noise. */
    @Property(tries = 30, shrinking = ShrinkingMode.OFF)
    void shouldLoseNoRowBesideDamagedOnes(@ForAll long seed) {
        HOSTILE.feed(seed, HostileCsvTest::striped, content -> {
            read(content);
            int whole = 0;
            try (CsvTable table = CsvTable.labelled(file, null)) {
                for (LabelledRow row : table) {
                    whole += row.fault() == null && row.labels().equals(List.of("whole")) ? 1 : 0;
                }
            }
            if (whole != 4) {
                throw new AssertionError(whole + " of 4 whole rows");
            }
        });
    }

    private static byte[] striped(SplittableRandom random) {
        StringBuilder text = new StringBuilder(HEADER);
        for (int i = 0; i < 4; i++) {
            text.append(WHOLE);
            for (int length = random.nextInt(12); length > 0; length--) {
                text.append(NOISE.charAt(random.nextInt(NOISE.length())));
            }
            text.append('\n');
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
