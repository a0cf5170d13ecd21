package io.millrace.nn.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.nn.activation.Activation;
import io.millrace.nn.kernels.Floats;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.layer.Layout;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.optimizer.Clipping;
import io.millrace.nn.optimizer.GradientNorm;
import io.millrace.nn.optimizer.Optimizer;
import io.millrace.nn.optimizer.Ranges;
import io.millrace.nn.optimizer.Sgd;
import io.millrace.nn.penalty.L2;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The curvature along the gradient, and the step that it suggests. */
class CurvatureTest {
    private static final Architecture LINEAR =
            TrainingRun.architecture(Loss.HALF_MEAN_SQUARED_ERROR, Activation.IDENTITY, 5, 1);

    @Test
    void shouldBeXTransposedXForLinearRegression() {
        TrainingRun run = new TrainingRun(LINEAR, new Sgd(), KernelsProvider.kernels(), 12, 7);
        Arrays.fill(run.weights, 1f);

        for (int k = 0; k < 6; k++) { // the last is the bias, whose input is one
            float[] axis = new float[6];
            axis[k] = 1;
            float[] v = new float[run.network.parameterLength()];
            run.network.fromCanonical(axis, v);
            float[] hv = new float[v.length];
            run.trainer.multiplyByHessian(run.inputs, run.targets, run.weights, 12, run.losses, run.scores, v, hv);
            float[] column = new float[6];
            run.network.toCanonical(hv, column);
            for (int i = 0; i < 6; i++) {
                double expected = 0;
                for (int row = 0; row < 12; row++) {
                    expected += input(run, row, i) * input(run, row, k) / 12;
                }
                assertThat((double) column[i]).isCloseTo(expected, within(1e-6));
            }
        }
    }

    private static double input(TrainingRun run, int row, int i) {
        return i == 5 ? 1 : run.inputs[row * 5 + i];
    }

    @Test
    void shouldSuggestTheStepThatMinimisesAQuadratic() {
        TrainingRun run = new TrainingRun(
                LINEAR, new Sgd(), List.of(new L2(0.1)), Clipping.NONE, KernelsProvider.kernels(), 12, 3);

        double best = curvature(run).optimalStep().orElseThrow();

        double[] point = wide(run.trainer.parameters(), run.network);
        double[] gradient = wide(run.trainer.gradient(), run.network);
        ReferenceNetwork reference = new ReferenceNetwork(LINEAR, new float[0], 3, 0, 0.1, 0);
        double least = along(reference, run, point, gradient, best);
        for (double factor : new double[] {0, 0.5, 0.97, 1.03, 1.5, 2}) {
            assertThat(along(reference, run, point, gradient, factor * best)).isGreaterThan(least);
        }
        // a parabola is as high on both sides of its lowest point
        double atOnce = along(reference, run, point, gradient, 0);
        assertThat(along(reference, run, point, gradient, 2 * best)).isCloseTo(atOnce, within(1e-5 * atOnce));
    }

    private static double along(ReferenceNetwork reference, TrainingRun run, double[] point, double[] g, double eps) {
        double[] moved = point.clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] -= eps * g[i];
        }
        return reference.objective(moved, run.inputs, run.targets, run.weights, run.rows);
    }

    private static double[] wide(float[] padded, Network network) {
        float[] canonical = new float[network.parameterCount()];
        network.toCanonical(padded, canonical);
        double[] wide = new double[canonical.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = canonical[i];
        }
        return wide;
    }

    private static Curvature curvature(float[] gradient, float[] product) {
        Layout.Builder layout = new Layout.Builder();
        layout.of(0).vector("g", gradient.length);
        return Curvature.of(layout.build(), gradient, product);
    }

    @Test
    void shouldSuggestNoStepWhereTheObjectiveBendsDownOrIsFlat() {
        float[] g = {3f, 4f};
        assertThat(curvature(g, new float[] {6f, 8f})).isEqualTo(new Curvature(25, 2));
        assertThat(curvature(g, new float[] {6f, 8f}).optimalStep()).hasValue(0.5);
        assertThat(curvature(g, new float[] {-6f, -8f})).isEqualTo(new Curvature(25, -2));
        assertThat(curvature(g, new float[] {-6f, -8f}).optimalStep()).isEmpty();
        assertThat(curvature(g, new float[] {0f, 0f}).optimalStep()).isEmpty();
        Curvature flat = curvature(new float[2], new float[2]);
        assertThat(flat.alongGradient()).isNaN();
        assertThat(flat.optimalStep()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sgd", "nesterov"})
    void shouldTakeTheUnclippedGradientAtTheParameters(String optimizer) {
        Architecture architecture = TrainingRun.architecture(Loss.SOFTMAX_CROSS_ENTROPY, Activation.TANH, 7, 20, 3);
        TrainingRun plain = new TrainingRun(architecture, new Sgd(), KernelsProvider.kernels(), 16, 3);
        TrainingRun run = new TrainingRun(
                architecture, Optimizer.of(optimizer), List.of(), new Clipping(0.01), KernelsProvider.kernels(), 16, 3);
        run.steps(5);
        plain.steps(5);
        System.arraycopy(run.trainer.parameters(), 0, plain.trainer.parameters(), 0, run.trainer.parameters().length);
        plain.trainer.computeGradient(plain.inputs, plain.targets, plain.weights, 16, plain.losses, plain.scores);
        double norm = GradientNorm.of(plain.trainer.gradient(), Ranges.all(plain.trainer.gradient().length));

        assertThat(curvature(run).gradientSquared()).isCloseTo(norm * norm, within(1e-9));
    }

    @Test
    void shouldLeaveNoTraceInTraining() {
        for (String optimizer : List.of("adam", "nesterov")) {
            Architecture architecture = TrainingRun.dropping(TrainingRun.normalized(
                    TrainingRun.architecture(Loss.SOFTMAX_CROSS_ENTROPY, Activation.TANH, 7, 20, 3)));
            TrainingRun without =
                    new TrainingRun(architecture, Optimizer.of(optimizer), KernelsProvider.kernels(), 16, 3);
            TrainingRun with = new TrainingRun(architecture, Optimizer.of(optimizer), KernelsProvider.kernels(), 16, 3);
            for (int i = 0; i < 10; i++) {
                curvature(with);
                with.steps(1);
                without.steps(1);
            }
            Floats.assertSameBits("losses", with.losses, without.losses);
            Floats.assertSameBits("parameters", with.trainer.parameters(), without.trainer.parameters());
            Floats.assertSameBits("state", with.trainer.state(), without.trainer.state());
        }
    }

    @Test
    void shouldRefuseWhatAStepRefuses() {
        Architecture architecture = TrainingRun.architecture(Loss.SOFTMAX_CROSS_ENTROPY, Activation.TANH, 7, 20, 3);
        TrainingRun run = new TrainingRun(architecture, new Sgd(), KernelsProvider.kernels(), 4, 3);
        run.targets[2] = 3;
        assertThatThrownBy(() -> curvature(run))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("give an integer in 0..2");
    }

    private static Curvature curvature(TrainingRun run) {
        return run.trainer.curvature(run.inputs, run.targets, run.weights, run.rows, run.losses, run.scores);
    }
}
