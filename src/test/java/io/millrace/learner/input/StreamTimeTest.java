package io.millrace.learner.input;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.learner.network.LearnerStateTest;
import io.millrace.learner.network.NetworkLearner;
import io.millrace.learner.network.Specs;
import io.millrace.learner.spec.LearnerSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No clock that is wrong keeps windows open, and none that is right closes one too soon. */
class StreamTimeTest {
    private static final long START = 1_700_000_000_000L;
    private static final long WINDOW = 1000;
    private static final int STEPS = 5;
    private static final LearnerSpec SPEC =
            Specs.classification().batch(1000).window(WINDOW).maxAdvance(STEPS).build();
    private static final LearnerSpec ANY_STEP =
            Specs.classification().batch(1000).window(WINDOW).maxAdvance(0).build();

    private static void learn(NetworkLearner learner, long... timestamps) {
        for (long timestamp : timestamps) {
            learner.learn(new float[] {1, 2, 3, 4}, new float[] {1}, 1, timestamp);
        }
    }

    /** One example each 100 ms; returns how many windows closed. */
    private static int closed(NetworkLearner learner, long from, int examples) {
        int closed = 0;
        long version = learner.version();
        for (int i = 0; i < examples; i++) {
            learn(learner, from + i * 100L);
            closed += learner.version() > version ? 1 : 0;
            version = learner.version();
        }
        return closed;
    }

    @ParameterizedTest
    @CsvSource({"1", "2"}) // examples before it
    void shouldCloseWindowsAfterAnExampleFromTheFuture(int before) {
        for (long ahead : new long[] {50 * 60_000, 86_400_000, 2_400_000_000_000L, Long.MAX_VALUE - START}) {
            NetworkLearner pinned = new NetworkLearner(ANY_STEP, report -> {});
            closed(pinned, START, before);
            learn(pinned, START + ahead);
            assertThat(closed(pinned, START + 1000, 300)).as("the old rule").isLessThanOrEqualTo(1);

            NetworkLearner learner = new NetworkLearner(SPEC, report -> {});
            closed(learner, START, before);
            learn(learner, START + ahead);
            assertThat(learner.streamTime()).isLessThanOrEqualTo(START + 1000 + STEPS * WINDOW);
            assertThat(closed(learner, START + 1000, 300)).isGreaterThanOrEqualTo(30 - STEPS - 1);
            assertThat(learner.oddTimes()).isEqualTo(1);
        }
    }

    @Test
    void shouldComeBackWhenTheFirstExampleIsFromTheFuture() {
        NetworkLearner learner = new NetworkLearner(SPEC, report -> {});
        learn(learner, 4_102_444_800_000L);
        assertThat(closed(learner, START, 300)).isGreaterThanOrEqualTo(28);
        assertThat(learner.streamTime()).isEqualTo(START + 29_900);
        assertThat(learner.oddTimes()).isEqualTo(1);
    }

    @Test
    void shouldCloseWindowsAgainWhenAnOlderMillraceHasSavedStreamTimeFromTheFuture() {
        NetworkLearner older = new NetworkLearner(ANY_STEP, report -> {});
        closed(older, START, 3);
        learn(older, 4_102_444_800_000L, START + 300);
        assertThat(closed(older, START + 400, 100)).isZero();

        NetworkLearner newer = LearnerStateTest.restored(SPEC, older, new ArrayList<>());
        assertThat(newer.waiting()).isEqualTo(102);
        assertThat(closed(newer, START + 10_400, 300)).isGreaterThanOrEqualTo(28);
    }

    /** Every hour one example, or a night in which nothing comes: all is as if there were no limit. */
    @Property(tries = 50)
    void shouldCloseTheSameWindowsAsWithoutALimitWhateverThePauses(
            @ForAll @IntRange(min = 1, max = 6) int batch, @ForAll @LongRange(min = 0, max = 1000) long seed) {
        Random random = new Random(seed);
        Specs specs = Specs.classification().batch(batch).window(WINDOW);
        NetworkLearner limited = new NetworkLearner(specs.maxAdvance(STEPS).build(), report -> {});
        NetworkLearner unlimited = new NetworkLearner(specs.maxAdvance(0).build(), report -> {});
        long time = START;
        for (int i = 0; i < 200; i++) {
            time += random.nextInt(4) == 0 ? random.nextLong(1L << random.nextInt(8, 36)) : random.nextInt(400);
            learn(limited, time);
            learn(unlimited, time);
            assertThat(limited.version()).isEqualTo(unlimited.version());
            assertThat(limited.waiting()).isEqualTo(unlimited.waiting());
        }
        assertThat(limited.oddTimes()).isZero();
    }

