package io.millrace.learner.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.feature.Declaration;
import io.millrace.feature.InputRow;
import io.millrace.learner.evaluation.FieldSummary;
import io.millrace.learner.evaluation.Report;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.Task;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What reports say beyond means: what was true and predicted, and what is known of the fields. */
class ReportDetailsTest {
    private static final double CLOSE = 1e-12;

    private final List<Report> reports = new ArrayList<>();

    private List<Example> learn(LearnerSpec spec, int count) {
        List<Example> stream = Example.stream(spec, count, 3);
        NetworkLearner learner = new NetworkLearner(spec, reports::add);
        stream.forEach(example -> example.learnedBy(learner));
        assertThat(reports).isNotEmpty();
        return stream;
    }

    private static int sum(List<Integer> counts) {
        return counts.stream().mapToInt(Integer::intValue).sum();
    }

    @ParameterizedTest
    @EnumSource
    void shouldCountTheExamplesWhoseMeansItReports(Task task) {
        LearnerSpec spec = Specs.of(task).batch(1).reports(40).build();
        learn(spec, 400);
        for (Report report : reports) {
            Report.Outcomes outcomes = report.outcomes();
            assertThat(outcomes.classes()).isEqualTo(spec.classes());
            switch (task) {
                case CLASSIFICATION -> {
                    int right = IntStream.range(0, 3)
                            .map(c -> outcomes.confusion().get(4 * c))
                            .sum();
                    assertThat(outcomes.confusion()).hasSize(9);
                    assertThat(sum(outcomes.confusion())).isEqualTo((int) report.reportExamples());
                    assertThat(right / 40.0).isEqualTo(report.metrics().get("accuracy"));
                }
                case MULTILABEL -> {
                    int right = outcomes.labels().stream()
                            .mapToInt(label -> label.hits() + label.rejections())
                            .sum();
                    assertThat(outcomes.labels())
                            .hasSize(2)
                            .allSatisfy(label -> assertThat(
                                            label.hits() + label.falseAlarms() + label.misses() + label.rejections())
                                    .isEqualTo(40));
                    assertThat(right / 80.0).isCloseTo(report.metrics().get("accuracy"), within(CLOSE));
                }
                case REGRESSION -> {
                    double error = outcomes.pairs().stream()
                            .flatMapToDouble(pair -> IntStream.range(0, 2)
                                    .mapToDouble(k -> Math.abs(pair.predicted().get(k)
                                            - pair.truth().get(k))))
                            .average()
                            .orElseThrow();
                    assertThat(outcomes.pairs()).hasSize((int) report.reportExamples());
                    assertThat(error).isCloseTo(report.metrics().get("mae"), within(CLOSE * 1000));
                }
            }
        }
    }

    /** Rows are true classes: the labels of the stream tell their sums. */
    @Test
    void shouldHaveARowForEachTrueClass() {
        LearnerSpec spec = Specs.classification().batch(1).reports(50).build();
        List<Example> stream = learn(spec, 100);
        for (int r = 0; r < 2; r++) {
            int[] expected = new int[3];
            stream.subList(50 * r, 50 * r + 50).forEach(example -> expected[(int) example.target()[0]]++);
            List<Integer> confusion = reports.get(r).outcomes().confusion();
            for (int c = 0; c < 3; c++) {
                assertThat(sum(confusion.subList(3 * c, 3 * c + 3))).isEqualTo(expected[c]);
            }
        }
    }

    @Test
    void shouldKeepAnEvenSampleOfManyExamplesInTheirOrder() {
        LearnerSpec spec = Specs.regression(1).batch(1).reports(1000).build();
        List<Example> stream = learn(spec, 1001);
        List<Report.Pair> pairs = reports.get(0).outcomes().pairs();
        assertThat(pairs).hasSize(63); // every 16th, but not the first example, for which there was no unit yet
        for (int i = 0; i < pairs.size(); i++) {
            assertThat(pairs.get(i).truth())
                    .containsExactly((double) stream.get(1 + 16 * i).target()[0]);
        }
    }

