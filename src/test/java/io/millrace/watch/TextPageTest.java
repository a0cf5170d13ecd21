package io.millrace.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;

class TextPageTest {
    private static final long NOW = 200_000;

    private final Picture picture = new Picture(Reports.MODEL);

    private void learn(int reports) {
        for (int i = 1; i <= reports; i++) {
            picture.report(
                    "reports-0",
                    i,
                    Reports.ofEnsemble(64L * i)
                            .setRefusedExamples(i == reports / 2 ? 32 : 0)
                            .build(),
                    NOW - 100L * (reports - i));
        }
    }

    private List<Consumed> partitions = List.of();

    private TextPage page(Integer partition, int columns) {
        TrainingGroup.Seen seen = new TrainingGroup.Seen(true, 12L, 0, 100.0, partitions, null);
        return new TextPage(
                picture.whole(), Status.of(picture.facts(NOW), 1, seen, null, null, NOW), partition, columns);
    }

    private List<String> shown(int columns, int rows) {
        return page(null, columns).lines(rows).stream()
                .map(AttributedString::toString)
                .toList();
    }

    @Test
    void shouldShowStateCurvesMarksAndMembers() {
        learn(200);
        List<String> lines = shown(100, 40);
        assertThat(lines.get(0)).isEqualTo("Millrace model   ● learning");
        assertThat(lines.get(1)).isEqualTo("version none   640 examples/s   lag 12");
        double loss = Reports.report(12_800).getFadedLoss();
        assertThat(lines).anyMatch(line -> line.startsWith("loss " + TextNumbers.digits(loss) + "   prequential"));
        assertThat(lines).anyMatch(line -> line.startsWith("accuracy " + TextNumbers.digits(1 - 0.5 * loss)));
        assertThat(lines)
                .contains("▲ at 6,400 examples: guard refused 32 steps of members")
                .contains("▲ at 9,024 examples: the loss jumped");
        assertThat(lines.stream().filter(line -> line.startsWith("examples 64 ") && line.endsWith(" 12,800")))
                .hasSize(2)
                .allMatch(line -> line.length() == 100);
        assertThat(lines.stream().filter(line -> line.strip().matches("▲ +▲")))
                .hasSize(2)
                .allMatch(line -> line.indexOf('▲') == 9 + 45);
        assertThat(lines).contains("swift               0.7000" + String.format("%10s", TextNumbers.digits(loss)));
    }

    @Test
    void shouldFitIntoNarrowAndLowTerminals() {
        learn(200);
        picture.letter("letters-0", 0, new Letter(NOW, "amount is \"much\", ".repeat(9), "examples", 0, 9, 3, "abc"));
        for (int columns : new int[] {40, 59, 79, 200}) {
            for (int rows : new int[] {10, 23, 60}) {
                assertThat(shown(columns, rows))
                        .as("%d x %d", columns, rows)
                        .hasSizeLessThanOrEqualTo(rows)
                        .allMatch(line -> line.length() <= columns);
            }
        }
        assertThat(shown(59, 23)).anyMatch(line -> line.contains("█"));
        assertThat(shown(59, 23).get(0)).isEqualTo("Millrace model   ● learning");
    }

    @Test
    void shouldTellTheSameInOneLine() {
        assertThat(page(null, 80).line())
                .isEqualTo("learning, no report yet, 0 examples learned, 100 examples/s, lag 12");
        learn(200);
        double loss = Reports.report(12_800).getFadedLoss();
        assertThat(page(null, 80).line())
                .isEqualTo("learning, 12,800 examples learned, loss " + TextNumbers.digits(loss) + ", accuracy "
                        + TextNumbers.digits(1 - 0.5 * loss)
                        + ", 640 examples/s, lag 12, at 9,024 examples: the loss jumped");
    }

    @Test
    void shouldSayThatThereIsNothingYetAndThatAPartitionIsNotThere() {
        assertThat(shown(100, 20))
                .contains("No report yet: the first one comes when training has learned a mini-batch.");
        learn(3);
        assertThat(page(7, 100).lines(20))
                .extracting(AttributedString::toString)
                .contains("There is no such partition; there are 0.");
    }

    @Test
    void shouldShowThePartitionsThatAreReadTheWorstFirst() {
        learn(3);
        partitions = List.of(
                new Consumed("train", "examples", 0, 1000L, 1000, 0, 0.0, "a at 10.0.0.1"),
                new Consumed("train", "examples", 1, 500L, 1700, 1200, 250.0, "a at 10.0.0.1"),
                new Consumed("train", "examples", 2, null, 3, 3, null, null));
        List<String> lines = shown(100, 40);
        assertThat(lines.subList(lines.size() - 4, lines.size()))
                .containsExactly(
                        "partition            lag  records/s  state               committed",
                        "examples, 2            3          ?  no member reads it  nothing",
                        "examples, 1        1,200        250  is being read       500 of 1,700",
                        "examples, 0            0          0  all is read         1,000 of 1,000");
        assertThat(IntStream.range(20, 40).mapToObj(rows -> shown(80, rows)))
                .as("one line where there is no room for more")
                .anyMatch(low -> low.get(low.size() - 1)
                        .equals("3 partitions, the worst: examples, 2, lag 3, no member reads it"));
        partitions = IntStream.range(0, 70)
                .mapToObj(p -> new Consumed("train", "a.long.name.of.examples", p, 0L, p, p, 1.0, "a"))
                .toList();
        assertThat(shown(64, 50))
                .contains("…me.of.examples, 69          69          1  is being read       ")
                .last()
                .isEqualTo("and 65 more with a lag of at most 64");
    }

    @Test
    void shouldLetNoRecordMoveTheCursor() {
        learn(3);
        picture.letter("letters-0", 0, new Letter(NOW, "evil \u001b[2J\r\n\u202e", "examples", 0, 9, 3, "abc"));
        assertThat(String.join("", shown(100, 40))).contains("evil").doesNotContain("\u001b", "\r", "\n", "\u202e");
        assertThat(page(null, 100).line()).doesNotContain("\u001b");
    }
}
