package io.millrace.learner.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.feature.InputRow;
import io.millrace.learner.evaluation.Report;
import io.millrace.learner.input.TargetScaler;
import io.millrace.learner.spec.EnsembleInputs;
import io.millrace.learner.spec.GuardLimits;
import io.millrace.learner.spec.Task;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The design's reference, {@code Quartet.java}, with the first weights and the choice of replayed examples from {@link
 * io.millrace.nn.initializer.SplitMix64}, as here, printed the expected numbers: after each 20 examples the mean loss of each expert since the last
 * ones, then the weights. Its sums have another order, and it does not fuse multiplications and additions: such differences grow, but in 200
 * examples they stay small.
 */
class EnsembleReferenceTest {
    private static final int EXAMPLES = 200;
    private static final int EVERY = 20;

    /** Features of different scales, one of which is constant, and a target that depends on two of them and on the last target. */
    static float[][] stream(int features, boolean regression) {
        Random random = new Random(features);
        float[][] rows = new float[EXAMPLES][features + 1];
        float last = 0;
        for (float[] row : rows) {
            for (int j = 0; j < features; j++) {
                row[j] = j == 2 ? 5 : (j + 1) * (float) random.nextGaussian() + j;
            }
            float sum = row[0] + row[1] / 2 + last / (regression ? 40 : 4);
            last = regression ? 10 * sum + 100 : sum > 1 ? 2 : sum > 0 ? 1 : 0;
            row[features] = last;
        }
        return rows;
    }

    @ParameterizedTest
    @CsvSource({"CLASSIFICATION, 8", "REGRESSION, 5", "CLASSIFICATION, 130"})
    void shouldComputeWhatTheReferenceComputes(Task task, int features) throws IOException {
        boolean regression = task == Task.REGRESSION;
        TargetScaler scaler = regression ? new TargetScaler(1, 2) : null;
        EnsembleInputs inputs = EnsembleInputs.of(null, features);
        Ensemble ensemble =
                new Ensemble(Design.of(inputs), task, null, inputs, regression ? 1 : 3, scaler, GuardLimits.NONE, 1);
        ExpertLosses losses = new ExpertLosses(ensemble.experts());
        double[][] expected = expected(task, features);
        float[][] rows = stream(features, regression);
        for (int i = 0; i < EXAMPLES; i++) {
            float[] target = {rows[i][features]};
            ensemble.predict(InputRow.of(rows[i]));
            ensemble.observe(losses, target);
            ensemble.learn(target, 1);
            if ((i + 1) % EVERY == 0) {
                List<Report.Expert> experts = losses.report(ensemble.weights());
                double[] line = Stream.concat(
                                experts.stream().map(Report.Expert::loss),
                                experts.stream().map(Report.Expert::weight))
                        .mapToDouble(Double::doubleValue)
                        .toArray();
                assertThat(line).as("after %s examples", i + 1).containsExactly(expected[i / EVERY], within(1e-3));
            }
        }
    }

    private static double[][] expected(Task task, int features) throws IOException {
        String name = "/ensemble/reference-" + task.id() + "-" + features + ".txt";
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(EnsembleReferenceTest.class.getResourceAsStream(name), name),
                StandardCharsets.US_ASCII))) {
            return lines.lines()
                    .map(line -> Stream.of(line.split(" "))
                            .mapToDouble(Double::parseDouble)
                            .toArray())
                    .toArray(double[][]::new);
        }
    }
}
