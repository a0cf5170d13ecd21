package io.millrace.nn.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.millrace.nn.activation.Activation;
import io.millrace.nn.initializer.XavierUniform;
import io.millrace.nn.kernels.Floats;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.layer.BatchNorm;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.layer.Layout;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.optimizer.Clipping;
import io.millrace.nn.optimizer.Optimizer;
import io.millrace.nn.optimizer.Sgd;
import io.millrace.nn.penalty.L1;
import io.millrace.nn.penalty.L2;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BatchNormTest {
    private static final Architecture PLAIN =
            TrainingRun.architecture(Loss.SOFTMAX_CROSS_ENTROPY, Activation.SIGMOID, 5, 20, 9, 3);
    private static final Architecture NORMALIZED = TrainingRun.normalized(PLAIN);

    private static TrainingRun run(Optimizer optimizer, int rows) {
        return new TrainingRun(NORMALIZED, optimizer, KernelsProvider.kernels(), rows, 11);
    }

    @Test
    void shouldGiveEachUnitMeanZeroAndVarianceOneOverTheBatch() {
        Layer layer = new Layer(3, Activation.IDENTITY).withBatchNorm(new BatchNorm(0.1, 1e-9, true));
        Architecture architecture = new Architecture(2, List.of(layer), Loss.HALF_MEAN_SQUARED_ERROR);
        TrainingRun run = new TrainingRun(architecture, new Sgd(), KernelsProvider.kernels(), 50, 1);
        for (int i = 0; i < run.inputs.length; i++) {
            run.inputs[i] = 1e4f + 3 * run.inputs[i];
        }
        Workspace workspace = run.network.workspace(50);
        new TrainingPass(workspace, 0).forward(run.trainer.parameters(), run.trainer.state(), run.inputs, 50, 0);
        for (int j = 0; j < 3; j++) {
            double sum = 0;
            double squares = 0;
            for (int i = 0; i < 50; i++) {
                double y = workspace.logits()[i * workspace.logitsStride() + j];
                sum += y;
                squares += y * y;
            }
            assertThat(sum / 50).isCloseTo(0, within(1e-3));
            assertThat(squares / 50).isCloseTo(1, within(1e-3));
        }
    }

    @Test
    void shouldPredictOnArrivalWithTheRunningAverages() {
        for (String optimizer : List.of("sgd", "nesterov", "adam")) {
            TrainingRun run = run(Optimizer.of(optimizer), 8);
            run.steps(5);
            Workspace workspace = run.network.workspace(1);
            float[][] scores = new float[8][3];
            for (int i = 0; i < 8; i++) {
                float[] row = Arrays.copyOfRange(run.inputs, i * 5, (i + 1) * 5);
                run.network.forward(run.trainer.parameters(), run.trainer.state(), row, 1, workspace);
                PLAIN.loss().scores(workspace.logits(), 0, 3, scores[i], 0);
            }
            run.step();
            for (int i = 0; i < 8; i++) {
                Floats.assertSameBits(
                        optimizer + " row " + i, Arrays.copyOfRange(run.scores, i * 3, (i + 1) * 3), scores[i]);
            }
        }
    }

    @Test
    void shouldMoveTheRunningAveragesOnceAStepAndNeverElse() {
        TrainingRun run = run(new Sgd(), 8);
        float[] before = run.trainer.state().clone();
        run.trainer.evaluate(run.inputs, run.targets, 8, run.losses, run.scores);
        run.trainer.computeGradient(run.inputs, run.targets, run.weights, 8, run.losses, run.scores);
        Floats.assertSameBits("state", run.trainer.state(), before);
        run.step();
        float[] once = run.trainer.state();
        float[] z = new float[8]; // unit 0 of layer 0, at the initial weights
        TrainingRun same = run(new Sgd(), 8);
        for (int i = 0; i < 8; i++) {
            for (int k = 0; k < 5; k++) {
                z[i] += same.inputs[i * 5 + k] * same.trainer.parameters()[k * 32];
            }
        }
        double mean = 0;
        double variance = 0;
        for (float v : z) {
            mean += v / 8.0;
        }
        for (float v : z) {
            variance += (v - mean) * (v - mean) / 7;
        }
        assertThat((double) once[0]).isCloseTo(0.1 * mean, within(1e-6));
        assertThat((double) once[32]).isCloseTo(0.9 + 0.1 * variance, within(1e-6));
    }

    @Test
    void shouldTakeTheRunningAveragesForATrainingBatchOfOneRow() {
        TrainingRun run = run(new Sgd(), 8);
        run.steps(5);
        float[] state = run.trainer.state().clone();
        Workspace training = run.network.workspace(8);
        new TrainingPass(training, 0).forward(run.trainer.parameters(), state, run.inputs, 1, 5);
        Workspace evaluation = run.network.workspace(8);
        run.network.forward(run.trainer.parameters(), state, run.inputs, 1, evaluation);
        Floats.assertSameBits("logits", training.logits(), evaluation.logits());

        float[] before = run.trainer.parameters().clone();
        run.trainer.step(run.inputs, run.targets, run.weights, 1, 0.01f, run.losses, run.scores, false);
        Floats.assertSameBits("state", run.trainer.state(), state);
        int gamma = run.network.layout().block(0, "gamma").offset();
        for (int j = 0; j < 20; j++) { // it learns, unlike a unit whose output is always beta
            assertThat(run.trainer.parameters()[gamma + j]).isNotEqualTo(before[gamma + j]);
            assertThat(run.trainer.parameters()[j]).isNotEqualTo(before[j]);
        }
    }

    @Test
    void shouldSurviveUnitsThatNeverVary() {
        TrainingRun run = run(Optimizer.of("adam"), 8);
        for (int i = 0; i < 300; i++) {
            Arrays.fill(run.inputs, 7f);
            run.step();
            run.draw();
        }
        for (float[] floats : List.of(run.trainer.parameters(), run.trainer.state(), run.losses)) {
            for (float value : floats) {
                assertThat(value).isFinite();
            }
        }
    }

    @Test
    void shouldLeaveGammaAndBetaOutOfPenaltiesAndWeightDecay() {
        TrainingRun run = new TrainingRun(
                NORMALIZED,
                Optimizer.of("adamw"),
                List.of(new L2(0.1), new L1(0.1)),
                Clipping.NONE,
                KernelsProvider.kernels(),
                8,
                1);
        Arrays.fill(run.weights, 0f); // nothing but penalties and decay
        float[] before = run.trainer.parameters().clone();
        run.step();
        Layout layout = run.network.layout();
        for (int l = 0; l < 2; l++) {
            assertThat(run.trainer.parameters()[layout.block(l, "weight").offset()])
                    .isNotEqualTo(before[layout.block(l, "weight").offset()]);
            for (int i = layout.block(l, "gamma").offset();
                    i < layout.block(l, "beta").end();
                    i++) {
                assertThat(run.trainer.parameters()[i]).isEqualTo(before[i]);
            }
        }
    }

    @Test
    void shouldContinueFromCanonicalCopiesAsIfNeverStopped() {
        for (String optimizer : List.of("sgd", "nesterov", "adam")) {
            TrainingRun run = run(Optimizer.of(optimizer), 8);
            run.steps(7);
            Network network = run.network;
            Trainer resumed = new Trainer(network, Optimizer.of(optimizer), 8);
            float[] canonical = new float[network.parameterCount()];
            network.toCanonical(run.trainer.parameters(), canonical);
            network.fromCanonical(canonical, resumed.parameters());
            for (int m = 0; m < resumed.moments().length; m++) {
                network.toCanonical(run.trainer.moments()[m], canonical);
                network.fromCanonical(canonical, resumed.moments()[m]);
            }
            float[] state = new float[network.stateCount()];
            network.stateToCanonical(run.trainer.state(), state);
            network.stateFromCanonical(state, resumed.state());
            resumed.steps(run.trainer.steps());
            for (int i = 0; i < 5; i++) {
                resumed.step(run.inputs, run.targets, run.weights, 8, 0.01f, new float[8], new float[24], false);
                run.steps(1);
            }
            Floats.assertSameBits(optimizer, resumed.parameters(), run.trainer.parameters());
            Floats.assertSameBits(optimizer, resumed.state(), run.trainer.state());
        }
    }

    @Test
    void shouldKeepGammaAndBetaInThePlaceOfTheBias() {
        Network network = new Network(NORMALIZED, KernelsProvider.kernels());
        assertThat(network.parameterCount()).isEqualTo(5 * 20 + 2 * 20 + 20 * 9 + 2 * 9 + 9 * 3 + 3);
        assertThat(network.stateCount()).isEqualTo(2 * 20 + 2 * 9);
        assertThat(network.stateLength()).isEqualTo(2 * 32 + 2 * 16);
        float[] canonical = new float[network.parameterCount()];
        float[] parameters = new float[network.parameterLength()];
        network.initialize(parameters, new XavierUniform(), 1);
        network.toCanonical(parameters, canonical);
        for (int i = 100; i < 140; i++) {
            assertThat(canonical[i]).isEqualTo(i < 120 ? 1 : 0);
        }
        float[] state = new float[network.stateLength()];
        network.initializeState(state);
        float[] canonicalState = new float[network.stateCount()];
        network.stateToCanonical(state, canonicalState);
        for (int i = 0; i < 58; i++) {
            assertThat(canonicalState[i]).isEqualTo(i >= 20 && i < 40 || i >= 49 ? 1 : 0);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> network.layout().block(0, "bias"))
                .withMessage("layer 1 has no bias of its own");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> network.layout().block(2, "beta"))
                .withMessage("layer 3 has no beta of its own");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> network.forward(parameters, new float[5], 1, network.workspace(1)))
                .withMessage("the state array has 0 floats: give stateLength() = 96");
    }

    @Test
    void shouldHaveNoStateWithoutBatchNorm() {
        Network network = new Network(PLAIN, KernelsProvider.kernels());
        assertThat(network.stateLength()).isZero();
        assertThat(network.stateCount()).isZero();
        assertThat(new Trainer(network, new Sgd(), 1).state()).isEmpty();
    }

    @Test
    void shouldTakeOptionsAsText() {
        assertThat(BatchNorm.ALGORITHM.with(Map.of())).isEqualTo(new BatchNorm(0.1, 1e-5, true));
        assertThat(BatchNorm.ALGORITHM.with(Map.of("momentum", "1", "delta", "0.01", "unbiased", "false")))
                .isEqualTo(new BatchNorm(1, 0.01, false));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BatchNorm.ALGORITHM.with(Map.of("unbiased", "yes")))
                .withMessage("batch_norm: unbiased = yes is not true or false");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BatchNorm.ALGORITHM.with(Map.of("momentum", "0")))
                .withMessage("momentum = 0.0 is out of range: it must be above 0, at most 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BatchNorm.ALGORITHM.with(Map.of("epsilon", "0")))
                .withMessage("batch_norm has no option epsilon; it knows delta, momentum, unbiased");
    }
}
