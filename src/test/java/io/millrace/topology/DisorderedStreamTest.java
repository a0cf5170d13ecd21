package io.millrace.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.millrace.avro.ValidationLoss;
import io.millrace.learner.evaluation.Report;
import java.util.Random;
import java.util.TreeMap;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

/**
 * Streams out of order, with duplicates, late records and restarts, under a virtual clock: what is learned is a function of the records
 * alone. {@code -Dstream.seed=} repeats one, {@code -Dstream.count=} tries more.
 */
class DisorderedStreamTest {
    private static final long SEED = Long.getLong("stream.seed", System.nanoTime());
    private static final int STREAMS = Integer.getInteger("stream.count", 5);
    private static final int LENGTH = 250;

    @Test
    void shouldLearnEachRecordOnceAndAsItCameWhateverTheClockDoes() {
        System.out.println("stream.seed=" + SEED);
        for (long seed = SEED; seed < SEED + STREAMS; seed++) {
            DisorderedStream stream = new DisorderedStream(seed, LENGTH);
            ClockedTraining training = run(stream, seed, 1);
            assertSameAsDirect(seed, stream, training);

            ClockedTraining atOtherTimes = run(stream, seed, 2);
            assertThat(atOtherTimes.written())
                    .as("stream.seed=%s, by another clock", seed)
                    .isEqualTo(training.written());
        }
    }

    /** @param clock draws what the wall clock does; the restarts are those of the seed */
    private static ClockedTraining run(DisorderedStream stream, long seed, long clock) {
        Random restarts = new Random(seed);
        ClockedTraining training = new ClockedTraining(stream.config(), new Random(clock));
        for (DisorderedStream.Sent record : stream.records()) {
            if (restarts.nextInt(40) == 0) {
                training.restart();
            }
            training.send(record);
        }
        training.close();
        return training;
    }

    private static void assertSameAsDirect(long seed, DisorderedStream stream, ClockedTraining training) {
        DirectLearner direct = new DirectLearner(stream.config());
        Random restarts = new Random(seed);
        for (DisorderedStream.Sent record : stream.records()) {
            if (restarts.nextInt(40) == 0) {
                direct.offsetsStartAnew();
            }
            direct.take(record);
        }
        String what = "stream.seed=" + seed;
        assertThat(training.deadLetters()).as(what).isEqualTo(direct.deadLetters());
        assertThat(direct.learned() + direct.heldOut() + direct.deadLetters().size())
                .as("%s: learned, held out or dead", what)
                .isEqualTo(LENGTH);
        assertThat(training.state()).as("%s: state", what).isEqualTo(direct.state());
        assertThat(new TreeMap<>(training.versions())).as("%s: versions", what).isEqualTo(direct.served());
        assertThat(training.reports())
                .as("%s: reports", what)
                .extracting(ValidationLoss::getExamples, ValidationLoss::getLoss, ValidationLoss::getLastTimestamp)
                .containsExactlyElementsOf(direct.reports().stream()
                        .map(DisorderedStreamTest::facts)
                        .toList());
    }

    private static Tuple facts(Report report) {
        return tuple(report.examples(), report.loss(), report.lastTimestamp());
    }
}
