package io.millrace.nn.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
    private static final float ULP = Math.ulp(0.1f);

    /** A schedule with the rate 0.1, unless the options say otherwise; null takes an option away. */
    private static Schedule schedule(String name, String... options) {
        Map<String, String> map = new TreeMap<>(Map.of("rate", "0.1"));
        for (int i = 0; i < options.length; i += 2) {
            map.put(options[i], options[i + 1]);
        }
        map.values().removeIf(Objects::isNull);
        return Schedule.of(name, map);
    }

    private static List<Schedule> all() {
        return List.of(
                schedule("constant"),
                schedule("linear", "tau", "300"),
                schedule("inverse_time", "decay", "0.01"),
                schedule("step", "every", "100"),
                schedule("cosine", "tau", "300"),
                schedule("cosine", "tau", "300", "warm_up", "50"));
    }

    @Test
    void shouldFindEverySchedule() {
        assertThat(all())
                .extracting(Schedule::name)
                .containsExactly("constant", "linear", "inverse_time", "step", "cosine", "cosine");
    }

    @Test
    void shouldTakeWhatIsNotGivenFromItsDefault() {
        assertThat(schedule("linear")).isEqualTo(new LinearDecay(0.1, 0.1 * 0.01, 100_000));
        assertThat(schedule("inverse_time")).isEqualTo(new InverseTimeDecay(0.1, 1e-4));
        assertThat(schedule("step")).isEqualTo(new StepDecay(0.1, 0.1 * 0.01, 0.5, 100_000));
        assertThat(schedule("cosine")).isEqualTo(new CosineDecay(0.1, 0.1 * 0.01, 0, 100_000));
    }

    /** A hundredth of it would not be a rate. */
    @ParameterizedTest
    @ValueSource(strings = {"linear", "step", "cosine"})
    void shouldTakeTheLeastRate(String name) {
        assertThat(schedule(name, "rate", "1e-30").learningRate(1_000_000_000)).isEqualTo(1e-30f);
        assertThat(schedule(name, "rate", "1e-29").learningRate(1_000_000_000)).isEqualTo(1e-30f);
    }

    @Property(tries = 300)
    void shouldFollowItsFormula(
            @ForAll @Scale(6) @DoubleRange(min = 1e-6, max = 10) double rate,
            @ForAll @Scale(6) @DoubleRange(min = 0.001, max = 1) double part,
            @ForAll @LongRange(min = 1, max = 10_000) long tau,
            @ForAll @LongRange(min = 0, max = 100_000) long k) {
        double last = part * rate;
        double a = Math.min(k / (double) tau, 1);
        double past = Math.max(k - 7, 0);
        double cosine = last + (rate - last) * (1 + Math.cos(Math.PI * Math.min(past / tau, 1))) / 2;
        close(new ConstantRate(rate), k, rate);
        close(new LinearDecay(rate, last, tau), k, rate - a * (rate - last));
        close(new InverseTimeDecay(rate, part), k, rate / (1 + part * k));
        close(new StepDecay(rate, last, part, tau), k, Math.max(rate * Math.pow(part, k / tau), last));
        close(new CosineDecay(rate, last, 7, tau), k, k < 7 ? rate * (k + 1) / 7 : cosine);
    }

    private static void close(Schedule schedule, long k, double want) {
        assertThat((double) schedule.learningRate(k))
                .as("%s at %d", schedule, k)
                .isCloseTo(want, within(want * 1e-6));
    }

    @Test
    void shouldStayPositiveAndBelowTheGivenRateForEver() {
        for (Schedule schedule : all()) {
            for (long k = 0; k >= 0; k = k < 1000 ? k + 1 : 3 * k + 1) { // until it overflows
                assertThat(schedule.learningRate(k)).as("%s at %d", schedule, k).isBetween(1e-20f, 0.1f + ULP);
            }
            assertThat(schedule.learningRate(Long.MAX_VALUE)).isPositive();
        }
    }

    @Test
    void shouldNeverRiseAfterTheWarmUp() {
        for (Schedule schedule : all()) {
            for (long k = 50; k < 1000; k++) {
                assertThat(schedule.learningRate(k + 1)).isLessThanOrEqualTo(schedule.learningRate(k) + ULP / 8);
            }
        }
    }

    @Test
    void shouldWarmUpToThePeakAndMeetTheFloorWithoutAJump() {
        Schedule cosine = new CosineDecay(0.1, 0.02, 10, 20);
        assertThat(cosine.learningRate(0)).isEqualTo(0.01f);
        assertThat(cosine.learningRate(4)).isEqualTo(0.05f);
        assertThat(cosine.learningRate(9)).isEqualTo(0.1f);
        assertThat(cosine.learningRate(10)).isEqualTo(0.1f);
        assertThat(cosine.learningRate(20)).isCloseTo(0.06f, within(ULP));
        assertThat(cosine.learningRate(30)).isEqualTo(0.02f);
        assertThat(cosine.learningRate(31)).isEqualTo(0.02f);
    }

    @Test
    void shouldStepAtEveryMultiple() {
        Schedule step = new StepDecay(0.1, 0.0005, 0.1, 3);
        float[] want = {0.1f, 0.1f, 0.1f, 0.01f, 0.01f, 0.01f, 0.001f, 0.001f, 0.001f, 0.0005f, 0.0005f};
        for (int k = 0; k < want.length; k++) {
            assertThat(step.learningRate(k)).isEqualTo(want[k]);
        }
    }

    /** The sum grows by the same amount over each doubling, that of the squares by half as much each time. */
    @Test
    void shouldMeetTheConditionsOfRobbinsAndMonro() {
        Schedule schedule = new InverseTimeDecay(1, 1);
        double sum = 0;
        double squares = 0;
        double lastSquares = Double.POSITIVE_INFINITY;
        for (long k = 1023, next = 2047; next < 1 << 20; next = 2 * next + 1) {
            for (sum = 0, squares = 0; k < next; k++) {
                double rate = schedule.learningRate(k);
                sum += rate;
                squares += rate * rate;
            }
            assertThat(sum).isCloseTo(Math.log(2), within(1e-3));
            assertThat(squares).isLessThan(0.51 * lastSquares);
            lastSquares = squares;
        }
    }

    @Test
    void shouldGiveTheseBitsOnEveryMachine() {
        int hash = 0;
        for (Schedule schedule : all()) {
            for (long k = 0; k < 400; k++) {
                hash = 31 * hash + Float.floatToRawIntBits(schedule.learningRate(k));
            }
        }
        assertThat(hash).isEqualTo(869904761);
    }

    @Test
    void shouldSayWhatIsMissingOrOutOfRange() {
        refuses("needs the option rate", "constant", "rate", null);
        refuses("tau = 1.5 is not a whole number", "cosine", "tau", "1.5");
        refuses("every = 0 is out of range", "step", "every", "0");
        refuses("factor = 0.0 is out of range", "step", "every", "5", "factor", "0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StepDecay(0.1, 0.2, 0.5, 5))
                .withMessage("last = 0.2 is out of range: it must be at most first = 0.1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CosineDecay(0.1, 0.2, 0, 5))
                .withMessage("last = 0.2 is out of range: it must be at most peak = 0.1");
        refuses("warm_up = -1 is out of range", "cosine", "tau", "5", "warm_up", "-1");
        refuses("decay = 2.0 is out of range: it must be above 0, at most 1", "inverse_time", "decay", "2");
        refuses("rate = 0.0 is out of range", "constant", "rate", "0");
        refuses("rate = 1.0E-50 is out of range", "constant", "rate", "1e-50");
        refuses("has no option decay", "constant", "decay", "1");
        refuses("known are constant, linear, inverse_time, step, cosine", "exponential");
    }

    private static void refuses(String message, String name, String... options) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> schedule(name, options))
                .withMessageContaining(message);
    }
}
