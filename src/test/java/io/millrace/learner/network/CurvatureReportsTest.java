package io.millrace.learner.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.learner.evaluation.Report;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.Task;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import io.millrace.nn.optimizer.Optimizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every n-th report carries the curvature, and nothing else changes. */
class CurvatureReportsTest {

    @Property(tries = 60)
    void shouldChangeNothingButEveryNthReportWhereverItIsInterrupted(
            @ForAll Task task,
            @ForAll @IntRange(min = 1, max = 9) int batchSize,
            @ForAll boolean batchNorm,
            @ForAll boolean nesterov,
            @ForAll @IntRange(min = 1, max = 4) int every,
            @ForAll @IntRange(min = 0, max = 120) int point) {
        Specs specs = Specs.of(task)
                .optimizer(Optimizer.of(nesterov ? "nesterov" : "adam"), 1e-4)
                .batch(batchSize)
                .batchNorm(batchNorm)
                .dropout(0.2)
                .reports(7);
        LearnerSpec without = specs.build();
        LearnerSpec with = specs.curvatureEvery(every).build();
        List<Example> stream = Example.stream(without, 120, 1);
        List<Report> expected = new ArrayList<>();
        NetworkLearner plain = new NetworkLearner(without, expected::add);
        stream.forEach(example -> example.learnedBy(plain));

        List<Report> reports = new ArrayList<>();
        NetworkLearner before = new NetworkLearner(with, reports::add);
        stream.subList(0, point).forEach(example -> example.learnedBy(before));
        NetworkLearner after = restored(with, before, reports);
        stream.subList(point, 120).forEach(example -> example.learnedBy(after));

        assertThat(after.model()).usingRecursiveComparison().isEqualTo(plain.model());
        assertThat(reports)
                .usingRecursiveComparison()
                .ignoringFields("curvature")
                .isEqualTo(expected);
        assertThat(numbers(reports))
                .isEqualTo(IntStream.rangeClosed(1, reports.size())
                        .filter(number -> number % every == 0)
                        .boxed()
                        .collect(Collectors.toSet()));
    }

    /** Numbers of those that carry the curvature, from 1. */
    private static Set<Integer> numbers(List<Report> reports) {
        return IntStream.rangeClosed(1, reports.size())
                .filter(number -> reports.get(number - 1).curvature() != null)
                .boxed()
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @EnumSource
    void shouldMeasureOnTheMiniBatchAndTheWeightsOfTheStepThatBringsTheReport(Task task) {
        LearnerSpec spec = Specs.of(task)
                .optimizer(Optimizer.of("sgd"), 0.01f)
                .batch(4)
                .reports(8)
                .curvatureEvery(1)
                .build();
        List<Report> reports = new ArrayList<>();
        NetworkLearner learner = new NetworkLearner(spec, reports::add);
        Example.stream(spec, 120, 1).forEach(example -> example.learnedBy(learner));

        assertThat(reports).hasSize(15);
        for (Report report : reports) {
            double squared = report.gradientNorm() * report.gradientNorm();
            assertThat(report.curvature().gradientSquared()).isCloseTo(squared, within(1e-12 + 1e-9 * squared));
            assertThat(report.curvature().alongGradient()).isFinite().isNotZero();
        }
    }

    @Test
    void shouldBeSwitchedOnAndOffBetweenTwoRuns() {
        for (int former : new int[] {0, 1, 3}) {
            for (int now : new int[] {0, 1, 2}) {
                LearnerSpec spec = Specs.regression(2)
                        .batch(4)
                        .reports(10)
                        .curvatureEvery(former)
                        .build();
                NetworkLearner before = new NetworkLearner(spec, report -> {});
                List<Example> stream = Example.stream(spec, 120, 1);
                stream.subList(0, 30).forEach(example -> example.learnedBy(before)); // two reports, two rows wait

                List<Report> reports = new ArrayList<>();
                LearnerSpec changed = Specs.regression(2)
                        .batch(4)
                        .reports(10)
                        .curvatureEvery(now)
                        .build();
                NetworkLearner after = restored(changed, before, reports);
                assertThat(after.waiting()).isEqualTo(2);
                stream.subList(30, 120).forEach(example -> example.learnedBy(after));

                assertThat(reports).hasSize(8);
                long carrying = reports.stream()
                        .filter(report -> report.curvature() != null)
                        .count();
                assertThat(carrying).isEqualTo(now == 0 ? 0 : now == 1 ? 8 : 4);
                assertThat(reports.get(0).curvature() != null).isEqualTo(now == 1 || now == 2 && former == 3);
            }
        }
    }

    private static NetworkLearner restored(LearnerSpec spec, NetworkLearner former, List<Report> reports) {
        StateWriter out = new StateWriter();
        former.save(out);
        former.saveBatch(out);
        StateReader in = new StateReader(out.chunks());
        NetworkLearner learner = new NetworkLearner(spec, reports::add);
        learner.restore(in);
        learner.restoreBatch(in);
        return learner;
    }
}
