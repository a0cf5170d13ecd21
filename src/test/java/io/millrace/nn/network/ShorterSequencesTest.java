package io.millrace.nn.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.nn.activation.Activation;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.layer.BatchNorm;
import io.millrace.nn.layer.Dense;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.layer.LayerForm;
import io.millrace.nn.layer.LayerKind;
import io.millrace.nn.layer.Shape;
import io.millrace.nn.layer.Tokens;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.optimizer.Sgd;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** A padded step changes nothing: a network computes the same as one that is built for as few steps. */
class ShorterSequencesTest {
    private static final Map<String, Activation> ACTIVATIONS = Map.of(
            "tanh", Activation.TANH,
            "sigmoid", Activation.SIGMOID,
            "relu", Activation.RELU,
            "identity", Activation.IDENTITY);
    private static final BatchNorm BATCH_NORM = new BatchNorm(0.3, 0.1, true);

    private static final List<String> KINDS = List.of(
            "conv(5, 3, padding=causal, dilation=2) tanh",
            "conv(4, 2, padding=causal) sigmoid",
            "conv(3, 3) sigmoid",
            "conv(17, 2, dilation=3) relu",
            "conv(4, 3, padding=same) tanh",
            "a%1$d: conv(3, 2, padding=causal) sigmoid, conv(3, 3, padding=same) sigmoid + a%1$d",
            "pool(3, stride=1)",
            "pool(2, stride=1, mean)",
            "conv(5, 2, padding=causal) tanh, norm",
            "rnn(5, states=all)",
            "rnn(17, relu, states=all, truncate=7)",
            "lstm(5, states=all)",
            "lstm(17, states=all, truncate=4) sigmoid",
            "gru(5, states=all, truncate=9)",
            "gru(17, states=all)");

    private static final List<String> LAST = List.of("mean", "rnn(4)", "lstm(6)", "gru(18, truncate=5)");

    /** These need as many padded steps as they have strides. */
    private static final List<String> STRIDES = List.of(
            "conv(4, 3, stride=2) tanh",
            "conv(4, 3, stride=2, padding=same) sigmoid",
            "conv(4, 2, stride=2, padding=causal) sigmoid",
            "pool(2)",
            "pool(2, mean)",
            "pool(3, stride=2)",
            "pool(1, stride=2, mean)");

    private static TrainingRun run(String line, int steps, int features, boolean normalized, int rows) {
        List<Layer> layers = new ArrayList<>(
                LayersParser.parse(line, new Shape(steps, 1, features), 3, ACTIVATIONS, Activation.IDENTITY));
        for (int l = 0; l + 1 < layers.size() && normalized; l++) {
            if (layers.get(l).kind().parameters(1) > 0) {
                layers.set(l, layers.get(l).withBatchNorm(BATCH_NORM));
            }
        }
        Architecture architecture = new Architecture(steps * features, layers, Loss.SOFTMAX_CROSS_ENTROPY);
        return new TrainingRun(architecture, new Sgd(), KernelsProvider.kernels(), rows, 5);
    }

    /** Writes the rows of one to the ends of the rows of the other, behind padding whose numbers are anything but for the first of a step. */
    private static void pad(TrainingRun shorter, TrainingRun longer, int features, Random random) {
        int few = shorter.network.architecture().inputs();
        int many = longer.network.architecture().inputs();
        for (int i = 0; i < shorter.rows; i++) {
            for (int j = 0; j < many - few; j++) {
                float anything = random.nextBoolean() ? Float.NaN : 1e30f * (float) random.nextGaussian();
                longer.inputs[i * many + j] = j % features == 0 ? Float.NaN : anything;
            }
            System.arraycopy(shorter.inputs, i * few, longer.inputs, (i + 1) * many - few, few);
        }
        System.arraycopy(shorter.targets, 0, longer.targets, 0, shorter.targets.length);
    }

    private static void copyParameters(TrainingRun from, TrainingRun to) {
        System.arraycopy(from.trainer.parameters(), 0, to.trainer.parameters(), 0, from.trainer.parameters().length);
        System.arraycopy(from.trainer.state(), 0, to.trainer.state(), 0, from.trainer.state().length);
    }

    private static float[] gradient(TrainingRun run) {
        assertThat(run.trainer.computeGradient(run.inputs, run.targets, run.weights, run.rows, run.losses, run.scores))
                .isTrue();
        return run.trainer.gradient().clone();
    }

