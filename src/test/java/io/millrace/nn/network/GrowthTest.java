package io.millrace.nn.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.nn.activation.Activation;
import io.millrace.nn.initializer.HeUniform;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.layer.BatchNorm;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.layer.SparseDense;
import io.millrace.nn.layer.Table;
import io.millrace.nn.layer.Tokens;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.optimizer.Clipping;
import io.millrace.nn.optimizer.Optimizer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks that read further inputs, against networks that had them from the start, with weights of zero and nothing in them. */
class GrowthTest {
    private static final Layer OUTPUT = new Layer(3, Activation.IDENTITY);
    private static final List<Table> TABLES = List.of(new Table(6, 3));
    private static final List<Table> MORE_TABLES = List.of(new Table(6, 3), new Table(9, 5));
    private static final int ROWS = 4;
    private static final int STEPS = 30;

    private final Random random = new Random(2);

    static Stream<List<Layer>> networks() {
        return Stream.of(
                List.of(OUTPUT),
                List.of(new Layer(7, Activation.of("relu")), OUTPUT),
                List.of(new Layer(7, Activation.TANH).withBatchNorm(BatchNorm.DEFAULT), OUTPUT),
                List.of(
                        new Layer(7, Activation.TANH),
                        new Layer(4, Activation.TANH).from("1", "input"),
                        OUTPUT.from("input", "2", "1")),
                List.of(
                        new Layer(7, Activation.TANH),
                        new Layer(7, Activation.TANH).from("input").sharing("1"),
                        OUTPUT.from("1", "2")));
    }

    private static Architecture architecture(int numbers, List<Table> tables, List<Layer> layers) {
        return new Architecture(numbers, tables, layers, Loss.SOFTMAX_CROSS_ENTROPY);
    }

    private static Trainer trainer(Architecture architecture, String optimizer) {
        Network network = new Network(architecture, KernelsProvider.kernels());
        Trainer trainer = new Trainer(network, Optimizer.of(optimizer), List.of(), Clipping.NONE, ROWS, 1);
        network.initialize(trainer.parameters(), new HeUniform(), 5);
        return trainer;
    }

    private static float[] canonical(Trainer trainer, float[] padded) {
        float[] canonical = new float[trainer.network().parameterCount()];
        trainer.network().toCanonical(padded, canonical);
        return canonical;
    }

    /** A trainer of the larger network with the parameters, moments, state and steps of the smaller one. */
    private static Trainer grown(Trainer former, Architecture larger, String optimizer) {
        Growth growth = new Growth(former.network().architecture(), larger);
        Trainer trainer = trainer(larger, optimizer);
        carry(growth, former, former.parameters(), trainer, trainer.parameters());
        for (int m = 0; m < trainer.moments().length; m++) {
            carry(growth, former, former.moments()[m], trainer, trainer.moments()[m]);
        }
        System.arraycopy(former.state(), 0, trainer.state(), 0, trainer.state().length);
        trainer.steps(former.steps());
        return trainer;
    }

    private static void carry(Growth growth, Trainer former, float[] from, Trainer trainer, float[] to) {
        float[] canonical = canonical(trainer, to);
        growth.carry(canonical(former, from), canonical);
        trainer.network().fromCanonical(canonical, to);
    }

