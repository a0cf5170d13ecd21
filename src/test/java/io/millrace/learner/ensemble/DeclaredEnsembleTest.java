package io.millrace.learner.ensemble;

import static io.millrace.Allocations.settledBytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.feature.Declaration;
import io.millrace.feature.InputLayout;
import io.millrace.feature.InputRow;
import io.millrace.learner.evaluation.Report;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.network.Example;
import io.millrace.learner.network.Specs;
import io.millrace.learner.spec.EnsembleInputs;
import io.millrace.learner.spec.GuardLimits;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.MemberSpec;
import io.millrace.learner.spec.Task;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** An ensemble of declared features: numbers as doubles, some of them missing, some of them not standardised, and ids of tables. */
class DeclaredEnsembleTest {
    private static final Declaration DECLARATION = declaration("amount?: number, at: number, plan: oneof(a|b),"
            + " when?: time(hour), user: category(50,3), tags: set(20,2)");
    private static final InputLayout LAYOUT = DECLARATION.features().layout();
    private static final int HELD_OUT_EVERY = 5;
    private static final int MOST_USER = 30;

    private static Declaration declaration(String features) {
        return Declaration.parse("avro", features, "label", "", "");
    }

    private static Specs specs(Task task) {
        return Specs.of(task).declared(DECLARATION).reports(70);
    }

    private static InputRow draw(Random random, int i, int tags) {
        InputRow row = new InputRow(LAYOUT);
        boolean missing = random.nextInt(4) == 0;
        double[] numbers = row.numbers();
        numbers[0] = missing ? Double.NaN : 100 * random.nextGaussian();
        numbers[1] = missing ? 1 : 0;
        numbers[2] = 1.7e12 + i;
        numbers[3 + random.nextInt(2)] = 1;
        double hour = 2 * Math.PI * random.nextDouble();
        numbers[6] = missing ? 0 : Math.sin(hour);
        numbers[7] = missing ? 0 : Math.cos(hour);
        numbers[8] = missing ? 1 : 0;
        row.clear();
        row.id(random.nextInt(MOST_USER + 1));
        row.endOfTable(0);
        for (int n = tags; n > 0; n--) {
            row.id(1 + random.nextInt(20));
        }
        row.endOfTable(1);
        return row;
    }

    private static List<InputRow> rows(int count) {
        Random random = new Random(7);
        return IntStream.range(0, count)
                .mapToObj(i -> draw(random, i, random.nextInt(4)))
                .toList();
    }

    /** A model of classes that has learned so many examples. */
    static EnsembleModel trained(int examples) {
        LearnerSpec spec = specs(Task.CLASSIFICATION).build();
        EnsembleLearner learner = new EnsembleLearner(spec, report -> {});
        feed(learner, spec, rows(examples), 0, examples);
        return learner.model();
    }

    private static float[] target(LearnerSpec spec, InputRow row) {
        float[] target = new float[spec.targetWidth()];
        Arrays.fill(target, row.numbers()[3] == 1 == row.ids()[0] % 2 > 0 ? 1 : 0);
        return target;
    }

    private static void feed(EnsembleLearner learner, LearnerSpec spec, List<InputRow> rows, int from, int to) {
        for (int i = from; i < to; i++) {
            InputRow row = rows.get(i);
            if (spec.validation().holdsOut() && i % HELD_OUT_EVERY == 0) {
                learner.evaluate(row, target(spec, row), 1, 1000 + i);
            } else {
                learner.learn(row, target(spec, row), 1, 1000 + i, i);
            }
        }
    }

