package io.millrace.config;

import static io.millrace.config.Configs.config;
import static io.millrace.config.Configs.problems;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.learner.spec.LearnerKind;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.nn.activation.Activation;
import io.millrace.nn.layer.Layer;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The settings of an ensemble, and those that it does not have. */
class EnsembleSettingsTest {
    @Test
    void aModelShouldBeAnEnsembleUnlessItIsSaidOtherwise() {
        assertThat(config().learner().kind()).isEqualTo(LearnerKind.ENSEMBLE);
        assertThat(config("model.kind", "ensemble").learner()).isEqualTo(config().learner());
        assertThat(problems("model.kind", "forest"))
                .singleElement()
                .asString()
                .contains("model.kind", "forest", "ensemble");
    }

    /** Configurations from before there were ensembles keep their meaning if they have such a setting. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model.hidden | '' | '' | '' | model.hidden is a setting of a single network",
                "learning.rate | 0.01 | batch.size | 8 | learning.rate and batch.size are settings of a single network",
                "optimizer.rmsprop.epsilon | 0.1 | '' | '' | optimizer.rmsprop.epsilon is a setting of a single network",
                "early.stopping.patience | 0 | '' | '' | early.stopping.patience is a setting of a single network",
                "model.inputs | 15001 | '' | '' | an ensemble has at most 15000 features, but model.inputs=15001",
            })
    void aSettingOfANetworkShouldMakeTheModelOneAndTheStartShouldSaySo(
            String key, String value, String secondKey, String secondValue, String reason) {
        String[] changes =
                secondKey.isEmpty() ? new String[] {key, value} : new String[] {key, value, secondKey, secondValue};
        MillraceConfig config = config(changes);
        assertThat(config.learner().kind()).isEqualTo(LearnerKind.NETWORK);
        assertThat(config.warnings()).isEmpty();
        assertThat(config.notes())
                .containsExactly(
                        "model.kind is not set, and " + reason + ". So the model is one network, model.kind=network.");
        String[] named = Arrays.copyOf(changes, changes.length + 2);
        named[changes.length] = "model.kind";
        named[changes.length + 1] = "network";
        assertThat(config(named).learner()).isEqualTo(config.learner());
        assertThat(config(named).notes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "classification, no;yes,  1, 2, softmax_cross_entropy",
        "multilabel,     a;b;c,   1, 3, sigmoid_cross_entropy",
        "regression,     '',      2, 2, half_mse"
    })
    void shouldBeDescribedByWhatEntersAndWhatIsPredicted(
            String task, String classes, String targets, int outputs, String loss) {
        LearnerSpec spec = config(
                        "model.kind",
                        "ensemble",
                        "model.task",
                        task,
                        "model.classes",
                        classes.replace(';', ','),
                        "model.targets",
                        targets)
                .learner();

        assertThat(spec.kind()).isEqualTo(LearnerKind.ENSEMBLE);
        assertThat(spec.architecture().inputs()).isEqualTo(8);
        assertThat(spec.architecture().layers()).containsExactly(new Layer(outputs, Activation.IDENTITY));
        assertThat(spec.architecture().loss().name()).isEqualTo(loss);
        assertThat(spec.batchSize()).isEqualTo(1);
        assertThat(spec.fingerprint())
                .startsWith("ensemble " + task + " 8-" + outputs + " linear[],swift[64],")
                .doesNotContain("rmsprop");
    }

    @Test
    void shouldRefuseTheSettingsOfANetworkAllAtOnce() {
        assertThat(problems(
                        "model.kind", "ensemble",
                        "model.hidden", "64",
                        "learning.rate", "0.1",
                        "batch.size", "1",
                        "standardize.features", "true",
                        "early.stopping.patience", "0",
                        "validation.curvature.every", "1"))
                .containsExactlyInAnyOrder(
                        "model.hidden belongs to model.kind=network. Leave it out, or set model.kind=network.",
                        "learning.rate belongs to model.kind=network. Leave it out, or set model.kind=network.",
                        "batch.size belongs to model.kind=network. Leave it out, or set model.kind=network.",
                        "standardize.features belongs to model.kind=network. Leave it out, or set model.kind=network.",
                        "early.stopping.patience belongs to model.kind=network. Leave it out, or set model.kind=network.",
                        "validation.curvature.every belongs to model.kind=network. Leave it out, or set model.kind=network.");
    }

    /** Whatever an algorithm brings along, and whatever group it is in. */
    @Test
    void shouldHaveNoOptionOfAnAlgorithm() {
        ConfigurationText.keys(Settings.ALL)
                .map(key -> key.name)
                .filter(key -> key.startsWith("optimizer") || key.startsWith("schedule") || key.startsWith("dropout"))
                .forEach(key -> {
                    String value = String.valueOf(config().values().values().get(key));
                    assertThat(problems("model.kind", "ensemble", key, value))
                            .as(key)
                            .singleElement()
                            .asString()
                            .startsWith(key + " belongs to");
                });
    }