    @Test
    void shouldTellTheMeansOfTheFeaturesThatCameAndOfThoseThatWereLearned() {
        LearnerSpec spec = Specs.classification().batch(1).reports(100).build();
        List<Example> stream = Example.stream(spec, 300, 3);
        NetworkLearner learner = new NetworkLearner(spec, reports::add);
        for (int i = 0; i < 300; i++) {
            stream.get(i).learnedBy(learner);
            if (i % 100 == 99) {
                NetworkModel model = learner.model();
                for (Report.Field field : reports.get(i / 100).fields()) {
                    int j = Integer.parseInt(field.name().replaceAll("\\D", ""));
                    double mean = stream.subList(i - 99, i + 1).stream()
                            .mapToDouble(example -> example.features()[j])
                            .average()
                            .orElseThrow();
                    assertThat(field.number()).isEqualTo("features[" + j + "]");
                    assertThat(field.missing()).isZero();
                    assertThat(field.mean()).isCloseTo(mean, within(1e-9));
                    assertThat(field.learnedMean()).isEqualTo(model.featureMeans()[j]);
                    assertThat(field.learnedDeviation()).isEqualTo(Math.sqrt(model.featureVariances()[j]));
                }
            }
        }
    }

    /** The target depends on the first feature, and half as much on the second, whose deviation is twice as large; not on the others. */
    @Test
    void shouldFindTheFeaturesThatMatter() {
        learn(Specs.regression(1).batch(1).reports(1000).build(), 6000);
        List<Report.Field> fields = reports.get(5).fields();
        assertThat(fields)
                .hasSize(4)
                .isSortedAccordingTo(
                        Comparator.comparingDouble(Report.Field::importance).reversed());
        assertThat(fields.subList(0, 2))
                .extracting(Report.Field::name)
                .containsExactlyInAnyOrder("features[0]", "features[1]");
        assertThat(fields.get(1).importance()).isGreaterThan(5 * fields.get(2).importance());
    }

    @Test
    void shouldListTheFieldsThatMatterMostIfThereAreMany() {
        learn(Specs.regression(1).shape(100, 4, 1).batch(1).reports(1000).build(), 3000);
        List<Report.Field> fields = reports.get(2).fields();
        assertThat(fields)
                .hasSize(FieldSummary.MOST_FIELDS)
                .isSortedAccordingTo(
                        Comparator.comparingDouble(Report.Field::importance).reversed());
        assertThat(fields)
                .extracting(Report.Field::name)
                .doesNotHaveDuplicates()
                .contains("features[0]");
    }

    private static InputRow row(Declaration declaration, double amount, boolean free, int user) {
        InputRow row = new InputRow(declaration.features().layout());
        double[] numbers = row.numbers();
        numbers[0] = amount;
        numbers[1] = Double.isNaN(amount) ? 1 : 0;
        numbers[2] = free ? 1 : 0;
        numbers[3] = free ? 0 : 1;
        row.clear();
        row.id(user);
        row.endOfTable(0);
        row.record(new byte[0]);
        return row;
    }

    @Test
    void shouldTellWhichDeclaredFieldsWereMissingAndWhichNumberOfAFieldHasMovedMost() {
        Declaration declaration =
                Declaration.parse("avro", "amount?: number, plan: oneof(free|pro), user?: category(50,3)", "l", "", "");
        LearnerSpec spec =
                Specs.classification().declared(declaration).batch(1).reports(8).build();
        NetworkLearner learner = new NetworkLearner(spec, reports::add);
        for (int i = 0; i < 80; i++) {
            InputRow row = row(declaration, i % 4 == 0 ? Double.NaN : i, i < 72 && i % 2 == 0, i % 8 == 0 ? 0 : 7);
            learner.learn(row, new float[] {row.ids()[0] == 7 ? 1 : 0}, 1, i, i);
        }
        assertThat(reports).hasSize(10);
        List<Report.Field> fields = new ArrayList<>(reports.get(9).fields());
        fields.sort(Comparator.comparing(Report.Field::name));
        assertThat(fields).extracting(Report.Field::name).containsExactly("amount", "plan", "user");
        assertThat(fields).extracting(Report.Field::missing).containsExactly(0.25, 0.0, 0.125);
        assertThat(fields.get(0).mean()).isEqualTo((73 + 74 + 75 + 77 + 78 + 79) / 6.0);
        assertThat(fields.get(1).number()).isIn("plan=free", "plan=pro");
        assertThat(fields.get(1).mean()).isEqualTo(fields.get(1).number().equals("plan=pro") ? 1 : 0);
        assertThat(fields.get(1).learnedMean()).isBetween(0.4, 0.6);
        assertThat(fields.get(2).number()).isEmpty();
        assertThat(fields.get(2).mean()).isNaN();
        assertThat(fields)
                .allSatisfy(field -> assertThat(field.importance()).isPositive().isFinite());
    }

    @Test
    void shouldSayNothingOfMoreClassesThanAnybodyCanRead() {
        LearnerSpec spec = Specs.classification().shape(4, 5, 33).batch(1).build();
        learn(spec, 20);
        assertThat(reports.get(0).outcomes().classes()).isEmpty();
        assertThat(reports.get(0).outcomes().confusion()).isEmpty();
    }
}
