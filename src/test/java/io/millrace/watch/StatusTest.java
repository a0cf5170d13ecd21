package io.millrace.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.watch.TrainingGroup.Seen;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class StatusTest {
    private static final long NOW = 1_000_000_000;

    private static Picture.Facts facts(long reportAgeMs) {
        return new Picture.Facts(6400, 250, NOW - reportAgeMs, NOW - 400, 6300, 3, 1);
    }

    private static final Picture.Facts NOTHING = new Picture.Facts(0, Double.NaN, 0, 0, 0, 0, 0);

    private static String said(Picture.Facts facts, double read, Seen group) {
        Status status = Status.of(facts, read, group, null, null, NOW);
        return status.code() + ": " + status.sentence();
    }

    private static Seen group(Boolean running, Long lag, long stillMs) {
        return new Seen(running, lag, stillMs, 0.0, List.of(), null);
    }

    @Test
    void shouldSayWhatLearningDoes() {
        assertThat(said(facts(500), 0.42, group(true, 0L, 0))).isEqualTo("reading: reading the history, 42 %");
        assertThat(said(facts(500), 1, group(true, 12L, 100))).isEqualTo("learning: learning");
        assertThat(said(facts(30_000), 1, group(true, 0L, 30_000))).isEqualTo("idle: idle: all examples are learned");
        assertThat(said(facts(30_000), 1, group(true, 1234L, 30_000)))
                .isEqualTo("learning: learning, no report for 30 s: 1,234 records wait");
        assertThat(said(NOTHING, 1, group(true, 12L, 100)))
                .isEqualTo("waiting: no model yet: waiting for the first report");
    }

    @Test
    void shouldSeeASlowStreamByItsCommits() {
        Seen slow = new Seen(true, 0L, 1000, 1.5, List.of(), null);
        assertThat(said(facts(300_000), 1, slow)).isEqualTo("learning: learning");
        assertThat(said(NOTHING, 1, slow)).isEqualTo("learning: learning, no report yet");
        assertThat(Status.of(facts(300_000), 1, slow, null, null, NOW).examplesPerSecond())
                .isEqualTo(1.5);
    }

    @Test
    void shouldSayThatTrainingIsGone() {
        assertThat(said(facts(500), 1, group(false, 1L, 500)))
                .isEqualTo("stopped: training does not run: 1 record waits");
        assertThat(said(NOTHING, 1, group(false, 0L, 0))).isEqualTo("stopped: training does not run");
    }

    @Test
    void shouldSayThatTrainingHangs() {
        assertThat(said(facts(90_000), 1, group(true, 5L, 91_000)))
                .isEqualTo("stalled: training has committed nothing for 91 s: 5 records wait");
    }

    @Test
    void shouldJudgeByTheReportsWhereTheGroupMustNotBeSeen() {
        Seen hidden = new Seen(null, null, 0, null, List.of(), "The Kafka user lacks a right.");
        assertThat(said(facts(500), 1, hidden)).isEqualTo("learning: learning");
        assertThat(said(facts(45_000), 1, hidden)).isEqualTo("unknown: no report for 45 s");
        assertThat(Status.of(facts(500), 1, hidden, null, null, NOW).problem())
                .isEqualTo("The Kafka user lacks a right.");
    }

    @Test
    void shouldTellNumbersWithTheirAges() {
        Status status = Status.of(facts(2500), 1, group(true, 7L, 0), 40.0, "problem", NOW);
        assertThat(status.examplesPerSecond()).isEqualTo(250);
        assertThat(status.reportAge()).isEqualTo(2.5);
        assertThat(status.versionAge()).isEqualTo(0.4);
        assertThat(status.lag()).isEqualTo(7);
        assertThat(status.answersPerSecond()).isEqualTo(40);
        assertThat(status.problem()).isEqualTo("problem");
        assertThat(Status.of(facts(11_000), 1, group(true, 7L, 0), null, null, NOW)
                        .examplesPerSecond())
                .isZero();
        assertThat(Status.of(facts(-5000), 1, group(true, 7L, 0), null, null, NOW)
                        .reportAge())
                .isZero();
    }

    @Test
    void shouldShowOfManyPartitionsThoseThatAreFarthestBehindInTheirOrder() {
        List<Consumed> partitions = LongStream.range(0, 200)
                .mapToObj(p -> new Consumed("train", "examples", (int) p, 0L, p % 4, p % 4, null, null))
                .toList();
        Status status = Status.of(facts(500), 1, new Seen(true, 300L, 0, 0.0, partitions, null), null, null, NOW);
        assertThat(status.partitionCount()).isEqualTo(200);
        assertThat(status.partitions()).hasSize(50).allMatch(each -> each.lag() == 3);
        assertThat(status.partitions()).isSortedAccordingTo(Comparator.comparingInt(Consumed::partition));
    }
}
