package io.millrace.nn.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.nn.activation.Activation;
import io.millrace.nn.kernels.Floats;
import io.millrace.nn.kernels.Kernels;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.kernels.ScalarKernels;
import io.millrace.nn.kernels.VectorKernels;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.optimizer.Optimizer;
import io.millrace.nn.optimizer.Sgd;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TrainerTest {
    private static TrainingRun run(Optimizer optimizer, int rows) {
        return run(optimizer, KernelsProvider.kernels(), rows);
    }

    private static TrainingRun run(Optimizer optimizer, Kernels kernels, int rows) {
        return new TrainingRun(
                TrainingRun.architecture(Loss.SOFTMAX_CROSS_ENTROPY, Activation.SIGMOID, 5, 20, 9, 3),
                optimizer,
                kernels,
                rows,
                11);
    }

    @Test
    void shouldLearn() {
        TrainingRun run = run(Optimizer.of("adam"), 32);
        double first = 0;
        double last = 0;
        for (int i = 0; i < 1500; i++) {
            for (int r = 0; r < 32; r++) { // the class is where the first input lies
                run.targets[r] = run.inputs[r * 5] < -0.5f ? 0 : run.inputs[r * 5] < 0.5f ? 1 : 2;
            }
            run.step();
            for (float loss : run.losses) {
                first += i < 50 ? loss / (50 * 32) : 0;
                last += i >= 1450 ? loss / (50 * 32) : 0;
            }
            run.draw();
        }
        assertThat(first).isGreaterThan(0.8);
        assertThat(last).isLessThan(0.15);
    }

    @Test
    void shouldKeepPaddedLanesZero() {
        for (String optimizer : List.of("sgd", "momentum", "rmsprop", "adam", "adamw", "adagrad")) {
            TrainingRun run = run(Optimizer.of(optimizer), 9);
            run.steps(20);
            assertPaddingIsZero(run.network, run.trainer.parameters());
            assertPaddingIsZero(run.network, run.trainer.gradient());
            for (float[] moment : run.trainer.moments()) {
                assertPaddingIsZero(run.network, moment);
            }
        }
    }

    private static void assertPaddingIsZero(Network network, float[] padded) {
        float[] canonical = new float[network.parameterCount()];
        network.toCanonical(padded, canonical);
        float[] back = new float[network.parameterLength()];
        network.fromCanonical(canonical, back);
        assertThat(padded).containsExactly(back);
    }

    @Test
    void shouldTestBeforeItTrains() {
        for (String optimizer : List.of("sgd", "nesterov", "adam")) {
            TrainingRun run = run(Optimizer.of(optimizer), 8);
            run.steps(5);
            float[] losses = new float[8];
            float[] scores = new float[8 * 3];
            run.trainer.evaluate(run.inputs, run.targets, 8, losses, scores);
            run.step();
            Floats.assertSameBits("losses", run.losses, losses);
            Floats.assertSameBits("scores", run.scores, scores);
        }
    }

    @Test
    void shouldLearnTheSameFromSingleRowsWhetherOrNotItWritesTheirGradient() {
        for (Kernels kernels : List.of(new ScalarKernels(), new VectorKernels())) {
            for (String optimizer : List.of("adam", "adamw", "sgd")) {
                TrainingRun written = run(Optimizer.of(optimizer), kernels, 1);
                TrainingRun followed = run(Optimizer.of(optimizer), kernels, 1);
                for (int i = 0; i < 30; i++) {
                    written.draw();
                    written.step();
                    followed.draw();
                    followed.trainer.step(
                            followed.inputs,
                            followed.targets,
                            followed.weights,
                            1,
                            0.01f,
                            followed.losses,
                            followed.scores,
                            false);
                }
                assertThat(followed.trainer.steps()).isEqualTo(30);
                assertThat(followed.trainer.gradientNorm()).isNaN();
                Floats.assertSameBits(optimizer, followed.trainer.parameters(), written.trainer.parameters());
                for (int m = 0; m < written.trainer.moments().length; m++) {
                    Floats.assertSameBits(
                            optimizer,
                            followed.trainer.moments()[m],
                            written.trainer.moments()[m]);
                }
            }
        }
    }

    @Test
    void shouldChangeNothingWhenItOnlyEvaluates() {
        TrainingRun run = run(Optimizer.of("adam"), 8);
        run.steps(5);
        float[] parameters = run.trainer.parameters().clone();
        float[] mean = run.trainer.moments()[0].clone();
        float[] inputs = run.inputs.clone();
        run.trainer.evaluate(run.inputs, run.targets, 8, run.losses, run.scores);
        run.trainer.computeGradient(run.inputs, run.targets, run.weights, 8, run.losses, run.scores);
        run.network.forward(run.trainer.parameters(), run.inputs, 8, run.network.workspace(8));
        assertThat(run.trainer.steps()).isEqualTo(5);
        Floats.assertSameBits("parameters", run.trainer.parameters(), parameters);
        Floats.assertSameBits("moments", run.trainer.moments()[0], mean);
        Floats.assertSameBits("inputs", run.inputs, inputs);
    }

    @Test
    void shouldContinueFromParametersMomentsAndStepsAsIfNeverStopped() {
        for (String optimizer : List.of("sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw")) {
            TrainingRun whole = run(Optimizer.of(optimizer), 8);
            TrainingRun stopped = run(Optimizer.of(optimizer), 8);
            whole.steps(7);
            stopped.steps(7);
            Trainer resumed = new Trainer(stopped.network, Optimizer.of(optimizer), 64);
            float[] canonical = new float[stopped.network.parameterCount()];
            stopped.network.toCanonical(stopped.trainer.parameters(), canonical);
            stopped.network.fromCanonical(canonical, resumed.parameters());
            for (int m = 0; m < resumed.moments().length; m++) {
                stopped.network.toCanonical(stopped.trainer.moments()[m], canonical);
                stopped.network.fromCanonical(canonical, resumed.moments()[m]);
            }
            resumed.steps(stopped.trainer.steps());
            for (int i = 0; i < 5; i++) {
                resumed.step(
                        whole.inputs, whole.targets, whole.weights, 8, 0.01f, stopped.losses, stopped.scores, false);
                whole.steps(1);
            }
            Floats.assertSameBits(optimizer, resumed.parameters(), whole.trainer.parameters());
        }
    }

    @Property(tries = 50)
    void shouldGiveARowTheSameBitsInAnyBatch(@ForAll @IntRange(min = 2, max = 64) int rows, @ForAll long seed) {
        TrainingRun run = new TrainingRun(
                TrainingRun.architecture(Loss.SIGMOID_CROSS_ENTROPY, Activation.TANH, 5, 70, 3),
                new Sgd(),
                KernelsProvider.kernels(),
                rows,
                seed);
        run.trainer.evaluate(run.inputs, run.targets, rows, run.losses, run.scores);
        Workspace one = run.network.workspace(1);
        float[] scores = new float[3];
        for (int i = 0; i < rows; i++) {
            float[] row = Arrays.copyOfRange(run.inputs, i * 5, (i + 1) * 5);
            run.network.forward(run.trainer.parameters(), row, 1, one);
            run.network.architecture().loss().scores(one.logits(), 0, 3, scores, 0);
            Floats.assertSameBits("row " + i, scores, Arrays.copyOfRange(run.scores, i * 3, (i + 1) * 3));
        }
    }

    @Test
    void shouldWeighRowsInTheGradientAndNotInTheLosses() {
        TrainingRun once = run(new Sgd(), 4);
        TrainingRun twice = run(new Sgd(), 4);
        Arrays.fill(once.weights, 1f);
        Arrays.fill(twice.weights, 2f);
        once.step();
        twice.step();
        Floats.assertSameBits("losses", twice.losses, once.losses);
        assertThat(twice.trainer.gradientNorm()).isEqualTo(2 * once.trainer.gradientNorm());
    }

    @Test
    void shouldReportTheNormOnlyWhenAsked() {
        TrainingRun run = run(new Sgd(), 4);
        run.trainer.step(run.inputs, run.targets, run.weights, 4, 0.1f, run.losses, run.scores, false);
        assertThat(run.trainer.gradientNorm()).isNaN();
        run.step();
        assertThat(run.trainer.gradientNorm()).isPositive();
    }

    @Test
    void shouldKeepMomentsOfDeadUnitsOutOfTheDenormals() {
        for (String name : List.of("momentum", "rmsprop", "adam")) {
            Optimizer optimizer = Optimizer.of(name, name.equals("rmsprop") ? Map.of("rho", "0.5") : Map.of());
            float[] parameters = {1f};
            float[][] moments = new float[optimizer.moments()][1];
            optimizer.update(parameters, new float[] {1f}, moments, 0, 1, 0.1f, 1);
            for (int step = 2; step < 100_000; step++) {
                optimizer.update(parameters, new float[] {0f}, moments, 0, 1, 0.1f, step);
                for (float[] moment : moments) {
                    assertThat(moment[0] == 0f || Math.abs(moment[0]) >= Float.MIN_NORMAL)
                            .as("%s: %s", name, moment[0])
                            .isTrue();
                }
            }
            assertThat(Math.abs(moments[0][0])).isLessThan(1e-36f);
        }
    }

    @Test
    void shouldLeaveTheParametersAloneWhenATargetIsWrong() {
        TrainingRun run = run(new Sgd(), 4);
        float[] before = run.trainer.parameters().clone();
        run.targets[2] = 3;
        assertThatIllegalArgumentException()
                .isThrownBy(run::step)
                .withMessageContaining("3.0")
                .withMessageContaining("0..2");
        Floats.assertSameBits("parameters", run.trainer.parameters(), before);
        assertThat(run.trainer.steps()).isZero();
    }

    @Test
    void shouldSayWhichArrayIsTooShort() {
        TrainingRun run = run(new Sgd(), 4);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run.trainer.evaluate(new float[19], run.targets, 4, run.losses, run.scores))
                .withMessageContaining("inputs have 19 floats");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run.trainer.evaluate(run.inputs, run.targets, 4, new float[3], run.scores))
                .withMessageContaining("losses have 3 floats");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> run.network.forward(run.trainer.parameters(), new float[25], 5, run.network.workspace(4)))
                .withMessageContaining("5 rows do not fit");
    }

    /** The path of one row moves the weights layer by layer: it must know before the first. */
    @Test
    void shouldRefuseTooLargeAGradientWithoutATraceOnEveryPath() {
        for (int rows : new int[] {1, 8}) {
            for (boolean norm : new boolean[] {false, true}) {
                TrainingRun run = new TrainingRun(
                        TrainingRun.architecture(Loss.HALF_MEAN_SQUARED_ERROR, Activation.RELU, 7, 20, 4),
                        Optimizer.of("adam"),
                        KernelsProvider.kernels(),
                        rows,
                        3);
                run.steps(3);
                float[] before = run.trainer.parameters().clone();
                float[] moment = run.trainer.moments()[0].clone();
                run.inputs[0] = 1e12f;
                StepOutcome outcome = run.trainer.step(
                        run.inputs, run.targets, run.weights, rows, 0.01f, run.losses, run.scores, norm);
                assertThat(outcome).isEqualTo(StepOutcome.GRADIENT_TOO_LARGE);
                assertThat(run.trainer.parameters()).isEqualTo(before);
                assertThat(run.trainer.moments()[0]).isEqualTo(moment);
                assertThat(run.trainer.steps()).isEqualTo(3);
            }
        }
    }

    @Test
    void shouldRefuseLossesAndWeightsThatAreTooLarge() {
        TrainingRun run = new TrainingRun(
                TrainingRun.architecture(Loss.HALF_MEAN_SQUARED_ERROR, Activation.RELU, 7, 20, 4),
                new Sgd(),
                KernelsProvider.kernels(),
                2,
                3);
        run.trainer.lossLimit(1e-3);
        assertThat(run.trainer.step(run.inputs, run.targets, run.weights, 2, 0.01f, run.losses, run.scores, false))
                .isEqualTo(StepOutcome.LOSS_TOO_LARGE);
        run.trainer.lossLimit(Double.POSITIVE_INFINITY);
        run.targets[0] = Float.MAX_VALUE;
        assertThat(run.trainer.step(run.inputs, run.targets, run.weights, 2, 0.01f, run.losses, run.scores, false))
                .isEqualTo(StepOutcome.LOSS_NOT_FINITE);
        run.trainer.parameters()[5] = 2e15f;
        assertThat(run.trainer.step(run.inputs, run.targets, run.weights, 2, 0.01f, run.losses, run.scores, false))
                .isEqualTo(StepOutcome.WEIGHTS_TOO_LARGE);
    }
}
