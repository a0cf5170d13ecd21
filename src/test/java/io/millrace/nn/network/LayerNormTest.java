package io.millrace.nn.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.millrace.nn.activation.Activation;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.layer.LayerNorm;
import io.millrace.nn.layer.Shape;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.optimizer.Optimizer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayerNormTest {
    private static final Shape STEPS = new Shape(4, 1, 5);

    private static TrainingRun run(String optimizer, int rows, Layer... layers) {
        Architecture architecture = new Architecture(STEPS.size(), List.of(layers), Loss.HALF_MEAN_SQUARED_ERROR);
        return new TrainingRun(architecture, Optimizer.of(optimizer), KernelsProvider.kernels(), rows, 3);
    }

    private static Layer norm(Shape shape) {
        return new Layer(new LayerNorm(shape), Activation.IDENTITY);
    }

    private static float[] outputs(TrainingRun run, float[] inputs) {
        Workspace workspace = run.network.workspace(run.rows);
        run.network.forward(run.trainer.parameters(), run.trainer.state(), inputs, run.rows, workspace);
        return workspace.logits().clone();
    }

    @Test
    void shouldGiveEachPositionMeanZeroAndVarianceOne() {
        TrainingRun run = run("sgd", 3, norm(STEPS));
        for (int i = 0; i < run.inputs.length; i++) {
            run.inputs[i] = 1e4f + 3 * run.inputs[i]; // where the squares of single numbers would cancel
        }
        float[] y = outputs(run, run.inputs);
        int stride = run.network.workspace(3).logitsStride();
        for (int i = 0; i < 3; i++) {
            for (int step = 0; step < 4; step++) {
                int at = i * stride + step * 5;
                double sum = 0;
                double squares = 0;
                for (int j = at; j < at + 5; j++) {
                    sum += y[j];
                    squares += y[j] * y[j];
                }
                assertThat(sum / 5).isCloseTo(0, within(1e-6));
                assertThat(squares / 5).isCloseTo(1, within(1e-4));
            }
        }
    }

    @Test
    void scaleAndShiftOfARowShouldNotMatter() {
        TrainingRun run = run("sgd", 4, norm(Shape.flat(20)), new Layer(3, Activation.IDENTITY));
        float[] moved = run.inputs.clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] = 8 * moved[i] + 16;
        }
        assertThat(outputs(run, moved)).usingComparatorWithPrecision(1e-4f).containsExactly(outputs(run, run.inputs));
    }

    @Test
    void aRowShouldNotDependOnItsBatch() {
        TrainingRun all = run("sgd", 4, norm(STEPS), new Layer(3, Activation.IDENTITY));
        TrainingRun one = run("sgd", 1, norm(STEPS), new Layer(3, Activation.IDENTITY));
        float[] third = outputs(one, Arrays.copyOfRange(all.inputs, 40, 60));
        int stride = one.network.workspace(1).logitsStride();
        assertThat(Arrays.copyOf(third, 3))
                .containsExactly(Arrays.copyOfRange(outputs(all, all.inputs), 2 * stride, 2 * stride + 3));
    }

    /** One row may be learned without writing its gradient to memory. */
    @Test
    void aStepOfOneRowShouldMoveScaleAndShift() {
        TrainingRun run = run("adam", 1, norm(STEPS), new Layer(6, Activation.TANH), new Layer(2, Activation.IDENTITY));
        float[] before = new float[run.network.parameterCount()];
        run.network.toCanonical(run.trainer.parameters(), before);
        run.steps(1);
        float[] after = new float[before.length];
        run.network.toCanonical(run.trainer.parameters(), after);
        for (int i = 0; i < 10; i++) {
            assertThat(before[i]).isEqualTo(i < 5 ? 1f : 0f);
            assertThat(after[i]).isNotEqualTo(before[i]);
        }
    }

    @Test
    void shouldRefuseSingleNumbers() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LayerNorm(new Shape(7, 1, 1)))
                .withMessage("what enters is 7x1, one number at each position, which would always become 0:"
                        + " normalise at least 2");
    }
}