    private static float[] hessianTimes(TrainingRun run, float[] v) {
        float[] product = new float[v.length];
        run.trainer.multiplyByHessian(
                run.inputs, run.targets, run.weights, run.rows, run.losses, run.scores, v, product);
        return product;
    }

    @Property(tries = 300)
    void shouldComputeWhatANetworkOfAsFewStepsComputes(
            @ForAll @IntRange(min = 1, max = 3) int layers,
            @ForAll @IntRange(min = 0, max = 3) int paddedStrides,
            @ForAll @IntRange(min = 1, max = 4) int features,
            @ForAll @IntRange(min = 1, max = 5) int rows,
            @ForAll boolean normalized,
            @ForAll long seed) {
        Random random = new Random(seed);
        List<String> items = new ArrayList<>();
        int stride = 1;
        for (int l = 0; l < layers; l++) {
            boolean strides = random.nextInt(3) == 0;
            List<String> from = strides ? STRIDES : KINDS;
            items.add(String.format(from.get(random.nextInt(from.size())), l));
            stride *= strides ? 2 : 1;
        }
        String line = String.join(", ", items) + ", " + LAST.get(random.nextInt(LAST.size()));
        int padded = paddedStrides * stride;
        int few = 24 + random.nextInt(8);
        TrainingRun shorter = run(line, few, features, normalized, rows);
        TrainingRun longer = run(line, few + padded, features, normalized, rows);
        shorter.steps(2);
        longer.trainer.steps(2);
        copyParameters(shorter, longer);
        pad(shorter, longer, features, random);

        float[] gradient = gradient(shorter);
        assertThat(gradient(longer)).as(line).containsExactly(gradient);
        assertThat(longer.losses).containsExactly(shorter.losses);
        assertThat(longer.scores).containsExactly(shorter.scores);
        assertThat(hessianTimes(longer, gradient)).containsExactly(hessianTimes(shorter, gradient));
        shorter.step();
        longer.step();
        assertThat(longer.trainer.state()).containsExactly(shorter.trainer.state());
    }

    @Property(tries = 60)
    void rowsOfSeveralLengthsShouldLearnLikeEachAlone(
            @ForAll @IntRange(min = 0, max = 14) int kind, @ForAll @IntRange(min = 2, max = 6) int rows) {
        String line =
                String.format(KINDS.get(kind), 1) + ", " + String.format(KINDS.get((kind + 3) % 15), 2) + ", mean";
        TrainingRun all = run(line, 20, 2, false, rows);
        double[] sum = new double[all.trainer.gradient().length];
        List<float[]> scores = new ArrayList<>();
        Arrays.fill(all.weights, 1);
        for (int i = 0; i < rows; i++) {
            TrainingRun one = run(line, 20 - i, 2, false, 1);
            copyParameters(all, one);
            int from = i * 40 + 2 * i;
            Arrays.fill(all.inputs, i * 40, from, Float.NaN);
            System.arraycopy(all.inputs, from, one.inputs, 0, one.inputs.length);
            one.targets[0] = all.targets[i];
            float[] gradient = gradient(one);
            for (int j = 0; j < sum.length; j++) {
                sum[j] += gradient[j] / rows;
            }
            scores.add(one.scores);
        }
        float[] gradient = gradient(all);
        for (int j = 0; j < sum.length; j++) {
            assertThat((double) gradient[j]).isCloseTo(sum[j], within(1e-6 + 1e-4 * Math.abs(sum[j])));
        }
        for (int i = 0; i < rows; i++) {
            assertThat(Arrays.copyOfRange(all.scores, 3 * i, 3 * i + 3)).containsExactly(scores.get(i));
        }
    }