    @Property(tries = 50)
    void shouldTakeLateExamplesAsWithoutALimitAsLongAsTheOthersGoOn(
            @ForAll @IntRange(min = 1, max = 6) int batch, @ForAll @LongRange(min = 0, max = 1000) long seed) {
        Random random = new Random(seed);
        Specs specs = Specs.classification().batch(batch).window(WINDOW);
        NetworkLearner limited = new NetworkLearner(specs.maxAdvance(STEPS).build(), report -> {});
        NetworkLearner unlimited = new NetworkLearner(specs.maxAdvance(0).build(), report -> {});
        long time = START;
        for (int i = 0; i < 300; i++) {
            time += random.nextInt(400);
            boolean late = i % StreamTime.BEHIND_IN_A_ROW != 0 && random.nextInt(4) > 0;
            long timestamp = late ? random.nextLong(time) : time;
            learn(limited, timestamp);
            learn(unlimited, timestamp);
            assertThat(limited.version()).isEqualTo(unlimited.version());
            assertThat(limited.waiting()).isEqualTo(unlimited.waiting());
            assertThat(limited.openedAt()).isEqualTo(unlimited.openedAt());
            assertThat(limited.streamTime()).isEqualTo(unlimited.streamTime());
        }
        assertThat(limited.oddTimes()).isZero();
    }

    /** Whatever has come before: twenty examples in order are enough, of which ten may be taken back together with what came before. */
    @Property(tries = 150)
    void shouldFindTheTimeOfAStreamAfterAnyEventTimesWhatsoever(@ForAll @LongRange(min = 0, max = 10_000) long seed) {
        Random random = new Random(seed);
        NetworkLearner learner = new NetworkLearner(SPEC, report -> {});
        int wild = random.nextInt(60);
        for (int i = 0; i < wild; i++) {
            learn(learner, anyTime(random));
        }
        long from = random.nextInt(5) == 0 ? random.nextInt(5000) : START;
        int enough = 2 * StreamTime.BEHIND_IN_A_ROW;
        closed(learner, from, enough);
        long until = from + (enough - 1) * 100L;
        assertThat(learner.streamTime()).isBetween(until - 100, until + STEPS * WINDOW);
        assertThat(closed(learner, until + 100, 160)).as("of 16 windows").isGreaterThanOrEqualTo(16 - STEPS - 2);
    }

    @Property(tries = 50)
    void shouldGoOnFromARestoreAtAnyPointAsIfThereHadBeenNone(
            @ForAll @IntRange(min = 1, max = 6) int batch,
            @ForAll @IntRange(min = 0, max = 60) int point,
            @ForAll @LongRange(min = 0, max = 1000) long seed) {
        LearnerSpec spec = Specs.classification()
                .batch(batch)
                .window(WINDOW)
                .maxAdvance(STEPS)
                .build();
        Random random = new Random(seed);
        NetworkLearner through = new NetworkLearner(spec, report -> {});
        NetworkLearner restored = new NetworkLearner(spec, report -> {});
        long time = START;
        for (int i = 0; i < 80; i++) {
            if (i == point) {
                restored = LearnerStateTest.restored(spec, restored, new ArrayList<>());
            }
            time += random.nextInt(12) == 0 ? random.nextInt(1 << 30) : random.nextInt(3000);
            long timestamp = random.nextInt(3) == 0 ? anyTime(random) : time;
            learn(through, timestamp);
            learn(restored, timestamp);
        }
        assertThat(LearnerStateTest.saved(restored))
                .usingRecursiveComparison()
                .isEqualTo(LearnerStateTest.saved(through));
        assertThat(restored.waiting()).isEqualTo(through.waiting());
    }

    private static long anyTime(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> Long.MAX_VALUE - random.nextInt(2);
            case 1 -> random.nextLong() >>> random.nextInt(1, 64);
            case 2 -> START + random.nextInt(100_000);
            default -> START + random.nextInt(100) * 3_600_000L;
        };
    }

    @Test
    void shouldKnowTheHighestEventTimeWhereStepsHaveNoLimit() {
        Random random = new Random(1);
        NetworkLearner learner = new NetworkLearner(ANY_STEP, report -> {});
        List<Long> seen = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            seen.add(random.nextLong() >>> random.nextInt(20, 64));
            learn(learner, seen.get(i));
            assertThat(learner.streamTime())
                    .isEqualTo(seen.stream().mapToLong(time -> time).max().orElseThrow());
        }
        assertThat(learner.oddTimes()).isZero();
    }
}
