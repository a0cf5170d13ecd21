package io.millrace.nn.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.millrace.nn.activation.Activation;
import io.millrace.nn.kernels.Floats;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.kernels.ScalarKernels;
import io.millrace.nn.layer.BatchNorm;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.layer.Layout;
import io.millrace.nn.layer.Table;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.optimizer.Adam;
import io.millrace.nn.optimizer.AdamW;
import io.millrace.nn.optimizer.Clipping;
import io.millrace.nn.optimizer.Optimizer;
import io.millrace.nn.optimizer.Sgd;
import io.millrace.nn.penalty.L2;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Networks that are more than a chain. */
class GraphTest {
    private static final Layer HIDDEN = new Layer(4, Activation.TANH);
    private static final Layer OUTPUT = new Layer(2, Activation.IDENTITY);

    private static Architecture architecture(Layer... layers) {
        return new Architecture(4, List.of(layers), Loss.HALF_MEAN_SQUARED_ERROR);
    }

    private static TrainingRun run(Architecture architecture, int rows) {
        return new TrainingRun(architecture, Optimizer.of("adam"), KernelsProvider.kernels(), rows, 3);
    }

    @Provide
    Arbitrary<Architecture> graphs() {
        return Architectures.graphs();
    }

    @Test
    void shouldRefuseAnInputThatNoArrayHolds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Architecture(
                        Integer.MAX_VALUE,
                        List.of(new Table(3, 2)),
                        List.of(HIDDEN, OUTPUT),
                        Loss.HALF_MEAN_SQUARED_ERROR))
                .withMessage("the input is 2147483649 wide: leave some of it out");
    }

    @Test
    void shouldComputeAChainWhenItIsSpelledOut() {
        TrainingRun plain = run(architecture(HIDDEN, HIDDEN, OUTPUT), 8);
        TrainingRun wired = run(architecture(HIDDEN.from("input"), HIDDEN.from("1"), OUTPUT.from("2")), 8);
        plain.steps(20);
        wired.steps(20);
        Floats.assertSameBits("parameters", wired.trainer.parameters(), plain.trainer.parameters());
    }

    @Test
    void shouldAddAResidualBeforeTheActivation() {
        TrainingRun run = run(architecture(HIDDEN, HIDDEN.plus("1", "input"), OUTPUT), 1);
        Workspace workspace = run.network.workspace(1);
        float[] parameters = run.trainer.parameters();
        run.network.forward(parameters, run.inputs, 1, workspace);
        Layout layout = run.network.layout();
        for (int j = 0; j < 4; j++) {
            double z = parameters[layout.block(1, "bias").offset() + j] + outputs(workspace, 0)[j] + run.inputs[j];
            for (int k = 0; k < 4; k++) {
                z += outputs(workspace, 0)[k]
                        * parameters[
                                layout.block(1, "weight").offset()
                                        + k * layout.block(1, "weight").stride()
                                        + j];
            }
            assertThat((double) outputs(workspace, 1)[j]).isCloseTo(Math.tanh(z), within(1e-6));
        }
    }

    private static float[] outputs(Workspace workspace, int layer) {
        return workspace.output(workspace.graph().output(layer)).floats();
    }

    @Test
    void shouldConcatenateInTheOrderOfTheNames() {
        Architecture wide = architecture(HIDDEN, OUTPUT.from("input", "1"));
        assertThat(wide.inputsOf(1)).isEqualTo(8);
        TrainingRun run = run(wide, 1);
        float[] canonical = new float[run.network.parameterCount()];
        assertThat(canonical).hasSize(4 * 4 + 4 + 8 * 2 + 2);
        canonical[20] = 1; // from the first feature to the first output
        canonical[20 + 4 * 2 + 1] = 1; // from the first hidden unit to the second output
        canonical[16] = 0.5f; // bias of the first hidden unit
        run.network.fromCanonical(canonical, run.trainer.parameters());
        Workspace workspace = run.network.workspace(1);
        run.network.forward(run.trainer.parameters(), run.inputs, 1, workspace);
        assertThat(workspace.logits()[0]).isEqualTo(run.inputs[0]);
        assertThat((double) workspace.logits()[1]).isCloseTo(Math.tanh(0.5), within(1e-6));
    }

    @Property(tries = 50)
    void shouldAddUpTheGradientsOfSharedParameters(@ForAll @IntRange(min = 1, max = 20) int rows) {
        TrainingRun shared = run(architecture(HIDDEN, HIDDEN, HIDDEN.sharing("2"), OUTPUT), rows);
        TrainingRun apart = run(architecture(HIDDEN, HIDDEN, HIDDEN, OUTPUT), rows);
        assertThat(shared.network.parameterCount()).isEqualTo(apart.network.parameterCount() - 20);
        float[] from = shared.trainer.parameters();
        float[] to = apart.trainer.parameters();
        int block = 5 * 16; // W and b of a hidden layer, padded
        System.arraycopy(from, 0, to, 0, 2 * block);
        System.arraycopy(from, block, to, 2 * block, block);
        System.arraycopy(from, 2 * block, to, 3 * block, from.length - 2 * block);
        for (TrainingRun run : List.of(shared, apart)) {
            run.trainer.computeGradient(shared.inputs, shared.targets, shared.weights, rows, run.losses, run.scores);
        }
        Floats.assertSameBits("losses", shared.losses, apart.losses);
        for (int i = 0; i < block; i++) {
            double sum = apart.trainer.gradient()[block + i] + apart.trainer.gradient()[2 * block + i];
            assertThat((double) shared.trainer.gradient()[block + i]).isCloseTo(sum, within(1e-6));
        }
    }

    /** A sum over two layers' uses would count a penalty or a decay of a shared weight twice. */
    @Test
    void shouldPenaliseAndDecaySharedWeightsOnce() {
        Architecture shared = architecture(HIDDEN, HIDDEN.sharing("1"), OUTPUT);
        TrainingRun run =
                new TrainingRun(shared, new Sgd(), List.of(new L2(2)), Clipping.NONE, KernelsProvider.kernels(), 1, 3);
        float[] canonical = new float[run.network.parameterCount()];
        canonical[0] = 3;
        run.network.fromCanonical(canonical, run.trainer.parameters());
        assertThat(run.trainer.penalty()).isEqualTo(9);
        run.weights[0] = 0; // no gradient but that of the penalty
        run.trainer.computeGradient(run.inputs, run.targets, run.weights, 1, run.losses, run.scores);
        assertThat(run.trainer.gradient()[0]).isEqualTo(6f);

        TrainingRun decaying =
                new TrainingRun(shared, new AdamW(new Adam(0.9, 0.999, 1e-8), 0.5), KernelsProvider.kernels(), 1, 3);
        decaying.network.fromCanonical(canonical, decaying.trainer.parameters());
        decaying.weights[0] = 0;
        decaying.step(); // with a learning rate of 0.01
        assertThat(decaying.trainer.parameters()[0]).isEqualTo(3f + (float) (-0.01f * 0.5) * 3f);
    }

    @Property(tries = 60)
    void shouldTrainGraphsToTheSameBitsWithAllKernels(
            @ForAll("graphs") Architecture graph, @ForAll @IntRange(min = 1, max = 40) int rows) {
        TrainingRun scalar = new TrainingRun(graph, Optimizer.of("adam"), new ScalarKernels(), rows, 5);
        TrainingRun chosen = new TrainingRun(graph, Optimizer.of("adam"), KernelsProvider.kernels(), rows, 5);
        scalar.steps(10);
        chosen.steps(10);
        Floats.assertSameBits("parameters", chosen.trainer.parameters(), scalar.trainer.parameters());
        Floats.assertSameBits("state", chosen.trainer.state(), scalar.trainer.state());
        Floats.assertSameBits("scores", chosen.scores, scalar.scores);
    }

    @Test
    void shouldSayWhatCannotBeConnected() {
        refused("layer 1 names \"2\", which is no layer before it: give input", HIDDEN.from("2"), HIDDEN, OUTPUT);
        refused("layer 2 names \"2\", which is no layer before it: give input or 1", HIDDEN, HIDDEN.plus("2"), OUTPUT);
        refused("the output layer names \"x\"", HIDDEN, HIDDEN, OUTPUT.from("x"));
        refused("which is no layer before it: give input or 1..2", HIDDEN, HIDDEN, OUTPUT.from("0"));
        refused("the output layer has 2 units and adds layer 1, which has 4", HIDDEN, OUTPUT.plus("1"));
        refused("nothing reads layer 1", HIDDEN, HIDDEN.from("input"), OUTPUT);
        refused("cannot share parameters with the input", HIDDEN.sharing("input"), OUTPUT);
        refused("has weights 4 x 2, layer 1 4 x 4: layers that share", HIDDEN, OUTPUT.sharing("1"));
        Layer normalized = HIDDEN.withBatchNorm(new BatchNorm(0.1, 1e-5, true));
        refused("one of them has batch normalisation", normalized, normalized.sharing("1"), OUTPUT);
        refused("one of them has batch normalisation", normalized, HIDDEN.sharing("1"), OUTPUT);
    }

    private static void refused(String message, Layer... layers) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> architecture(layers))
                .withMessageContaining(message);
    }
}
