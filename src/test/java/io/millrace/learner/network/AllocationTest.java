package io.millrace.learner.network;

import static io.millrace.Allocations.settledBytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.feature.InputRow;
import io.millrace.learner.evaluation.ExampleMetrics;
import io.millrace.learner.evaluation.HoldoutSampler;
import io.millrace.learner.evaluation.RunningMeans;
import io.millrace.learner.input.Preprocessing;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.Task;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.network.Network;
import io.millrace.nn.network.Trainer;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Hot paths leave nothing to the garbage collector. */
@Tag("allocation")
class AllocationTest {
    @ParameterizedTest
    @EnumSource
    void shouldAllocateNothingForAnExampleBetweenReports(Task task) {
        LearnerSpec spec = Specs.of(task)
                .batch(3)
                .batchNorm(task == Task.REGRESSION)
                .reports(Integer.MAX_VALUE)
                .build();
        NetworkLearner learner = new NetworkLearner(spec, report -> {});
        Example[] stream = Example.stream(spec, 500, 1).toArray(Example[]::new);
        learn(learner, stream);

        assertThat(settledBytes(() -> learn(learner, stream))).isZero();
        assertThat(learner.version()).isPositive();
    }

    @ParameterizedTest
    @EnumSource
    void shouldAllocateNothingForAnExampleThatIsHeldOut(Task task) {
        LearnerSpec spec = Specs.of(task)
                .batch(3)
                .batchNorm(task == Task.REGRESSION)
                .holdout(0.5)
                .earlyStopping(3, 0)
                .reports(Integer.MAX_VALUE)
                .build();
        NetworkLearner learner = new NetworkLearner(spec, report -> {});
        HoldoutSampler holdout = new HoldoutSampler(0.5, 1, 0);
        Example[] stream = Example.stream(spec, 500, 1).toArray(Example[]::new);

        assertThat(settledBytes(() -> {
                    for (int i = 0; i < stream.length; i++) {
                        stream[i].takenInBy(learner, holdout, i);
                    }
                }))
                .isZero();
        assertThat(learner.heldOut()).isPositive();
    }

    @ParameterizedTest
    @EnumSource
    void shouldAllocateNothingToExplainAnExample(Task task) {
        LearnerSpec spec = Specs.of(task).batch(3).batchNorm(true).reports(1).build();
        NetworkState state = new NetworkState(spec);
        Example.stream(spec, 2, 1).forEach(example -> {
            InputRow row = InputRow.of(example.features());
            state.batch.add(row, example.target(), 1, example.timestamp(), 0);
        });
        float[] scores = new float[2 * spec.architecture().outputs()];

        assertThat(settledBytes(() -> {
                    for (int i = 0; i < 500; i++) {
                        state.attribution.explain(state.batch, scores, state.fields);
                    }
                }))
                .isZero();
        assertThat(state.fields.explained()).isPositive();
    }

    @Test
    void shouldAllocateNothingToKeepTheBestWeights() {
        LearnerSpec spec =
                Specs.regression(2).batchNorm(true).earlyStopping(1, 0).build();
        Network network = new Network(spec.architecture(), KernelsProvider.kernels());
        Trainer trainer = new Trainer(network, spec.optimization().optimizer(), 1);
        Weights weights = new Weights(spec, network);
        Preprocessing preprocessing = new Preprocessing(spec);
        RunningMeans total = new RunningMeans(ExampleMetrics.QUANTITIES, 1);

        assertThat(settledBytes(() -> {
                    for (int i = 0; i < 500; i++) {
                        weights.copy(trainer, preprocessing, total, 7, 8);
                    }
                }))
                .isZero();
        assertThat(weights.version()).isEqualTo(7);
    }

    @ParameterizedTest
    @EnumSource
    void shouldAllocateNothingForAPrediction(Task task) {
        LearnerSpec spec = Specs.of(task).build();
        NetworkModel model = LearnerStateTest.trained(spec, 50, 1).model();
        NetworkPredictor predictor = new NetworkPredictor(model);
        List<Example> stream = Example.stream(spec, 1, 1);
        float[] scores = new float[model.scores()];
        float[] features = stream.get(0).features();

        assertThat(settledBytes(() -> {
                    for (int i = 0; i < 500; i++) {
                        predictor.predict(features, scores);
                    }
                }))
                .isZero();
    }

    private static void learn(NetworkLearner learner, Example[] stream) {
        for (Example example : stream) {
            example.learnedBy(learner);
        }
    }
}
