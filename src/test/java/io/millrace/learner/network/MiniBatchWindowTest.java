package io.millrace.learner.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.learner.spec.LearnerSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When the open mini-batch closes: at its size, or by event time, which alone counts. */
class MiniBatchWindowTest {
    private static final LearnerSpec SPEC =
            Specs.classification().batch(4).window(1000).build();

    @Test
    void shouldLearnAFullMiniBatch() {
        NetworkLearner learner = new NetworkLearner(SPEC, report -> {});

        learn(learner, 0, 0, 0);
        assertThat(learner.version()).isZero();
        learn(learner, 0);

        assertThat(learner.version()).isEqualTo(4);
        assertThat(learner.waiting()).isZero();
    }

    @Test
    void shouldCloseAWindowWithTheFirstRecordBeyondIt() {
        NetworkLearner learner = new NetworkLearner(SPEC, report -> {});

        learn(learner, 5000, 5999);
        assertThat(learner.version()).isZero();
        assertThat(learner.openedAt()).isEqualTo(5000);
        learn(learner, 6000);

        assertThat(learner.version()).isEqualTo(2);
        assertThat(learner.waiting()).isEqualTo(1);
        assertThat(learner.openedAt()).isEqualTo(6000);
    }

    @Test
    void shouldTakeLateRecordsIntoTheOpenWindow() {
        NetworkLearner learner = new NetworkLearner(SPEC, report -> {});

        learn(learner, 5000, 0, 4999);

        assertThat(learner.waiting()).isEqualTo(3);
        assertThat(learner.openedAt()).isEqualTo(5000);
    }

    @Test
    void shouldOpenAWindowAtStreamTimeWhenItsFirstRecordIsLate() {
        NetworkLearner learner = new NetworkLearner(SPEC, report -> {});
        learn(learner, 9000, 9000, 9000, 9000);

        learn(learner, 3000, 9999);
        assertThat(learner.openedAt()).isEqualTo(9000);
        assertThat(learner.waiting()).isEqualTo(2);
        learn(learner, 10_000);

        assertThat(learner.version()).isEqualTo(6);
    }

    @Test
    void shouldRememberStreamTimeAcrossARestoreWithNothingWaiting() {
        NetworkLearner before = new NetworkLearner(SPEC, report -> {});
        learn(before, 9000, 9000, 9000, 9000);
        NetworkLearner after = LearnerStateTest.restored(SPEC, before, new java.util.ArrayList<>());

        learn(after, 3000);

        assertThat(after.openedAt()).isEqualTo(9000);
    }

    @Test
    void shouldNotOverflowOnTheLastTimestamp() {
        NetworkLearner learner = new NetworkLearner(
                Specs.classification().batch(4).window(Long.MAX_VALUE).build(), report -> {});

        learn(learner, 0, Long.MAX_VALUE - 1, 0);
        assertThat(learner.waiting()).isEqualTo(3);
        learn(learner, Long.MAX_VALUE, 7, 8);

        assertThat(learner.version()).isEqualTo(3);
        assertThat(learner.waiting()).isEqualTo(3);
        assertThat(learner.openedAt()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldCountExamplesOfWeightZeroWithoutMovingByThem() {
        NetworkLearner learner = new NetworkLearner(SPEC, report -> {});
        String before = LearnerStateTest.sha256(learner);
        for (int i = 0; i < 4; i++) {
            learner.learn(new float[] {i, 1, 2, 3}, new float[] {i % 3}, 0, 0);
        }

        assertThat(LearnerStateTest.sha256(learner)).isEqualTo(before);
        assertThat(learner.version()).isEqualTo(4);
        assertThat(learner.score().examples()).isEqualTo(4);
    }

    @Test
    void shouldCountAnExampleOfWeightTwoAsTwiceItsGradient() {
        LearnerSpec one = Specs.classification().batch(1).build();
        LearnerSpec half = Specs.classification()
                .batch(1)
                .optimizer(
                        one.optimization().optimizer(),
                        one.optimization().schedule().learningRate(0) / 2)
                .build();
        NetworkLearner whole = new NetworkLearner(one, report -> {});
        NetworkLearner doubled = new NetworkLearner(half, report -> {});
        for (Example example : Example.stream(one, 50, 1)) {
            whole.learn(example.features(), example.target(), 1, 0);
            doubled.learn(example.features(), example.target(), 2, 0);
        }

        assertThat(LearnerStateTest.sha256(doubled)).isEqualTo(LearnerStateTest.sha256(whole));
    }

    @Test
    void shouldNotKeepTheCallersArrays() {
        List<Example> stream = Example.stream(SPEC, 40, 1);
        NetworkLearner fresh = new NetworkLearner(SPEC, report -> {});
        stream.forEach(example -> example.learnedBy(fresh));
        NetworkLearner reusing = new NetworkLearner(SPEC, report -> {});
        float[] features = new float[Specs.INPUTS];
        float[] target = new float[1];
        for (Example example : stream) {
            System.arraycopy(example.features(), 0, features, 0, features.length);
            target[0] = example.target()[0];
            reusing.learn(features, target, example.weight(), example.timestamp());
            assertThat(features).isEqualTo(example.features());
        }

        assertThat(LearnerStateTest.sha256(reusing)).isEqualTo(LearnerStateTest.sha256(fresh));
    }

    private static void learn(NetworkLearner learner, long... timestamps) {
        for (long timestamp : timestamps) {
            learner.learn(new float[] {1, 2, 3, 4}, new float[] {1}, 1, timestamp);
        }
    }
}
