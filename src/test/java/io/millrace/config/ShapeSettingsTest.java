package io.millrace.config;

import static io.millrace.config.Configs.config;
import static io.millrace.config.Configs.problems;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.learner.spec.LearnerKind;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.nn.activation.LeakyRelu;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShapeSettingsTest {
    private static final String IMAGE = "conv(4, 2x2) relu, pool(2x1), flatten, dense(5) tanh";

    @Test
    void shouldReadTheLayersAndTheShapeOfTheInput() {
        MillraceConfig config = config("model.layers", IMAGE, "model.input.shape", "4x2x1");
        LearnerSpec learner = config.learner();

        assertThat(learner.kind()).isEqualTo(LearnerKind.NETWORK);
        assertThat(config.notes())
                .containsExactly(
                        "model.kind is not set, and model.input.shape and model.layers are settings of a single"
                                + " network. So the model is one network, model.kind=network.");
        assertThat(learner.architecture().shape())
                .isEqualTo("8-conv(4,2x2)@4x2x1:relu-pool(2x1)@3x4:identity-5:tanh-2:identity softmax_cross_entropy");
        assertThat(learner.initializer().name()).isEqualTo("xavier_uniform");
        assertThat(config("model.layers", "dense(3)").learner().initializer().name())
                .isEqualTo("he_uniform");
    }

    @Test
    void shouldRefuseAShapeOfTooManyNumbers() {
        assertThat(problems("model.inputs", null, "model.layers", IMAGE, "model.input.shape", "224x224x3"))
                .containsExactly(
                        "model.input.shape=224x224x3 is 150528 numbers; at most 30000 are possible. Use a smaller shape.");
    }

    @Test
    void shouldRefuseWindowsThatNoArrayHolds() {
        assertThat(problems(
                        "model.inputs",
                        null,
                        "model.input.shape",
                        "170x170x1",
                        "model.layers",
                        "conv(1, 4095, padding=same), mean"))
                .singleElement()
                .asString()
                .contains("a row of 170 windows of 4095x4095x1 has 2850736800 numbers, more than an array");
    }

    @Test
    void shouldRefuseLayersSideBySideThatNoArrayHolds() {
        assertThat(
                        problems(
                                "model.layers",
                                "a: dense(999999999), b: dense(999999999) [input], c: dense(999999999) [input], dense(2) [a, b, c]"))
                .containsExactly(
                        "model.layers=a: dense(999999999), b: dense(999999999) [input], c: dense(999999999) [input],"
                                + " dense(2) [a, b, c] cannot be built: column 80, \"dense(2) [a, b, c]\": what enters is"
                                + " 2999999997 wide: leave some of it out.");
    }

    @Test
    void theShortFormShouldBeTheSameNetwork() {
        LearnerSpec line = config("model.layers", "dense(16), dense(8)").learner();
        LearnerSpec form = config("model.hidden", "16,8").learner();
        assertThat(line.fingerprint()).isEqualTo(form.fingerprint());
        assertThat(line.architecture()).isEqualTo(form.architecture());
    }

    @Test
    void shouldNormaliseAllLayersThatHaveWeights() {
        LearnerSpec learner = config(
                        "model.layers", IMAGE, "model.input.shape", "4x2x1", "batch.norm", "true", "batch.size", "4")
                .learner();
        assertThat(learner.architecture().layers())
                .extracting(layer -> layer.normalized())
                .containsExactly(true, false, true, false);
    }

    @Test
    void aLayerThatNormalisesShouldNotBeNormalisedOnceMore() {
        LearnerSpec learner = config(
                        "model.layers", "dense(8) identity, norm relu", "batch.norm", "true", "batch.size", "4")
                .learner();
        assertThat(learner.architecture().layers())
                .extracting(layer -> layer.normalized())
                .containsExactly(true, false, false);
    }

    @Test
    void shouldUseTheUsualActivationAndItsOptions() {
        LearnerSpec learner = config(
                        "model.layers",
                        "dense(3), dense(4) leaky_relu",
                        "model.activation",
                        "tanh",
                        "model.activation.slope",
                        "0.3")
                .learner();
        assertThat(learner.architecture().layers().get(0).activation().name()).isEqualTo("tanh");
        assertThat(learner.architecture().layers().get(1).activation()).isEqualTo(new LeakyRelu(0.3f));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model.layers | dense(8), conw(3) | model.layers=dense(8), conw(3) cannot be built: column 11, \"conw\": no",
                "model.hidden | 8 | model.hidden and model.layers both say what the layers are: write it in model.layers,",
                "model.residual | output<-input | model.residual and model.layers both say what the layers are",
                "dropout.hidden | 0.2 | dropout.hidden and model.layers both say what the layers are",
                "model.activation | relu,tanh | model.activation names several activations, and model.layers is set: name one",
                "model.input.shape | 3x3x1 | model.layers=dense(8) cannot be built: model.input.shape=3x3x1 is 9 numbers, but the"
                        + " features are 8",
                "model.input.shape | 3y3 | Invalid value 3y3 for configuration model.input.shape: must be height x width x channels",
                "model.layers | conv(2, 3x3) | model.layers=conv(2, 3x3) cannot be built: column 1, \"conv(2, 3x3)\": the window of"
                        + " 3x3 does not fit into what enters, 1x1. If the features are an image or a sequence, set model.input.shape.",
            })
    void shouldRefuseContradictionsWithASentence(String key, String value, String sentence) {
        String[] settings = key.equals("model.layers")
                ? new String[] {key, value}
                : new String[] {"model.layers", "dense(8)", key, value};
        assertThat(problems(settings)).hasSize(1).allMatch(problem -> problem.startsWith(sentence));
    }

    @Test
    void theShapeShouldTellTheNumberOfFeatures() {
        String[] settings = {"model.inputs", null, "model.layers", "dense(3)", "model.input.shape", "4x2x1"};
        assertThat(config(settings).learner().architecture().inputs()).isEqualTo(8);
        assertThat(config(settings).learner().fingerprint())
                .isEqualTo(config("model.layers", "dense(3)", "model.input.shape", "4x2x1")
                        .learner()
                        .fingerprint());

        settings[5] = "0x2";
        assertThat(problems(settings))
                .singleElement()
                .asString()
                .startsWith("Invalid value 0x2 for configuration model.input.shape: must be height x width x channels");
    }

    @Test
    void aShapeWithoutLayersShouldBeRefused() {
        assertThat(problems("model.input.shape", "8"))
                .containsExactly(
                        "model.input.shape is for model.layers, which is not set: set it, for example to conv(16, 3x3)"
                                + " relu, mean, or leave the shape out.");
    }

    @Test
    void declaredNumbersShouldHaveAShapeAndTablesNone() {
        String[] declared = {
            "model.inputs",
            null,
            "features",
            "x: number, y: number",
            "label",
            "z",
            "model.layers",
            "conv(2, 2)",
            "model.input.shape",
            "2x1"
        };
        assertThat(config(declared).learner().architecture().shape()).startsWith("2-conv(2,2x1)@2x1:relu");
        declared[3] = "x: number, y: category";
        assertThat(problems(declared))
                .singleElement()
                .asString()
                .contains("the features have tables, whose vectors have no place in a shape");
    }

    private static String[] declared(String features, String... more) {
        List<String> settings =
                new ArrayList<>(Arrays.asList("model.inputs", null, "label", "z", "features", features));
        settings.addAll(List.of(more));
        return settings.toArray(String[]::new);
    }

    @Test
    void aDeclaredShapeShouldBeTheShapeOfTheInput() {
        MillraceConfig config = config(declared("v: numbers(20x6)", "model.layers", "conv(4, 3), mean"));
        assertThat(config.learner().architecture().shape()).startsWith("120-conv(4,3x1)@20x6:relu-pool(18x1,mean)");
        Map<String, String> text = ConfigurationText.of(config);
        assertThat(text).containsEntry("features", "v: numbers(20x6)").containsEntry("model.input.shape", "");
        assertThat(ConfigurationText.spec(text)).isEqualTo(config.learner());

        assertThat(config(declared("v: numbers(4x4x2)", "model.layers", "conv(4, 3x3), mean"))
                        .learner()
                        .architecture()
                        .shape())
                .startsWith("32-conv(4,3x3)@4x4x2:relu");
        assertThat(config(declared("v: numbers(20x6)")).learner().kind()).isEqualTo(LearnerKind.ENSEMBLE);
        assertThat(config(declared("v: numbers(20x6)", "model.layers", "conv(4, 3), mean", "model.input.shape", "20x6"))
                        .learner()
                        .architecture())
                .isEqualTo(config.learner().architecture());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v: numbers(20x6) | 30x4 | model.input.shape=30x4 contradicts the declared v: numbers(20x6): leave"
                        + " model.input.shape out.",
                "v: numbers(20x6), a: number | '' | The input has no shape, although v: numbers(20x6) has one, because it"
                        + " has other numbers, too: declare this feature alone, and without \"?\".",
                "v?: numbers(20x6) | '' | The input has no shape, although v?: numbers(20x6) has one, because it has other"
                        + " numbers, too: declare this feature alone, and without \"?\".",
                "v: numbers(120) | '' | If the features are an image or a sequence, declare them as one field, for example"
                        + " values: numbers(20x6), or set model.input.shape.",
            })
    void aDeclaredShapeThatDoesNotFitShouldBeRefusedWithASentence(String features, String shape, String sentence) {
        assertThat(problems(declared(features, "model.layers", "conv(4, 3), mean", "model.input.shape", shape)))
                .singleElement()
                .asString()
                .startsWith("model.layers=conv(4, 3), mean cannot be built: ")
                .endsWith(sentence);
    }

    @Test
    void aSnapshotShouldSayWhatTheLayersAreAndNothingNewOfOthers() {
        MillraceConfig config = config(
                "model.layers",
                IMAGE.replace("tanh", "leaky_relu"),
                "model.input.shape",
                "4x2x1",
                "model.activation.slope",
                "0.3");
        Map<String, String> text = ConfigurationText.of(config);
        assertThat(text)
                .containsEntry("model.input.shape", "4x2x1")
                .containsEntry("model.activation.slope", "0.3")
                .doesNotContainKeys("model.hidden", "model.share", "dropout.input");
        assertThat(ConfigurationText.spec(text)).isEqualTo(config.learner());
        assertThat(ConfigurationText.of(config("model.kind", "network")))
                .containsKey("model.hidden")
                .doesNotContainKeys("model.layers", "model.input.shape");
    }
}