    @Test
    void shouldHaveTheSettingsOfTheTaskTheGuardAndTheEvaluation() {
        LearnerSpec spec = config(
                        "model.kind", "ensemble",
                        "model.name", "mixed",
                        "model.reset", "true",
                        "model.seed", "7",
                        "guard.max.consecutive", "3",
                        "guard.loss.factor", "10",
                        "guard.outlier.factor", "100",
                        "validation.report.examples", "50",
                        "validation.fading", "0.9",
                        "validation.holdout.fraction", "0.25")
                .learner();
        assertThat(spec.seed()).isEqualTo(7);
        assertThat(spec.validation().holdoutFraction()).isEqualTo(0.25);
    }

    @Test
    void shouldDeclareFeaturesAsANetworkDoes() {
        MillraceConfig config =
                config("model.kind", "ensemble", "model.inputs", null, "features", "a?: number, b: log", "label", "y");
        assertThat(config.learner().architecture().inputs()).isEqualTo(3);
        assertThat(config.learner().fingerprint()).endsWith(" features=a?: number, b: log");
        Map<String, String> text = ConfigurationText.of(config);
        assertThat(text).containsEntry("features", "a?: number, b: log").containsEntry("label", "y");
        assertThat(ConfigurationText.spec(new TreeMap<>(text)).fingerprint())
                .isEqualTo(config.learner().fingerprint());
        assertThat(problems("model.kind", "ensemble", "features", "a: number", "label", "y"))
                .containsExactly(
                        "model.inputs=8 does not go with features, which make 1 inputs. Leave model.inputs out.");
    }

    @Test
    void shouldRefuseMoreFeaturesThanAChunkHolds() {
        assertThat(problems("model.kind", "ensemble", "model.inputs", "15000")).isEmpty();
        assertThat(problems("model.kind", "ensemble", "model.inputs", "15001"))
                .singleElement()
                .asString()
                .startsWith("model.inputs=15001 is more than the 15000 that model.kind=ensemble can have");
        assertThat(problems("model.inputs", "15001")).isEmpty();
    }

    @Test
    void shouldRefuseAnEnsembleThatNoCheckpointHolds() {
        String[] wide = {"model.kind", "ensemble", "model.task", "regression", "model.classes", null, "model.targets"};
        assertThat(problems(with(wide, "1000"))).isEmpty();
        assertThat(problems(with(wide, "1000000")))
                .singleElement()
                .asString()
                .startsWith("The ensemble would have ")
                .endsWith("and at most 100000000 are allowed. Use fewer features, classes or targets.");
    }

    private static String[] with(String[] settings, String last) {
        String[] all = Arrays.copyOf(settings, settings.length + 1);
        all[settings.length] = last;
        return all;
    }

    /** So that an older Millrace can still read the snapshots of networks. */
    @Test
    void theTextOfANetworkShouldBeWhatItWasBeforeThereWereKinds() {
        Map<String, String> text = ConfigurationText.of(config("model.kind", "network"));
        assertThat(text).doesNotContainKey("model.kind");
        assertThat(ConfigurationText.spec(text).kind()).isEqualTo(LearnerKind.NETWORK);
    }

    @Test
    void theTextOfAnEnsembleShouldSayWhatItDependsOn() {
        MillraceConfig config = config("model.kind", "ensemble", "model.seed", "5");
        Map<String, String> text = ConfigurationText.of(config);
        assertThat(text)
                .containsEntry("model.kind", "ensemble")
                .containsEntry("model.seed", "5")
                .containsKeys("batch.window.ms", "batch.window.max.advance", "rules")
                .doesNotContainKeys("model.hidden", "optimizer", "learning.rate", "model.loss", "model.initializer");
        assertThat(ConfigurationText.spec(new TreeMap<>(text))).isEqualTo(config.learner());
    }
}
