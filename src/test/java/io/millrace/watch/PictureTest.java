package io.millrace.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.avro.Configuration;
import io.millrace.avro.InputStretch;
import io.millrace.avro.LabelReport;
import io.millrace.avro.TargetPair;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PictureTest {
    private static final String REPORTS = "reports-0";
    private static final String SNAPSHOTS = "snapshots-0";
    private static final ModelView VIEW =
            new ModelView("classification", List.of("no", "yes"), "network", "2 - 2", Map.of(), "examples");

    private final Picture picture = new Picture(Reports.MODEL);

    private void report(long number) {
        picture.report(REPORTS, number, Reports.report(64 * (number + 1)), 1000 * number);
    }

    @Test
    void shouldTellExactlyWhatCameAfterAPosition() {
        report(0);
        report(1);
        Positions before = picture.position();
        assertThat(picture.since(before)).contains(new Picture.Increment(List.of(), before));

        report(2);
        picture.letter("letters-3", 17, new Letter(5, "cause", "examples", 0, 9, 3, "abc"));
        Picture.Increment increment = picture.since(before).orElseThrow();
        assertThat(increment.changes()).hasSize(3);
        assertThat(increment.changes().get(0))
                .isInstanceOfSatisfying(
                        Change.Reported.class,
                        change -> assertThat(change.point().examples()).isEqualTo(192));
        assertThat(increment.changes().get(1)).isInstanceOf(Change.Refused.class);
        assertThat(increment.changes().get(2)).isEqualTo(new Change.Detailed(0, Details.of(Reports.report(192))));
        assertThat(increment.position()).hasToString("letters-3:18,reports-0:3");
    }

    @Test
    void shouldNotTellAnIncrementThatWouldHaveAHole() {
        for (int i = 0; i < 3000; i++) {
            report(i);
        }
        assertThat(picture.since(new Positions(Map.of(REPORTS, 999L)))).isEmpty();
        assertThat(picture.since(new Positions(Map.of(REPORTS, 1000L)))
                        .orElseThrow()
                        .changes())
                .hasSize(2001) // and the details of the last one
                .endsWith(new Change.Detailed(0, Details.of(Reports.report(64 * 3000))));
        // a position of other topics, or of a topic that was deleted and made anew since
        assertThat(picture.since(new Positions(Map.of(REPORTS, 3001L)))).isEmpty();
        assertThat(picture.since(new Positions(Map.of(REPORTS, 2999L, "reports-1", 1L))))
                .isEmpty();
    }

    @Test
    void shouldNotMixTheRecordsOfATopicThatWasDeletedAndMadeAnew() {
        report(0);
        picture.letter("letters-0", 7, new Letter(5, "before", "examples", 0, 9, 3, "abc"));
        Positions before = picture.position();
        picture.letter("letters-0", 0, new Letter(6, "after", "examples", 0, 9, 3, "abc"));
        assertThat(picture.since(before)).isEmpty();
        assertThat(picture.since(Positions.BEGINNING)).isEmpty();
        assertThat(picture.since(picture.position()).orElseThrow().changes()).isEmpty();
    }

    @Test
    void shouldShowTheNumbersOfTheReportsAsTheyAre() {
        report(0);
        report(1);
        Replica.View replica = picture.whole().replicas().iterator().next();
        assertThat(replica.points()).hasSize(2);
        Point last = replica.points().get(1);
        assertThat(last.loss()).isEqualTo(Reports.report(128).getLoss());
        assertThat(last.fadedMetrics()).isEqualTo(Reports.report(128).getFadedMetrics());
        assertThat(last.time()).isEqualTo(1000);
    }

    /** By the rule of the alert MillraceLossJumped. */
    @Test
    void shouldMarkAReportWhoseLossIsFarAboveThoseBefore() {
        for (int i = 1; i <= 30; i++) {
            double loss = 0.3 + 0.01 * (i % 3);
            picture.report(
                    REPORTS, i, Reports.of(64 * i).setLoss(i == 25 ? 0.6 : loss).build(), i);
        }
        assertThat(picture.whole().replicas().iterator().next().marks())
                .containsExactly(new Mark(25 * 64, "jumped", "the loss jumped"));
    }

    @Test
    void shouldShowTheDetailsOfTheNewestReportAsTheyAre() {
        assertThat(Details.of(Reports.report(64)).fields())
                .containsExactly(
                        new Details.Field("plan", 0.25, "plan=free", 0.9, 0.4, 0.5, 0.7),
                        new Details.Field("amount", 0, "amount", 12.5, 12.0, 4.0, 0.2),
                        new Details.Field("city", 0.5, "", null, null, null, null));
        picture.report(REPORTS, 0, Reports.report(64), 0);
        picture.report(
                REPORTS,
                1,
                Reports.of(128)
                        .setClasses(List.of())
                        .setConfusion(List.of())
                        .setLabels(List.of(new LabelReport(1, 2, 3, 4)))
                        .setPairs(List.of(new TargetPair(List.of(1.5), List.of(-2.25))))
                        .setFields(List.of())
                        .build(),
                1000);
        Replica.View replica = picture.whole().replicas().iterator().next();
        assertThat(replica.details())
                .isEqualTo(new Details(
                        128,
                        64,
                        List.of(),
                        List.of(),
                        List.of(new Details.Label(1, 2, 3, 4)),
                        List.of(new Details.Pair(List.of(1.5), List.of(-2.25))),
                        List.of()));
    }

    @Test
    void shouldForgetTheCurvesOfAModelThatBeganAnew() {
        report(0);
        report(5);
        picture.report(REPORTS, 6, Reports.report(64), 9000);
        Replica.View replica = picture.whole().replicas().iterator().next();
        assertThat(replica.points()).hasSize(1);
        assertThat(replica.marks()).containsExactly(new Mark(64, "anew", "the model began anew"));
    }

    @Test
    void shouldMarkWhatTheGuardRefusedAndWhatWasMissing() {
        picture.report(
                REPORTS,
                0,
                Reports.of(64)
                        .setRefusedExamples(32)
                        .setReturnedTo(10L)
                        .setMissingOffsets(1)
                        .build(),
                0);
        Replica.View replica = picture.whole().replicas().iterator().next();
        assertThat(replica.refused()).isEqualTo(32);
        assertThat(replica.marks())
                .extracting(Mark::text)
                .containsExactly(
                        "guard refused 32 examples", "back to version 10", "1 offset deleted before it was read");
    }

    @Test
    void shouldSayOfAnEnsembleThatMembersLeftStepsOut() {
        picture.report(
                REPORTS,
                0,
                Reports.ofEnsemble(64).setRefusedExamples(1).setReturnedTo(10L).build(),
                0);
        assertThat(picture.whole().replicas().iterator().next().marks())
                .extracting(Mark::text)
                .containsExactly("guard refused 1 step of members", "a member went back to version 10");
    }

    @Test
    void shouldMarkEachChangeOfSettingsOnce() {
        Configuration first = new Configuration(0L, 0L, Map.of("batch.size", "64"), 0);
        Configuration second = new Configuration(70L, 64L, Map.of("learning.rate", "0.1", "batch.size", "32"), 0);
        picture.version(SNAPSHOTS, 0, Reports.head(64, first), 1, VIEW);
        picture.version(SNAPSHOTS, 1, Reports.head(128, first, second), 2, VIEW);
        picture.version(SNAPSHOTS, 2, Reports.head(192, first, second), 3, VIEW);
        assertThat(picture.whole().replicas().iterator().next().marks())
                .containsExactly(new Mark(64, "settings", "settings changed: batch.size, learning.rate"));
    }

    @Test
    void shouldMarkWhereAnotherTopicIsRead() {
        InputStretch first = new InputStretch("orders", "a", 0L, 900L, "start");
        InputStretch anew = new InputStretch("orders", "b", 0L, 70L, "topic");
        InputStretch log = new InputStretch("learning-log", "c", 5L, 9L, "topic");
        InputStretch moved = new InputStretch("learning-log", "c", 2L, 9L, "moved");
        Configuration start = new Configuration(0L, 0L, Map.of("batch.size", "64"), 0);
        // when the page opens, it is not known how much had been learned when the second stretch began
        picture.version(SNAPSHOTS, 0, Reports.head(64, List.of(first, anew), start), 1, VIEW);
        picture.version(SNAPSHOTS, 1, Reports.head(128, List.of(first, anew, log), start), 2, VIEW);
        picture.version(SNAPSHOTS, 2, Reports.head(192, List.of(first, anew, log), start), 3, VIEW);
        picture.version(SNAPSHOTS, 3, Reports.head(256, List.of(first, anew, log, moved), start), 3, VIEW);
        assertThat(picture.whole().replicas().iterator().next().marks())
                .containsExactly(
                        new Mark(64, "input", "reads learning-log from offset 5 on, before orders"),
                        new Mark(192, "input", "the group's offset was moved: reads learning-log from offset 2 on"));
        assertThat(Mark.of(1, anew, first).text())
                .isEqualTo("orders was deleted and made anew: reads it from offset 0 on");
    }

    @Test
    void shouldMarkWhereSettingsAndTheTopicChangedTogetherAlsoInAVersionOfLongAgo() {
        InputStretch first = new InputStretch("orders", "a", 0L, 900L, "start");
        InputStretch log = new InputStretch("learning-log", "c", 5L, 9L, "topic");
        Configuration start = new Configuration(0L, 0L, Map.of("batch.size", "64"), 0);
        Configuration changed = new Configuration(5L, 48L, Map.of("batch.size", "32"), 1);
        picture.version(SNAPSHOTS, 0, Reports.head(640, List.of(first, log), start, changed), 1, VIEW);
        assertThat(picture.whole().replicas().iterator().next().marks())
                .extracting(Mark::examples)
                .containsExactly(48L, 48L);
    }

    @Test
    void shouldMarkPartitionsThatWereAddedAndTellItToPagesThatAreOpen() {
        picture.partitions("orders", 2);
        report(0);
        Positions before = picture.position();
        picture.partitions("orders", 2);
        picture.partitions("orders", 3);
        Mark mark = new Mark(64, "input", "orders has 3 partitions, before 2");
        assertThat(picture.whole().replicas().iterator().next().marks()).containsExactly(mark);
        assertThat(picture.since(before).orElseThrow().changes()).containsExactly(new Change.Marked(0, mark));
        assertThat(picture.since(picture.position()).orElseThrow().changes()).isEmpty();
        assertThat(Positions.parse(picture.position().toString())).contains(picture.position());
        // another process has not seen it
        assertThat(new Picture(Reports.MODEL).since(picture.position())).isEmpty();
    }

    @Test
    void shouldShowTheVersionsThatTheTopicStillHas() {
        picture.version(SNAPSHOTS, 0, Reports.head(64), 1, VIEW);
        picture.version(SNAPSHOTS, 1, Reports.head(128), 2, VIEW);
        picture.deleted(SNAPSHOTS, 2, 0, 64);
        picture.deleted(SNAPSHOTS, 3, 0, 64); // its second chunk
        assertThat(picture.whole().versions()).extracting(Version::version).containsExactly(128L);
        assertThat(picture.position()).hasToString("snapshots-0:3");
    }

    @Test
    void shouldHoldItsMemoryWhateverTheLengthOfTheTopics() {
        for (int i = 0; i < 20_000; i++) {
            picture.report(
                    REPORTS, 2 * i, Reports.of(64L * i).setRefusedExamples(1).build(), i);
            picture.letter("letters-0", i, new Letter(60_000L * i, "cause", "examples", 0, i, 3, "abc"));
        }
        Picture.Whole whole = picture.whole();
        Replica.View replica = whole.replicas().iterator().next();
        assertThat(replica.points()).hasSizeBetween(900, 1201);
        assertThat(replica.marks()).hasSize(200);
        assertThat(replica.refused()).isEqualTo(20_000);
        assertThat(whole.letters())
                .hasSize(50)
                .first()
                .extracting(Letter::offset)
                .isEqualTo(19_999L);
        Picture.Facts facts = picture.facts(60_000L * 19_999);
        assertThat(facts.letters()).isEqualTo(20_000);
        assertThat(facts.lettersLastHour()).isEqualTo(60);
    }

    @Test
    void shouldMeasureTheRateByTheTimesOfTheReports() {
        assertThat(picture.facts(0).examplesPerSecond()).isNaN();
        for (int i = 0; i < 60; i++) {
            report(i); // 64 examples a second
        }
        assertThat(picture.facts(0).examplesPerSecond()).isEqualTo(64);
        assertThat(picture.facts(0).learned()).isEqualTo(64 * 60);
    }
}