    @Test
    void shouldLearnTheBitsOfExamplesWhereAllNumbersAreThereAndFitIntoFloats() {
        LearnerSpec plain = Specs.classification().build();
        int count = plain.architecture().inputs();
        Declaration declaration = declaration(
                IntStream.range(0, count).mapToObj(j -> "x" + j + ": number").collect(Collectors.joining(", ")));
        List<Example> stream = Example.stream(plain, 300, 5);
        EnsembleLearner declared =
                new EnsembleLearner(Specs.classification().declared(declaration).build(), report -> {});
        int position = 0;
        for (Example example : stream) {
            InputRow row = new InputRow(declaration.features().layout());
            for (int j = 0; j < count; j++) {
                row.numbers()[j] = example.features()[j];
            }
            declared.learn(row, example.target(), example.weight(), example.timestamp(), position++);
        }
        EnsembleModel expected = Streams.trained(plain, stream).model();
        assertThat(declared.model().parameters()).isEqualTo(expected.parameters());
        assertThat(declared.model().weights()).isEqualTo(expected.weights());
        assertThat(declared.model().fastMeans()).isEqualTo(expected.fastMeans());
    }

    /** Around the first steps of the steady members, and the ring's end. */
    @ParameterizedTest
    @CsvSource({
        "CLASSIFICATION, 1",
        "CLASSIFICATION, 8",
        "CLASSIFICATION, 261",
        "CLASSIFICATION, 1290",
        "REGRESSION, 350",
        "MULTILABEL, 333",
    })
    void shouldContinueBitByBitAfterRestoreAtAnyPoint(Task task, int point) {
        LearnerSpec spec = specs(task).holdout(0.2).build();
        List<InputRow> rows = rows(point + 200);
        List<Report> expected = new ArrayList<>();
        EnsembleLearner uninterrupted = new EnsembleLearner(spec, expected::add);
        feed(uninterrupted, spec, rows, 0, rows.size());

        List<Report> reports = new ArrayList<>();
        EnsembleLearner before = new EnsembleLearner(spec, reports::add);
        feed(before, spec, rows, 0, point);
        EnsembleLearner after = Streams.restored(new EnsembleLearner(spec, reports::add), Streams.saved(before));
        feed(after, spec, rows, point, rows.size());

        assertThat(Streams.saved(after).toArray())
                .isEqualTo(Streams.saved(uninterrupted).toArray());
        assertThat(reports.toString()).isEqualTo(expected.toString());
    }

    @Test
    void requestsShouldMoveTheShortStatisticsAsTheirExamplesDo() {
        LearnerSpec spec = specs(Task.CLASSIFICATION).build();
        List<InputRow> rows = rows(240);
        EnsembleLearner learner = new EnsembleLearner(spec, report -> {});
        feed(learner, spec, rows, 0, 200);
        RecentRequests requests = new RecentRequests(LAYOUT, LAYOUT.inputs().size());
        requests.follow(learner.model(), 0.03);
        for (int i = 200; i < 240; i++) {
            requests.enter(rows.get(i), 1000 + i, 0.03);
        }
        feed(learner, spec, rows, 200, 240);
        EnsembleModel newest = learner.model();

        assertThat(requests.statistics().means()).isEqualTo(newest.fastMeans());
        assertThat(requests.statistics().variances()).isEqualTo(newest.fastVariances());
        assertThat(requests.statistics().counts()).isEqualTo(newest.counts());
    }

    @Test
    void shouldEnterNumbersIntoBinsUnlessTheyAreMissingOrNotStandardised() {
        EnsembleInputs inputs = EnsembleInputs.of(LAYOUT, LAYOUT.inputs().size());
        assertThat(inputs.placed()).containsExactly(0, 2, 3, 4, 5); // amount, at, plan=a, plan=b, plan other
        Views views = new Views(LAYOUT, inputs);
        MemberSpec binned = MemberSpec.of(inputs).get(3);
        MemberInputs batch = new MemberInputs(binned, inputs, 2);
        List<InputRow> rows = rows(100);
        InputRow there =
                rows.stream().filter(row -> row.numbers()[1] == 0).findFirst().orElseThrow();
        InputRow missing =
                rows.stream().filter(row -> row.numbers()[1] == 1).findFirst().orElseThrow();
        for (InputRow row : List.of(there, missing)) {
            views.take(row);
            batch.add(views);
        }

        assertThat(batch.tokens().end(0, 0) - batch.tokens().start(0, 0)).isEqualTo(10);
        assertThat(batch.tokens().end(1, 0) - batch.tokens().start(1, 0)).isEqualTo(8);
        assertThat(batch.tokens().id(batch.tokens().start(1, 0))).isBetween(16, 31); // of the second with bins
        assertThat(views.slow()[0]).isZero();
        assertThat(views.fast()[0]).isZero();
        assertThat(views.slow()[1]).isEqualTo(1); // enters as it is
    }

