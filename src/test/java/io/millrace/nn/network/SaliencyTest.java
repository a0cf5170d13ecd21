package io.millrace.nn.network;

import static io.millrace.Allocations.settledBytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.nn.activation.Activation;
import io.millrace.nn.initializer.XavierUniform;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.layer.BatchNorm;
import io.millrace.nn.layer.Block;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.layer.SparseDense;
import io.millrace.nn.layer.Table;
import io.millrace.nn.layer.Tokens;
import io.millrace.nn.loss.Loss;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleConsumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The gradient of a prediction by its inputs against difference quotients of the prediction. */
class SaliencyTest {
    private static final int INPUTS = 4;
    private static final float H = 0.02f;
    private static final double CLOSE = 2e-3;
    private static final float[] WEIGHTS = {0.7f, -1.3f};

    private final Random random = new Random(3);
    private final float[] inputs = new float[INPUTS];
    private Network network;
    private float[] parameters;
    private float[] state;
    private Tokens tokens;
    private Saliency saliency;

    /** A network with random parameters and running averages, and one row for it. */
    private void make(List<Table> tables, Layer... layers) {
        network = new Network(
                new Architecture(INPUTS, tables, List.of(layers), Loss.SOFTMAX_CROSS_ENTROPY),
                KernelsProvider.kernels());
        parameters = new float[network.parameterLength()];
        network.initialize(parameters, new XavierUniform(), 5);
        state = new float[network.stateLength()];
        network.initializeState(state);
        for (int i = 0; i < state.length; i++) {
            state[i] += 0.3f * random.nextFloat();
        }
        for (int j = 0; j < INPUTS; j++) {
            inputs[j] = (float) random.nextGaussian();
        }
        saliency = new Saliency(network, KernelsProvider.kernels().newInstance());
    }

    /** What is explained, as a prediction has it. */
    private double score() {
        Workspace workspace = network.workspace(1);
        workspace.tokens(tokens);
        network.forward(parameters, state, inputs, 1, workspace);
        double sum = 0;
        for (int k = 0; k < WEIGHTS.length; k++) {
            sum += WEIGHTS[k] * workspace.logits()[k];
        }
        return sum;
    }

    /** @param move moves what the score depends on by so much */
    private double quotient(DoubleConsumer move) {
        move.accept(H);
        double above = score();
        move.accept(-2 * H);
        double below = score();
        move.accept(H);
        return (above - below) / (2 * H);
    }

    private void assertByInputs() {
        saliency.compute(parameters, state, inputs, tokens, WEIGHTS);
        for (int j = 0; j < INPUTS; j++) {
            int input = j;
            assertThat(saliency.byInputs()[j])
                    .isCloseTo((float) quotient(by -> inputs[input] += (float) by), within((float) CLOSE));
        }
    }

    /** The input enters in three places; dropout must not act, and one row must be normalised by the running averages. */
    private static Layer[] graph() {
        return new Layer[] {
            new Layer(6, Activation.TANH).withInputDropout(0.3),
            new Layer(6, Activation.TANH).withBatchNorm(new BatchNorm(0.3, 0.1, true)),
            new Layer(6, Activation.SIGMOID).sharing("1").from("input").withInputDropout(0.4),
            new Layer(6, Activation.TANH).from("2", "input", "3").plus("1"),
            new Layer(2, Activation.IDENTITY)
        };
    }

    @Test
    void shouldDifferentiateAPredictionByItsInputs() {
        make(List.of(), graph());
        for (int i = 0; i < 20; i++) {
            for (int j = 0; j < INPUTS; j++) {
                inputs[j] = (float) random.nextGaussian();
            }
            assertByInputs();
        }
    }

    @Test
    void shouldDifferentiateByTheVectorsOfTables() {
        make(List.of(new Table(5, 3), new Table(7, 2)), graph());
        for (Block block : network.layout().blocks()) {
            for (int i = 0; block.layer() == Block.TABLES && i < block.rows(); i++) {
                for (int j = 0; j < block.width(); j++) {
                    parameters[block.index(i, j)] = (float) random.nextGaussian() / 4;
                }
            }
        }
        tokens = new Tokens(1, 2);
        tokens.add(new int[] {4, 1, 1, 6}, new int[] {3, 4});
        assertByInputs();
        for (int t = 0; t < 2; t++) {
            Block table = network.layout().block(Block.TABLES, "table " + (t + 1));
            float[] vectors = parameters.clone();
            double alongVector = quotient(by -> {
                for (int i = table.offset(); i < table.end(); i++) {
                    parameters[i] += (float) by * vectors[i];
                }
            });
            assertThat(saliency.ofVector(t)).isNotZero().isCloseTo(alongVector, within(CLOSE));
        }
    }

    @Test
    void shouldDifferentiateByTheValuesOfSparseInputs() {
        make(List.of(), new Layer(new SparseDense(6, 9), Activation.TANH), new Layer(2, Activation.IDENTITY));
        tokens = new Tokens(1, 1);
        float[] values = {0.4f, 0.6f};
        DoubleConsumer first = by -> {
            values[0] += (float) by;
            tokens.clear();
            tokens.addRow();
            tokens.addIds(new int[] {2, 7}, values, 2);
            tokens.endTable(0);
        };
        first.accept(0);
        assertByInputs();
        assertThat(saliency.byToken(0, 2)).isCloseTo(quotient(first), within(CLOSE));
    }

    @Test
    @Tag("allocation")
    void shouldAllocateNothing() {
        make(List.of(), graph());
        assertThat(settledBytes(() -> {
                    for (int i = 0; i < 300; i++) {
                        saliency.compute(parameters, state, inputs, null, WEIGHTS);
                    }
                }))
                .isZero();
    }
}
