package io.millrace.nn.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.millrace.nn.activation.Activation;
import io.millrace.nn.initializer.Initializer;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.optimizer.Optimizer;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class NetworkTest {
    private static Network network(int... widths) {
        Architecture architecture = TrainingRun.architecture(Loss.SOFTMAX_CROSS_ENTROPY, Activation.RELU, widths);
        return new Network(architecture, KernelsProvider.kernels());
    }

    @Test
    void shouldCountParametersWithoutPadding() {
        Network network = network(8, 32, 2);
        assertThat(network.parameterCount()).isEqualTo(8 * 32 + 32 + 32 * 2 + 2);
        assertThat(network.parameterLength()).as("the narrow matrix is turned").isEqualTo(8 * 32 + 32 + 2 * 32 + 16);
    }

    @Property(tries = 200)
    void shouldKeepEveryParameterThroughTheWireInChunksOfAnySize(
            @ForAll @IntRange(min = 1, max = 20) int inputs,
            @ForAll @IntRange(min = 1, max = 40) int hidden,
            @ForAll @IntRange(min = 1, max = 20) int outputs,
            @ForAll @IntRange(min = 1, max = 500) int chunk) {
        Network network = network(inputs, hidden, outputs);
        float[] canonical = new float[network.parameterCount()];
        IntStream.range(0, canonical.length).forEach(i -> canonical[i] = i + 1);
        float[] padded = new float[network.parameterLength()];
        network.fromCanonical(canonical, padded);
        assertThat(padded[network.layout().block(0, "bias").offset()]).isEqualTo(inputs * hidden + 1);
        float[] inChunks = new float[padded.length];
        float[] back = new float[canonical.length];
        for (int from = 0; from < canonical.length; from += chunk) {
            int length = Math.min(chunk, canonical.length - from);
            float[] part = new float[length + 3];
            network.layout().toCanonical(padded, from, length, part, 3);
            System.arraycopy(part, 3, back, from, length);
            network.layout().fromCanonical(part, 3, from, length, inChunks);
        }
        assertThat(back).containsExactly(canonical);
        assertThat(inChunks).containsExactly(padded);
    }

    @Test
    void shouldInitializeWithTheSpreadOfThePaper() {
        Network network = network(300, 200, 10);
        float[] parameters = new float[network.parameterLength()];
        Map<String, Double> deviations = Map.of(
                "xavier_uniform", Math.sqrt(2.0 / 500),
                "xavier_normal", Math.sqrt(2.0 / 500),
                "he_uniform", Math.sqrt(2.0 / 300),
                "he_normal", Math.sqrt(2.0 / 300));
        deviations.forEach((name, deviation) -> {
            network.initialize(parameters, Initializer.of(name), 42);
            float[] canonical = new float[network.parameterCount()];
            network.toCanonical(parameters, canonical);
            double sum = 0;
            double squares = 0;
            for (int i = 0; i < 60_000; i++) {
                sum += canonical[i];
                squares += canonical[i] * canonical[i];
            }
            assertThat(sum / 60_000).as(name).isCloseTo(0, within(deviation / 50));
            assertThat(Math.sqrt(squares / 60_000)).as(name).isCloseTo(deviation, within(deviation / 50));
            for (int i = 60_000; i < 60_200; i++) {
                assertThat(canonical[i]).as("bias").isZero();
            }
        });
    }

    @Test
    void shouldInitializeToTheseBitsOnEveryMachine() {
        Network network = network(3, 5, 2);
        float[] parameters = new float[network.parameterLength()];
        float[] canonical = new float[network.parameterCount()];
        int hash = 0;
        for (String name : List.of("xavier_uniform", "xavier_normal", "he_uniform", "he_normal")) {
            for (long seed = -1; seed < 3; seed++) {
                network.initialize(parameters, Initializer.of(name), seed);
                network.toCanonical(parameters, canonical);
                for (float parameter : canonical) {
                    hash = 31 * hash + Float.floatToRawIntBits(parameter);
                }
            }
        }
        assertThat(hash).isEqualTo(-1108180630);
    }

    @Test
    void shouldNameWhatItKnowsWhenANameIsUnknown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Activation.of("gelu"))
                .withMessage("unknown activation 'gelu'; known are identity, relu, leaky_relu, tanh, sigmoid");
        assertThatIllegalArgumentException().isThrownBy(() -> Loss.of("mse")).withMessageContaining("half_mse");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Initializer.of("x"))
                .withMessageContaining("he_normal");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Optimizer.of("adam", Map.of("rho", "0.9")))
                .withMessage("optimizer adam has no option rho; it knows beta1, beta2, epsilon");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Optimizer.of("momentum", Map.of("alpha", "1.5")))
                .withMessageContaining("alpha = 1.5 is out of range");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Optimizer.of("momentum", Map.of("alpha", "much")))
                .withMessageContaining("alpha = much is not a number");
    }

    @Test
    void shouldFindEveryAlgorithmByItsOwnName() {
        for (String name : List.of("identity", "relu", "leaky_relu", "tanh", "sigmoid")) {
            assertThat(Activation.of(name).name()).isEqualTo(name);
        }
        for (String name :
                List.of("sgd", "momentum", "nesterov", "nesterov_torch", "adagrad", "rmsprop", "adam", "adamw")) {
            assertThat(Optimizer.of(name).name()).isEqualTo(name);
        }
        for (String name : List.of("softmax_cross_entropy", "sigmoid_cross_entropy", "half_mse")) {
            assertThat(Loss.of(name).name()).isEqualTo(name);
        }
    }

    @Test
    void shouldRefuseAnArchitectureThatCannotBe() {
        Layer output = new Layer(2, Activation.IDENTITY);
        Loss loss = Loss.SOFTMAX_CROSS_ENTROPY;
        assertThatIllegalArgumentException().isThrownBy(() -> new Architecture(0, List.of(output), loss));
        assertThatIllegalArgumentException().isThrownBy(() -> new Architecture(1, List.of(), loss));
        assertThatIllegalArgumentException().isThrownBy(() -> new Layer(0, Activation.RELU));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Architecture(1, List.of(new Layer(2, Activation.SIGMOID)), loss))
                .withMessageContaining("applies its own link");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> network(70_000, 40_000, 2))
                .withMessageContaining("parameters");
    }
}
