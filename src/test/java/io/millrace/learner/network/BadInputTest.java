package io.millrace.learner.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.learner.input.BadInputException;
import io.millrace.learner.input.Labels;
import io.millrace.learner.input.TargetCheck;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.Task;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An example that cannot be used is refused with its fault, and changes nothing at all. */
class BadInputTest {
    private static final float NAN = Float.NaN;
    private static final float INFINITE = Float.POSITIVE_INFINITY;

    static Stream<Arguments> badExamples() {
        LearnerSpec classes = Specs.classification().build();
        LearnerSpec labels = Specs.multilabel().build();
        LearnerSpec targets = Specs.regression(2).build();
        float[] good = {1, 2, 3, 4};
        return Stream.of(
                bad(classes, new float[] {1, 2, 3}, new float[] {0}, 1, 5, "3 features instead of 4"),
                bad(classes, new float[5], new float[] {0}, 1, 5, "5 features instead of 4"),
                bad(classes, new float[] {1, 2, NAN, 4}, new float[] {0}, 1, 5, "feature 2 is NaN"),
                bad(classes, new float[] {1, 2, 3, -INFINITE}, new float[] {0}, 1, 5, "feature 3 is -Infinity"),
                bad(classes, good, new float[] {3}, 1, 5, "class index 3 is not in 0 to 2"),
                bad(classes, good, new float[] {-1}, 1, 5, "class index -1 is not in 0 to 2"),
                bad(classes, good, new float[] {0.5f}, 1, 5, "class index 0.5 is not in 0 to 2"),
                bad(classes, good, new float[] {NAN}, 1, 5, "class index NaN is not in 0 to 2"),
                bad(classes, good, new float[] {0, 0}, 1, 5, "2 targets instead of 1"),
                bad(labels, good, new float[] {0, 2}, 1, 5, "label 1 is 2.0, neither 0 nor 1"),
                bad(labels, good, new float[] {NAN, 1}, 1, 5, "label 0 is NaN, neither 0 nor 1"),
                bad(targets, good, new float[] {0, INFINITE}, 1, 5, "target 1 is Infinity"),
                bad(targets, good, new float[] {0}, 1, 5, "1 target instead of 2"),
                bad(classes, good, new float[] {0}, -1, 5, "the weight is -1.0, not a number from 0 to 1000000"),
                bad(classes, good, new float[] {0}, NAN, 5, "the weight is NaN, not a number from 0 to 1000000"),
                bad(
                        classes,
                        good,
                        new float[] {0},
                        INFINITE,
                        5,
                        "the weight is Infinity, not a number from 0 to 1000000"),
                bad(classes, good, new float[] {0}, 1, -1, "the timestamp is -1, before 1970"));
    }

