package io.millrace.learner.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.learner.spec.Task;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

class LabelMemoryTest {
    private final Random random = new Random(1);

    private static LabelMemory learned(int count, IntUnaryOperator label) {
        LabelMemory memory = new LabelMemory(Task.CLASSIFICATION, 3);
        for (int i = 0; i < count; i++) {
            memory.know();
            memory.learn(new float[] {label.applyAsInt(i)});
        }
        memory.know();
        return memory;
    }

    private static float[] logits(LabelMemory memory) {
        float[] logits = {9, 9, 9};
        memory.logits(new double[0], new double[0], logits);
        return logits;
    }

    @Test
    void shouldSayNothingBeforeTheFirstLabel() {
        assertThat(logits(new LabelMemory(Task.CLASSIFICATION, 3))).containsExactly(0, 0, 0);
    }

    @Test
    void shouldBeFlatWhereLabelsAreIndependent() {
        float[] logits = logits(learned(20_000, i -> random.nextInt(3)));
        for (float logit : logits) {
            assertThat(logit).isCloseTo(0, within(0.1f));
        }
    }

    /** Labels in runs of ten: they stay in 9 of 10 cases, by chance in 1 of 3. */
    @Test
    void shouldPreferTheLastLabelInRuns() {
        float[] logits = logits(learned(20_000, i -> i / 10 % 3));
        int last = 19_999 / 10 % 3;
        assertThat(logits[last]).isCloseTo((float) Math.log(0.9 / (1 / 3.0)), within(0.15f));
        assertThat(logits[(last + 1) % 3])
                .isEqualTo(logits[(last + 2) % 3])
                .isCloseTo((float) Math.log(0.1 / (2 / 3.0)), within(0.2f));
    }

    @Test
    void shouldPredictWithWhatWasKnownUntilTheNextPrediction() {
        LabelMemory memory = learned(100, i -> i / 10 % 3);
        float[] before = logits(memory);
        LabelMemory copy = new LabelMemory(Task.CLASSIFICATION, 3);
        copy.fromDoubles(memory.toDoubles());
        copy.know();
        assertThat(logits(copy)).containsExactly(before);
    }

    @Test
    void shouldKnowTheLastTargets() {
        LabelMemory memory = new LabelMemory(Task.REGRESSION, 2);
        memory.know();
        assertThat(scaled(memory)).containsExactly(0, 0);
        memory.learn(new float[] {3, 4});
        assertThat(scaled(memory)).containsExactly(0, 0);
        memory.know();
        assertThat(scaled(memory)).containsExactly(1, 0.5f);
        assertThat(memory.toDoubles()).containsExactly(1, 0.5, 0.5, 3, 4);
    }

    /** By means of 1 and 3, and deviations of 2. */
    private static float[] scaled(LabelMemory memory) {
        float[] targets = new float[2];
        memory.logits(new double[] {1, 3}, new double[] {4, 4}, targets);
        return targets;
    }
}