    @Test
    void aMissingNumberShouldNotChangeItsStatistics() {
        long there = rows(200).stream().filter(row -> row.numbers()[1] == 0).count();
        EnsembleModel model = trained(200);
        assertThat(model.counts()).containsExactly(there, 0, 200, 200, 200, 200, 0, 0, 0);
        assertThat(model.slowMeans()[6]).isZero();
        assertThat(model.slowVariances()[6]).isOne();
    }

    @ParameterizedTest
    @EnumSource
    @Tag("allocation")
    void shouldAllocateNothingForAnExampleBetweenReports(Task task) {
        LearnerSpec spec = specs(task).reports(Integer.MAX_VALUE).build();
        Random random = new Random(7);
        List<InputRow> rows =
                IntStream.range(0, 200).mapToObj(i -> draw(random, i, 2)).toList();
        EnsembleLearner learner = new EnsembleLearner(spec, report -> {});
        float[] target = target(spec, rows.get(0));
        feed(learner, spec, rows, 0, 200);

        assertThat(settledBytes(() -> {
                    for (int i = 0; i < 200; i++) {
                        learner.learn(rows.get(i), target, 1, 1000, learner.nextPosition());
                    }
                }))
                .isZero();
    }

    @Test
    void shouldRefuseBadNumbersByTheirNames() {
        LearnerSpec spec = specs(Task.CLASSIFICATION).build();
        EnsembleLearner learner = new EnsembleLearner(spec, report -> {});
        List<InputRow> rows = rows(200);
        feed(learner, spec, rows, 0, 199);
        InputRow row = rows.get(199);
        row.numbers()[2] = Double.NaN;
        assertThatThrownBy(() -> feed(learner, spec, rows, 199, 200))
                .isInstanceOf(BadInputException.class)
                .hasMessage("at is NaN");
        assertThatThrownBy(() -> learner.model().predictor().predict(row, new float[3]))
                .isInstanceOf(BadInputException.class)
                .hasMessage("at is NaN");
        row.numbers()[2] = 1e37;
        assertThatThrownBy(() -> feed(learner, spec, rows, 199, 200))
                .isInstanceOf(BadInputException.class)
                .hasMessageStartingWith("at has the magnitude 1.0E37");
        assertThat(learner.version()).isEqualTo(199);
    }

    /** Without a memory of labels, a model whose mixtures are all the same answers as training does. */
    @Test
    void shouldAnswerAsTrainingDoesWithTheSameWeights() {
        LearnerSpec spec = specs(Task.MULTILABEL).build();
        Ensemble ensemble = new Ensemble(
                Design.of(EnsembleInputs.of(spec)),
                Task.MULTILABEL,
                LAYOUT,
                EnsembleInputs.of(spec),
                2,
                null,
                spec.guard(),
                spec.seed());
        List<InputRow> rows = rows(700);
        for (InputRow row : rows) {
            ensemble.predict(row);
            ensemble.learn(target(spec, row), 1);
        }
        EnsembleModel m = ensemble.model(Task.MULTILABEL, spec.classes(), 0, DECLARATION);
        EnsembleModel same = new EnsembleModel(
                m.task(),
                m.classes(),
                m.inputs(),
                m.outputs(),
                m.version(),
                m.parameters(),
                m.slowMeans(),
                m.slowVariances(),
                m.fastMeans(),
                m.fastVariances(),
                m.counts(),
                m.newestTime(),
                m.targetMeans(),
                m.targetVariances(),
                m.weights(),
                m.weights(),
                m.weights(),
                m.labels(),
                m.declaration());
        float[] scores = new float[2];
        same.predictor().predict(rows.get(3), scores);
        ensemble.predict(rows.get(3));

        assertThat(scores).containsExactly((float) ensemble.answer()[0], (float) ensemble.answer()[1]);
        assertThat(m.weights()[2]).as("of averaged weights").isNotZero();
    }