    private static Arguments bad(
            LearnerSpec spec, float[] features, float[] target, float weight, long timestamp, String fault) {
        return Arguments.of(spec, new Example(features, target, weight, timestamp), fault);
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("badExamples")
    void shouldChangeNothingWhenItRefusesAnExample(LearnerSpec spec, Example bad, String fault) {
        NetworkLearner learner = LearnerStateTest.trained(spec, 30, 1);
        // far beyond the window: it would close the open mini-batch if it were taken in
        Example lateBad = bad.timestamp() < 0 ? bad : bad.at(1L << 50);
        List<byte[]> before = LearnerStateTest.saved(learner);
        assertThat(learner.waiting()).isPositive();

        assertThatThrownBy(() -> lateBad.learnedBy(learner))
                .isInstanceOf(BadInputException.class)
                .hasMessage(fault);

        assertThat(LearnerStateTest.saved(learner)).usingRecursiveComparison().isEqualTo(before);
    }

    static Stream<Arguments> badLabels() {
        Task classes = Task.CLASSIFICATION;
        Task labels = Task.MULTILABEL;
        Task targets = Task.REGRESSION;
        return Stream.of(
                label(classes, 1, l -> l.encode("maybe"), "unknown class \"maybe\", known are no,yes"),
                label(classes, 1, l -> l.encode(2), "class index 2 is not in 0 to 1"),
                label(classes, 1, l -> l.encode(2f), "class index 2 is not in 0 to 1"),
                label(classes, 1, l -> l.encode(-1), "class index -1 is not in 0 to 1"),
                label(classes, 1, l -> l.encode(123456789), "class index 123456789 is not in 0 to 1"),
                label(
                        classes,
                        1,
                        l -> l.encode(0.5f),
                        "the label is a real target, which does not fit a classification model"),
                label(
                        classes,
                        1,
                        l -> l.encode(new float[1]),
                        "the label is an array of targets, which does not fit a classification model"),
                label(labels, 2, l -> l.encode(1), "the label is a class index, which does not fit a multilabel model"),
                label(
                        labels,
                        2,
                        l -> l.encode("red"),
                        "the label is a class name, which does not fit a multilabel model"),
                label(
                        labels,
                        2,
                        l -> l.encode(1f),
                        "the label is a real target, which does not fit a multilabel model"),
                label(labels, 2, l -> l.encode(new float[] {1, 0.5f}), "label 1 is 0.5, neither 0 nor 1"),
                label(labels, 2, l -> l.encode(new float[] {1}), "1 target instead of 2"),
                label(
                        targets,
                        1,
                        l -> l.encode("red"),
                        "the label is a class name, which does not fit a regression model"),
                label(targets, 1, l -> l.encode(NAN), "target 0 is NaN"),
                label(targets, 2, l -> l.encode(1f), "1 target instead of 2"),
                label(targets, 2, l -> l.encode(1), "1 target instead of 2"),
                label(targets, 2, l -> l.encode(new float[] {1, INFINITE}), "target 1 is Infinity"));
    }

    private static Arguments label(Task task, int width, Function<Labels, float[]> encoding, String fault) {
        return Arguments.of(task, width, encoding, fault);
    }

    /** Some labels cannot be translated; others can, and the number is refused where it is to be learned. */
    @ParameterizedTest(name = "{3}")
    @MethodSource("badLabels")
    void shouldRefuseALabelThatDoesNotFit(Task task, int width, Function<Labels, float[]> encoding, String fault) {
        List<String> names = task == Task.REGRESSION ? List.of() : List.of("no", "yes");
        TargetCheck check = new TargetCheck(task, names.size(), width);
        assertThatThrownBy(() -> check.check(encoding.apply(new Labels(task, names))))
                .isInstanceOf(BadInputException.class)
                .hasMessage(fault);
    }

    @Test
    void shouldEncodeLabelsThatFit() {
        Labels classes = new Labels(Task.CLASSIFICATION, List.of("no", "yes"));
        assertThat(classes.encode("yes")).containsExactly(1);
        assertThat(classes.encode(0)).containsExactly(0);
        assertThat(classes.encode(-0f)).containsExactly(0);
        assertThat(new Labels(Task.REGRESSION, List.of()).encode(7)).containsExactly(7);
        assertThat(new Labels(Task.REGRESSION, List.of()).encode(-2.5f)).containsExactly(-2.5f);
        Labels labels = new Labels(Task.MULTILABEL, List.of("red", "round"));
        assertThat(labels.encode(new float[] {0, 1})).containsExactly(0, 1);
    }

    @Test
    void shouldAbbreviateAHugeUnknownLabel() {
        Labels labels = new Labels(Task.CLASSIFICATION, List.of("no", "yes"));

        assertThatThrownBy(() -> labels.encode("x".repeat(100_000))).message().hasSizeLessThan(200);
    }

    @Test
    void shouldStayFiniteOnTheLargestFiniteNumbers() {
        for (Task task : Task.values()) {
            LearnerSpec spec = Specs.of(task).build();
            NetworkLearner learner = LearnerStateTest.trained(spec, 40, 1);
            float[] target = new float[spec.targetWidth()];
            if (task == Task.REGRESSION) {
                target[0] = Float.MAX_VALUE;
            }
            learner.learn(new float[] {Float.MAX_VALUE, -Float.MAX_VALUE, Float.MIN_VALUE, -0f}, target, 1, 1L << 41);
            Example.stream(spec, 40, 2).forEach(example -> example.at(1L << 42).learnedBy(learner));

            for (float parameter : learner.model().parameters()) {
                assertThat(parameter).as(task.id()).isFinite();
            }
            for (double variance : learner.model().featureVariances()) {
                assertThat(variance).as(task.id()).isFinite();
            }
            assertThat(learner.score().loss()).as(task.id()).isFinite();
        }
    }

    @Test
    void shouldRefuseFeaturesOfARequest() {
        NetworkPredictor predictor = new NetworkPredictor(
                LearnerStateTest.trained(Specs.classification().build(), 20, 1).model());

        assertThatThrownBy(() -> predictor.predict(new float[] {1, 2, 3}, new float[3]))
                .isInstanceOf(BadInputException.class)
                .hasMessage("3 features instead of 4");
        assertThatThrownBy(() -> predictor.predict(new float[] {1, NAN, 3, 4}, new float[3]))
                .isInstanceOf(BadInputException.class)
                .hasMessage("feature 1 is NaN");
    }
}
