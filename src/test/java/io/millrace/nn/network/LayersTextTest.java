package io.millrace.nn.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.nn.activation.Activation;
import io.millrace.nn.activation.LeakyRelu;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.layer.Shape;
import io.millrace.nn.loss.Loss;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lines of layers are read as they are meant, written as they are read, and refused with the place and a sentence. */
class LayersTextTest {
    private static final Shape IMAGE = new Shape(28, 28, 1);
    private static final Shape SEQUENCE = new Shape(32, 1, 8);

    private static Map<String, Activation> activations() {
        Map<String, Activation> activations = new LinkedHashMap<>();
        for (Activation activation : List.of(
                Activation.IDENTITY, Activation.RELU, new LeakyRelu(0.2f), Activation.TANH, Activation.SIGMOID)) {
            activations.put(activation.name(), activation);
        }
        return activations;
    }

    private static Architecture read(String text, Shape input, int outputs) {
        List<Layer> layers = LayersParser.parse(text, input, outputs, activations(), Activation.RELU);
        return new Architecture(input.size(), layers, Loss.HALF_MEAN_SQUARED_ERROR);
    }

    private static String shape(String text, Shape input) {
        return read(text, input, 3).shape();
    }

    @Test
    void shouldReadANetworkOfAnImage() {
        assertThat(shape(
                        "conv(16, 3x3) relu, pool(2x2), conv(32, 3x3) tanh, pool(2x2), flatten, dense(64) relu", IMAGE))
                .isEqualTo("784-conv(16,3x3)@28x28x1:relu-pool(2x2)@26x26x16:identity-conv(32,3x3)@13x13x16:tanh"
                        + "-pool(2x2)@11x11x32:identity-64:relu-3:identity half_mse");
    }

    @Test
    void shouldReadOptions() {
        assertThat(shape("conv(4,3,stride=2,padding=same),pool(2,mean),pool(3x3, stride=1)", IMAGE))
                .isEqualTo("784-conv(4,3x3,stride=2x2,padding=same)@28x28x1:relu-pool(2x2,mean)@14x14x4:identity"
                        + "-pool(3x3,stride=1x1)@7x7x4:identity-3:identity half_mse");
        assertThat(shape("rnn(5, relu, states=all), gru(4, truncate=8, states=all), lstm(3) tanh", SEQUENCE))
                .isEqualTo("256-rnn(5,relu,states=all)@32x8:identity-gru(4,truncate=8,states=all)@32x5:identity"
                        + "-lstm(3)@32x4:tanh-3:identity half_mse");
        assertThat(shape("conv(8, 3, padding=causal), gru(8, truncate=99)", SEQUENCE))
                .isEqualTo("256-conv(8,3x1,padding=causal)@32x8:relu-gru(8)@32x8:identity-3:identity half_mse");
        assertThat(shape("conv(16, 3, padding=causal, dilation=2), mean", SEQUENCE))
                .isEqualTo("256-conv(16,3x1,padding=causal,dilation=2)@32x8:relu-pool(32x1,mean)@32x16:identity"
                        + "-3:identity half_mse");
    }

    @Test
    void shouldReadNamesAndGraphs() {
        Shape flat = Shape.flat(32);
        assertThat(shape("a: dense(64) relu, b: dense(64) relu + a, dense(32) [b, input]", flat))
                .isEqualTo("32-64:relu-64:relu+1-32:relu<-2&input-3:identity half_mse");
        assertThat(shape("dense(8), b: dense(8) identity, dense(8, share=b) tanh", Shape.flat(8)))
                .isEqualTo("8-8:relu-8:identity-8:tanh=2-3:identity half_mse");
    }

    @Test
    void shouldReadWhatEntersTheOutputLayer() {
        assertThat(shape("a: dense(5), b: dense(3) + input, output [a, b, input]", Shape.flat(3)))
                .isEqualTo("3-5:relu-3:relu+input-3:identity<-1&2&input half_mse");
    }