    /** Nothing but the rows that examples name may cost time. */
    @Test
    void shouldLeaveRowsOfTablesAloneThatNoExampleNames() {
        EnsembleModel before = trained(0);
        EnsembleModel after = trained(300);

        Pattern place = Pattern.compile("table 1 \\[(\\d+)\\]\\[\\d+\\] of the member (linear|swift|steady) .*");
        int met = 0;
        int others = 0;
        for (int i = 0; i < before.parameters().length; i++) {
            Matcher name = place.matcher(after.parameterName(i));
            if (name.matches()) {
                boolean named = Integer.parseInt(name.group(1)) <= MOST_USER;
                assertThat(before.parameters()[i] != after.parameters()[i])
                        .as(name.group())
                        .isEqualTo(named);
                met += named ? 1 : 0;
                others += named ? 0 : 1;
            }
        }
        assertThat(met).isEqualTo(3 * 3 * (MOST_USER + 1)); // of three members; tables are not averaged
        assertThat(others).isEqualTo(3 * 3 * (50 - MOST_USER));
    }

    @Test
    void shouldReturnAMemberWithItsTables() {
        LearnerSpec spec = specs(Task.CLASSIFICATION)
                .reports(500)
                .guard(new GuardLimits(3, 1.5, 0))
                .build();
        List<Report> reports = new ArrayList<>();
        EnsembleLearner learner = new EnsembleLearner(spec, reports::add);
        List<InputRow> rows = rows(2000);
        feed(learner, spec, rows, 0, 1500);
        for (int i = 1500; i < 2000; i++) {
            float[] target = target(spec, rows.get(i));
            target[0] = 1 - target[0];
            learner.learn(rows.get(i), target, 1, 1000 + i, i);
        }

        assertThat(reports.get(3).refused().returnedTo()).isBetween(500L, 1500L);
        EnsembleLearner restored = Streams.restored(new EnsembleLearner(spec, report -> {}), Streams.saved(learner));
        assertThat(restored.model().parameters())
                .containsExactly(learner.model().parameters());
    }

    @Test
    void shouldRefuseSavedIdsThatAreInNoTable() {
        EnsembleInputs inputs = EnsembleInputs.of(LAYOUT, LAYOUT.inputs().size());
        Views views = new Views(LAYOUT, inputs);
        ExampleRing ring = new ExampleRing(inputs, 1, 1);
        InputRow row = rows(1).get(0);
        row.ids()[0] = 51;
        views.take(row);
        ring.put(0, views, new float[1], 1);
        StateWriter out = new StateWriter();
        ring.save(out, views);

        assertThatThrownBy(() -> new ExampleRing(inputs, 1, 1).restore(new StateReader(out.chunks()), views, inputs))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the saved state holds an example with ids that are not in table 1");
    }

    /** Features may make no number at all. */
    @Test
    void shouldLearnFromTablesAlone() {
        Declaration tables = declaration("user: category(50,3)");
        LearnerSpec spec = Specs.classification().declared(tables).reports(500).build();
        List<Report> reports = new ArrayList<>();
        EnsembleLearner learner = new EnsembleLearner(spec, reports::add);
        Random random = new Random(1);
        InputRow row = new InputRow(tables.features().layout());
        for (int i = 0; i < 1000; i++) {
            row.clear();
            row.id(random.nextInt(20));
            row.endOfTable(0);
            learner.learn(row, new float[] {row.ids()[0] % 3}, 1, i, i);
        }

        assertThat(reports.get(1).metrics().get("accuracy")).isGreaterThan(0.9);
        assertThat(reports.get(1).experts())
                .extracting(Report.Expert::name)
                .containsExactly("linear", "swift", "steady-average", "steady", "labels");
        learner.model().predictor().predict(row, new float[3]);
        assertThat(Streams.restored(new EnsembleLearner(spec, report -> {}), Streams.saved(learner))
                        .model()
                        .parameters())
                .containsExactly(learner.model().parameters());
    }
}
