package io.millrace.nn.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.nn.activation.Activation;
import io.millrace.nn.activation.LeakyRelu;
import io.millrace.nn.kernels.Floats;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.kernels.ScalarKernels;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.optimizer.Clipping;
import io.millrace.nn.optimizer.Optimizer;
import io.millrace.nn.penalty.L1;
import io.millrace.nn.penalty.L2;
import io.millrace.nn.penalty.Penalty;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole training runs leave the same bits with plain Java and with the kernels of this JVM. */
class BitEqualityTest {
    private static final List<Activation> ACTIVATIONS =
            List.of(Activation.IDENTITY, Activation.RELU, new LeakyRelu(0.1f), Activation.TANH, Activation.SIGMOID);
    private static final List<Loss> LOSSES =
            List.of(Loss.SOFTMAX_CROSS_ENTROPY, Loss.SIGMOID_CROSS_ENTROPY, Loss.HALF_MEAN_SQUARED_ERROR);

    static Stream<Arguments> combinations() {
        return PinnedRun.OPTIMIZERS.stream()
                .flatMap(o -> ACTIVATIONS.stream()
                        .flatMap(a -> LOSSES.stream()
                                .flatMap(l -> Stream.of(1, 3, 64).map(rows -> Arguments.of(o, a, l, rows)))));
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void shouldTrainToTheSameBits(Optimizer optimizer, Activation activation, Loss loss, int rows) {
        Architecture plain = TrainingRun.architecture(loss, activation, 7, 70, 33, 3);
        assertSameBits(optimizer, plain, rows);
        assertSameBits(optimizer, TrainingRun.normalized(plain), rows);
        assertSameBits(optimizer, TrainingRun.dropping(TrainingRun.normalized(plain)), rows);
    }

    @Provide
    Arbitrary<Architecture> shaped() {
        return Architectures.shaped();
    }

    @Property(tries = 60)
    void shouldTrainOnImagesAndSequencesToTheSameBits(
            @ForAll("shaped") Architecture architecture, @ForAll @IntRange(min = 1, max = 12) int rows) {
        assertSameBits(Optimizer.of("adam"), architecture, rows);
    }

    private static void assertSameBits(Optimizer optimizer, Architecture architecture, int rows) {
        List<Penalty> penalties = List.of(new L2(1e-3), new L1(1e-4));
        TrainingRun scalar =
                new TrainingRun(architecture, optimizer, penalties, new Clipping(1), new ScalarKernels(), rows, 5);
        TrainingRun chosen = new TrainingRun(
                architecture, optimizer, penalties, new Clipping(1), KernelsProvider.kernels(), rows, 5);
        for (int i = 0; i < 12; i++) {
            scalar.steps(1);
            chosen.steps(1);
            Floats.assertSameBits("losses", chosen.losses, scalar.losses);
            Floats.assertSameBits("scores", chosen.scores, scalar.scores);
            assertThat(chosen.trainer.gradientNorm()).isEqualTo(scalar.trainer.gradientNorm());
        }
        Floats.assertSameBits("parameters", chosen.trainer.parameters(), scalar.trainer.parameters());
        Floats.assertSameBits("state", chosen.trainer.state(), scalar.trainer.state());
        for (int m = 0; m < optimizer.moments(); m++) {
            Floats.assertSameBits(
                    "moments", chosen.trainer.moments()[m], scalar.trainer.moments()[m]);
        }
        for (float parameter : scalar.trainer.parameters()) {
            assertThat(parameter).isFinite();
        }
    }
}