    @Test
    void shouldReadLayerNormalisation() {
        assertThat(shape(
                        "conv(4, 3) identity, norm relu, flatten, n: norm(delta=0.01), norm(delta=0.01, share=n)",
                        SEQUENCE))
                .isEqualTo("256-conv(4,3x1)@32x8:identity-norm@30x4:relu-norm(delta=0.01)@120:identity"
                        + "-norm(delta=0.01)@120:identity=3-3:identity half_mse");
    }

    @Test
    void shouldWriteLayerNormalisationAsItIsRead() {
        String text = "conv(4, 3x1) identity, norm relu, flatten, h3: norm, norm(share=h3), h5: norm(delta=0.01),"
                + " norm(delta=0.01, share=h5) tanh";
        assertThat(LayersWriter.write(read(text, SEQUENCE, 3))).isEqualTo(text);
    }

    @Test
    void shouldGiveDropoutToTheLayerBehindIt() {
        List<Layer> layers =
                read("dropout(0.1), dense(4), dropout(.25)", Shape.flat(2), 1).layers();
        assertThat(layers).extracting(Layer::inputDropout).containsExactly(0.1, 0.25);
    }

    @Test
    void namesOfAFlattenedLayerShouldStandForItsNumbers() {
        assertThat(shape("conv(2, 3x3), f: flatten, a: dense(4), dense(5) [f, a]", IMAGE))
                .isEqualTo("784-conv(2,3x3)@28x28x1:relu-4:relu-5:relu<-1&2-3:identity half_mse");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "dense(64), pol(2x2) | column 12, \"pol\": no layer has this name: give one of dense(64), conv(16, 3x3)",
                "conv(16, 3y3) | column 10, \"3y3\": the window must be a size, for example 3x3 or 3",
                "conv(16) | column 1, \"conv(16)\": the window is missing, for example 3x3",
                "conv | column 1, \"conv\": the number of filters is missing, for example 16",
                "dense(0) | column 7, \"0\": the number of units must be a whole number of at least 1",
                "dense(8, 9) | column 10, \"9\": dense has no argument for it",
                "conv(16, 3, size=2) | column 18, \"2\": conv has no option size",
                "conv(16, 3, padding=big) | column 21, \"big\": padding must be one of valid, same, causal",
                "conv(16, 3, padding=causal) | column 1, \"conv(16, 3, padding=causal)\": causal padding and dilation are for",
                "conv(16, 3, stride=1, stride=2) | column 23, \"stride=2\": stride is there twice",
                "conv(16,, 3) | column 1, \"conv(16,, 3)\": an argument is missing before or after a comma",
                "conv(16, 29x29) | column 1, \"conv(16, 29x29)\": the window of 29x29 does not fit into what enters, 28x28",
                "conv(999999999, 3) | column 1, \"conv(999999999, 3)\": the output has 676 x 999999999 numbers; at most 16777216",
                "conv(1, 99999, padding=same) | column 1, \"conv(1, 99999, padding=same)\": the window has 9999800001 x 1 numbers",
                "norm | column 1, \"norm\": what enters is 28x28x1, one number at each position, which would always become 0",
                "flatten, norm(delta=0) | column 21, \"0\": delta must be above 0, for example 0.001",
                "pool(30x1) | column 1, \"pool(30x1)\": the window of 30x1 does not fit into what enters, 28x28",
                "lstm(8) | column 1, \"lstm(8)\": lstm is for a sequence of steps x features, for example 32x8, and what enters is an image of 28x28",
                "flatten, gru(8) | column 10, \"gru(8)\": gru is for a sequence of steps x features, for example 32x8, and what enters is 784",
                "rnn | column 1, \"rnn\": the number of units is missing, for example 16",
                "lstm(8, states=first) | column 16, \"first\": states must be one of last, all",
                "lstm(8, truncate=0) | column 18, \"0\": truncate must be a whole number of at least 1",
                "dense(8) relo | column 10, \"relo\": no activation has this name: give one of identity, relu, leaky_relu",
                "dense(8) relu tanh | column 15, \"tanh\": the layer has an activation already",
                "dense(8 | column 6, \"(8\": a parenthesis is open and not closed",
                "dense(8) [input | column 16, \"\": a bracket is open and not closed",
                "dense(8), | column 10, \"\": a layer is missing, for example dense(64)",
                "dense(8) + a | column 12, \"a\": nothing before has this name: give input, or a name that a layer has",
                "a: dense(8), a: dense(8) | column 14, \"a\": something has this name already",
                "output: dense(8) | column 1, \"output\": a name is a letter, and letters or digits, and is not output",
                "a: dense(8), dense(9) + a | column 14, \"dense(9) + a\": its output is 9, and what is added is 8",
                "dense(8), dense(9) [input] | column 1, \"dense(8)\": nothing reads it: connect it to a later layer",
                "dense(8, share=a) | column 1, \"dense(8, share=a)\": no layer before has the name a, whose weights",
                "dropout(1.5) | column 9, \"1.5\": the part of the inputs must be at least 0 and below 1",
                "a: dropout(0.5), dense(8) | column 4, \"dropout\": it has no name, since it belongs to the layer",
                "output, dense(8) | column 7, \",\": the output layer is the last one",
                "dense(8)) | column 9, \")\": a comma belongs before the next layer",
                "flatten(2) | column 9, \"2\": flatten has no argument for it",
                "dense(8) [input] [input] | column 18, \"[\": the inputs of the layer are there already",
            })
    void shouldRefuseAMistakeWithItsPlace(String text, String message) {
        assertThatThrownBy(() -> read(text, IMAGE, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .startsWith(message);
    }

    @Provide
    Arbitrary<Architecture> graphs() {
        return Architectures.graphs();
    }

    @Provide
    Arbitrary<Architecture> shaped() {
        return Architectures.shaped();
    }

    @Property(tries = 200)
    void shouldReadGraphsAsTheyAreWritten(@ForAll("graphs") Architecture architecture) {
        assertReadsAsWritten(architecture, Shape.flat(architecture.inputs()));
    }

    @Property(tries = 200)
    void shouldReadImagesAndSequencesAsTheyAreWritten(@ForAll("shaped") Architecture architecture) {
        String first = architecture.layers().get(0).kind().toString();
        assertReadsAsWritten(architecture, Shape.of(first.substring(first.indexOf('@') + 1)));
    }

    private static void assertReadsAsWritten(Architecture architecture, Shape input) {
        List<Layer> plain = architecture.layers().stream()
                .map(layer -> new Layer(layer.kind(), layer.activation(), null, layer.inputDropout(), layer.wiring()))
                .toList();
        Architecture without = new Architecture(architecture.inputs(), plain, architecture.loss());
        String text = LayersWriter.write(without);
        if (text.isEmpty()) {
            assertThat(plain).hasSize(1);
            return;
        }
        List<Layer> read = LayersParser.parse(text, input, without.outputs(), activations(), Activation.RELU);
        assertThat(new Architecture(without.inputs(), read, without.loss()).shape())
                .as(text)
                .isEqualTo(without.shape());
        assertThat(read)
                .extracting(Layer::inputDropout)
                .isEqualTo(plain.stream().map(Layer::inputDropout).toList());
    }

    @Property(tries = 200)
    void kindsOfSavedStateShouldBeReadAsTheyAreWritten(@ForAll("shaped") Architecture architecture) {
        architecture.layers().stream()
                .map(Layer::kind)
                .filter(kind -> kind.toString().contains("@"))
                .forEach(kind -> assertThat(LayerKinds.of(kind.toString())).isEqualTo(kind));
    }

    @Test
    void shouldRefuseAKindThatANewerMillraceMayKnow() {
        for (String text : List.of("transformer(32)@32x8", "conv(16,3x3)", "conv(16,3x3)@0x8", "")) {
            assertThatThrownBy(() -> LayerKinds.of(text)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> LayerKinds.of("transformer(32)@32x8"))
                .hasMessage(
                        "the layer \"transformer(32)@32x8\" is of a kind that this Millrace does not know: use the Millrace"
                                + " that wrote it, or a newer one");
    }
}