    /** The averages of positions are those of as many rows without places. */
    @Test
    void normalisationShouldMeasureOnlyPositionsThatAreThere() {
        TrainingRun sequences = run("conv(3, 1) tanh, mean", 6, 2, true, 3);
        TrainingRun flat = new TrainingRun(
                new Architecture(
                        2,
                        List.of(
                                new Layer(3, Activation.TANH).withBatchNorm(BATCH_NORM),
                                new Layer(3, Activation.IDENTITY)),
                        Loss.SOFTMAX_CROSS_ENTROPY),
                new Sgd(),
                KernelsProvider.kernels(),
                4 + 1 + 6,
                3);
        int[] lengths = {4, 1, 6};
        int to = 0;
        for (int i = 0; i < lengths.length; i++) {
            int end = (i + 1) * 12;
            Arrays.fill(sequences.inputs, i * 12, end - 2 * lengths[i], Float.NaN);
            System.arraycopy(sequences.inputs, end - 2 * lengths[i], flat.inputs, to, 2 * lengths[i]);
            to += 2 * lengths[i];
        }
        System.arraycopy(sequences.trainer.parameters(), 0, flat.trainer.parameters(), 0, 32);
        sequences.step();
        flat.step();
        assertThat(sequences.trainer.state()).containsExactly(flat.trainer.state());
    }

    /** There is no network of two steps with a window of five: the sequence counts as if it began with zeros. */
    @Test
    void aSequenceThatIsShorterThanAWindowShouldBeginWithZeros() {
        TrainingRun padded = run("conv(4, 5) tanh, mean", 12, 2, false, 1);
        TrainingRun zeros = run("conv(4, 5) tanh", 5, 2, false, 1);
        copyParameters(padded, zeros);
        Arrays.fill(padded.inputs, 0, 20, Float.NaN);
        Arrays.fill(zeros.inputs, 0, 6, 0f);
        System.arraycopy(padded.inputs, 20, zeros.inputs, 6, 4);
        zeros.targets[0] = padded.targets[0];
        assertThat(gradient(padded)).containsExactly(gradient(zeros));
        assertThat(padded.scores).containsExactly(zeros.scores);
    }

    /** Four steps under windows of three: none, one and three of them. */
    @Test
    void aWindowShouldPoolTheStepsThatAreThere() {
        for (String mode : List.of("", ", mean")) {
            TrainingRun padded = run("pool(3" + mode + ")", 9, 1, false, 1);
            Arrays.fill(padded.inputs, 0, 5, Float.NaN);
            System.arraycopy(new float[] {-7, -3, -2, -4}, 0, padded.inputs, 5, 4);
            TrainingRun flat = new TrainingRun(
                    TrainingRun.architecture(Loss.SOFTMAX_CROSS_ENTROPY, Activation.IDENTITY, 3, 3),
                    new Sgd(),
                    KernelsProvider.kernels(),
                    1,
                    5);
            copyParameters(padded, flat);
            flat.inputs[0] = 0;
            flat.inputs[1] = -7;
            flat.inputs[2] = mode.isEmpty() ? -2 : -3;
            flat.targets[0] = padded.targets[0];
            assertThat(gradient(padded)).containsExactly(gradient(flat));
            assertThat(padded.scores).containsExactly(flat.scores);
        }
    }

    /** A kind that did not say it would end the mask of what enters it. */
    @Test
    void eachKindShouldSayWhatShapeItReads() {
        Shape sequence = new Shape(32, 1, 8);
        for (LayerForm form : LayerKinds.FORMS) {
            String simplest = Pattern.compile("(?<=, |^)" + form.name() + "(\\([^x)]*\\))?(?=, |$)")
                    .matcher(form.examples())
                    .results()
                    .map(MatchResult::group)
                    .findFirst()
                    .orElse(form.name() + "(2)"); // images are the examples of pooling
            LayerKind kind = LayersParser.parse(simplest, sequence, 3, ACTIVATIONS, Activation.TANH)
                    .get(0)
                    .kind();
            assertThat(kind.in()).as(simplest).isEqualTo(kind instanceof Dense ? null : sequence);
        }
    }

    @Test
    void paddedStepsShouldExplainNothing() {
        TrainingRun run = run("conv(4, 3, padding=causal) tanh, mean", 6, 2, false, 1);
        Arrays.fill(run.inputs, 0, 6, Float.NaN);
        Saliency saliency = run.trainer.saliency();
        saliency.compute(
                run.trainer.parameters(), run.trainer.state(), run.inputs, new Tokens(1, 0), new float[] {1, 0, -1});
        assertThat(Arrays.copyOf(saliency.byInputs(), 6)).containsOnly(0f);
        assertThat(Arrays.copyOfRange(saliency.byInputs(), 6, 12)).doesNotContain(0f);
    }
}