    /** Steps of both; the larger one has zeros in its further numbers and names no ids of its further tables. */
    private void train(Trainer former, Trainer larger) {
        int numbers = former.network().architecture().inputs();
        int more = larger.network().architecture().inputs();
        Tokens tokens = new Tokens(ROWS, TABLES.size());
        Tokens moreTokens = new Tokens(ROWS, MORE_TABLES.size());
        former.tokens(tokens);
        larger.tokens(moreTokens);
        float[] losses = new float[ROWS];
        float[] scores = new float[ROWS * 3];
        float[] scoresOfLarger = new float[ROWS * 3];
        for (int step = 0; step < STEPS; step++) {
            float[] inputs = new float[ROWS * numbers];
            float[] wide = new float[ROWS * more];
            float[] targets = new float[ROWS];
            tokens.clear();
            moreTokens.clear();
            for (int i = 0; i < ROWS; i++) {
                for (int j = 0; j < numbers; j++) {
                    inputs[i * numbers + j] = (float) random.nextGaussian();
                    wide[i * more + j] = inputs[i * numbers + j];
                }
                int id = random.nextInt(6);
                targets[i] = id % 3;
                tokens.add(new int[] {id}, new int[] {1});
                moreTokens.add(new int[] {id}, new int[] {1, 1});
            }
            float[] ones = {1, 1, 1, 1};
            assertThat(former.step(inputs, targets, ones, ROWS, 0.01f, losses, scores, false))
                    .isEqualTo(StepOutcome.TAKEN);
            assertThat(larger.step(wide, targets, ones, ROWS, 0.01f, losses, scoresOfLarger, false))
                    .isEqualTo(StepOutcome.TAKEN);
            assertThat(scoresOfLarger).isEqualTo(scores);
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void shouldBeTheNetworkThatHadTheInputsFromTheStartWithWeightsOfZero(List<Layer> layers) {
        for (String optimizer : List.of("rmsprop", "adam")) {
            Architecture larger = architecture(5, MORE_TABLES, layers);
            Trainer former = trainer(architecture(2, TABLES, layers), optimizer);
            Trainer fromTheStart = grown(former, larger, optimizer);
            train(former, fromTheStart);

            Trainer later = grown(former, larger, optimizer);
            assertThat(later.parameters()).isEqualTo(fromTheStart.parameters());
            assertThat(later.moments()).isDeepEqualTo(fromTheStart.moments());
            train(former, later);
        }
    }

    @Test
    void shouldStartNewWeightsAtZeroAndNewTablesAsThoseOfANewNetwork() {
        List<Layer> layers = List.of(new Layer(7, Activation.TANH), OUTPUT);
        Architecture larger = architecture(5, MORE_TABLES, layers);
        Trainer former = trainer(architecture(2, TABLES, layers), "rmsprop");
        Trainer grown = grown(former, larger, "rmsprop");
        Trainer fresh = trainer(larger, "rmsprop");

        float[] was = canonical(former, former.parameters());
        float[] is = canonical(grown, grown.parameters());
        float[] first = canonical(fresh, fresh.parameters());
        for (int unit = 0; unit < 7; unit++) {
            assertThat(is[unit]).isEqualTo(was[unit]);
            for (int input : List.of(2, 3, 4, 8, 9, 10, 11, 12)) {
                assertThat(is[input * 7 + unit]).as("input %s", input).isZero();
            }
            for (int j = 0; j < 3; j++) {
                assertThat(is[(5 + j) * 7 + unit]).isEqualTo(was[(2 + j) * 7 + unit]);
            }
        }
        int tables = is.length - 6 * 3 - 9 * 5;
        for (int i = 0; i < 9 * 5; i++) {
            assertThat(is[tables + 18 + i]).isNotZero().isEqualTo(first[tables + 18 + i]);
        }
    }

    @Test
    void shouldGrowFromNumbersAloneAndFromTablesAlone() {
        assertThat(new Growth(architecture(2, List.of(), List.of(OUTPUT)), architecture(2, TABLES, List.of(OUTPUT)))
                        .formerCount())
                .isEqualTo(2 * 3 + 3);
        float[] was = new float[3 * 3 + 3 + 18];
        for (int i = 0; i < was.length; i++) {
            was[i] = i + 1;
        }
        float[] is = new float[was.length + 3];
        new Growth(architecture(0, TABLES, List.of(OUTPUT)), architecture(1, TABLES, List.of(OUTPUT))).carry(was, is);
        assertThat(is).startsWith(0, 0, 0, 1, 2, 3).endsWith(28, 29, 30);
    }

    /** The numbers are two views of the same; the tables are those of the input, then that of the sparse inputs. */
    @Test
    void shouldKeepEachViewAndTheSparseInputsBehindFurtherTables() {
        Growth growth = new Growth(
                architecture(2, List.of(new Table(1, 1)), List.of(sparse(2))),
                architecture(4, List.of(new Table(1, 1), new Table(1, 2)), List.of(sparse(3))),
                2);
        float[] was = new float[growth.formerCount()];
        for (int i = 0; i < was.length; i++) {
            was[i] = i + 1;
        }
        float[] is = new float[4 * 3 + 3 * 3 + 3 + 1 + 2 + 3 * 3];
        Arrays.fill(is, -1);
        growth.carry(was, is);
        assertThat(is)
                .containsExactly(
                        1, 2, 3, 0, 0, 0, // first view
                        4, 5, 6, 0, 0, 0, // second view
                        7, 8, 9, 0, 0, 0, 0, 0, 0, // vectors of tables
                        10, 11, 12, // bias
                        13, -1, -1, // tables
                        14, 15, 16, 17, 18, 19, 0, 0, 0); // sparse inputs
    }

    private static Layer sparse(int inputs) {
        return new Layer(new SparseDense(3, inputs), Activation.IDENTITY);
    }

    @Test
    void shouldRefuseWhatIsNotAtTheEnd() {
        Architecture former = architecture(2, TABLES, List.of(OUTPUT));
        for (Architecture other : List.of(
                architecture(1, TABLES, List.of(OUTPUT)),
                architecture(2, List.of(), List.of(OUTPUT)),
                architecture(2, List.of(new Table(9, 5), new Table(6, 3)), List.of(OUTPUT)),
                architecture(3, TABLES, List.of(new Layer(7, Activation.TANH), OUTPUT)),
                architecture(3, TABLES, List.of(sparse(2))))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Growth(former, other))
                    .withMessage("the network differs in more than inputs behind those so far");
        }
    }

    @Test
    void shouldRefuseSharedWeightsThatReadTheInputInAnotherPlace() {
        List<Layer> layers = List.of(
                new Layer(4, Activation.TANH),
                new Layer(4, Activation.TANH).from("input", "1"),
                new Layer(4, Activation.TANH).from("1", "input").sharing("2"),
                OUTPUT.from("2", "3"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Growth(architecture(1, TABLES, layers), architecture(2, TABLES, layers)))
                .withMessage("layer 3 shares weights and reads the input at another place");
    }
}
