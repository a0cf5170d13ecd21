package io.millrace.config;

import static io.millrace.config.Configs.config;
import static io.millrace.config.Configs.problems;
import static io.millrace.config.Configs.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.learner.spec.LearnerKind;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.Task;
import io.millrace.learner.spec.Validation;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.schedule.ConstantRate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MillraceConfigTest {
    private static List<Integer> units(LearnerSpec learner) {
        return learner.architecture().layers().stream().map(Layer::units).toList();
    }

    @Test
    void shouldFillInDefaults() {
        MillraceConfig config = config();
        LearnerSpec learner = config.learner();

        assertThat(config.applicationId()).isEqualTo(new ApplicationId("millrace"));
        assertThat(config.topics().all())
                .containsExactly(
                        "millrace.examples",
                        "millrace.features",
                        "millrace.predictions",
                        "millrace.validation-losses",
                        "millrace.model-snapshots",
                        "millrace.dead-letters");
        assertThat(learner.task()).isEqualTo(Task.CLASSIFICATION);
        assertThat(learner.kind()).isEqualTo(LearnerKind.ENSEMBLE);
        assertThat(config.topicReplicationFactor()).isEqualTo((short) -1);
        assertThat(config.warnings()).isEmpty();
    }

    @Test
    void shouldFillInTheDefaultsOfANetwork() {
        LearnerSpec learner = config("model.kind", "network").learner();
        assertThat(learner.architecture().loss().name()).isEqualTo("softmax_cross_entropy");
        assertThat(learner.initializer().name()).isEqualTo("he_uniform");
        assertThat(units(learner)).containsExactly(64, 2);
        assertThat(learner.optimization().optimizer().name()).isEqualTo("rmsprop");
        assertThat(learner.standardizeTargets()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"multilabel, sigmoid_cross_entropy", "classification, softmax_cross_entropy"})
    void shouldChooseTheLossOfTheTask(String task, String loss) {
        assertThat(config("model.task", task).learner().architecture().loss().name())
                .isEqualTo(loss);
    }

    @Test
    void shouldChooseTheDefaultsOfARegression() {
        LearnerSpec learner = config("model.task", "regression", "model.classes", null, "model.activation", "tanh")
                .learner();

        assertThat(learner.architecture().loss().name()).isEqualTo("half_mse");
        assertThat(learner.standardizeTargets()).isTrue();
        assertThat(learner.initializer().name()).isEqualTo("xavier_uniform");
        assertThat(learner.classes()).isEmpty();
    }

    /** Kafka leaves them out, too. */
    @Test
    void shouldStripControlCharacters() {
        assertThat(config("train.commit.interval.ms", "100\u0001", "batch.size", "8\u0002")
                        .learner()
                        .batchSize())
                .isEqualTo(8);
    }

    @Test
    void shouldStripSpaces() {
        MillraceConfig config = config(
                "bootstrap.servers", " a:1 , b:2 ",
                "model.classes", " not sure , yes ",
                "model.hidden", " 32 , 16 ",
                "learning.rate", " 0.5 ",
                "model.name", " my model ",
                "linger.ms", " 5 ");

        assertThat(config.bootstrapServers()).isEqualTo("a:1,b:2");
        assertThat(config.learner().classes()).containsExactly("not sure", "yes");
        assertThat(units(config.learner())).containsExactly(32, 16, 2);
        assertThat(config.learner().optimization().schedule()).isEqualTo(new ConstantRate(0.5));
        assertThat(config.modelName()).isEqualTo("my model");
        assertThat(config.client()).containsEntry("linger.ms", "5");
    }

    @Test
    void shouldTakeNoHiddenLayersAsALinearModel() {
        assertThat(units(config("model.hidden", "").learner())).containsExactly(2);
        assertThat(config("topics.prefix", "").topics().examples()).isEqualTo("examples");
    }

    /** Reports count in integers, and reports are counted in integers. */
    @Test
    void shouldReportAtLeastOnceInABillionExamples() {
        String most = "2147483647";
        Validation validation = config(
                        "validation.report.examples",
                        most,
                        "early.stopping.patience",
                        most,
                        "validation.curvature.every",
                        most)
                .learner()
                .validation();

        assertThat(validation.reportExamples()).isEqualTo(1_000_000_000);
        assertThat(validation.patience()).isEqualTo(1_000_000_000);
        assertThat(validation.curvatureEvery()).isEqualTo(1_000_000_000);
    }

    @ParameterizedTest
    @CsvSource({
        "modle.name, Unknown setting modle.name: did you mean model.name?",
        "learning_rate, Unknown setting learning_rate: did you mean learning.rate?",
        "consumer.max.pol.records, Unknown setting consumer.max.pol.records: did you mean consumer.max.poll.records?",
        "train.comit.interval.ms, Unknown setting train.comit.interval.ms: did you mean train.commit.interval.ms?",
        "schema.registry.basic.auth.user.infos, Unknown setting schema.registry.basic.auth.user.infos: did you mean"
                + " schema.registry.basic.auth.user.info?",
        "topic.segment.byte, Unknown setting topic.segment.byte: did you mean topic.segment.bytes?",
    })
    void shouldSuggestTheKeyThatWasMeant(String key, String problem) {
        assertThat(problems(key, "1")).containsExactly(problem);
    }

    @Test
    void shouldSayWhereToLookWhenNoKeyIsNear() {
        assertThat(problems("zzzzzzzzzzzzzzz", "1")).singleElement().asString().contains("docs/configuration.md");
    }

    @ParameterizedTest
    @ValueSource(strings = {"batch.size", "application.id", "bootstrap.servers", "schema.registry.url", "model.name"})
    void shouldRefuseARoleForASettingOfMillrace(String key) {
        assertThat(problems("train." + key, "1"))
                .singleElement()
                .asString()
                .startsWith("train." + key + " has no effect");
        assertThat(problems("serve." + key, "1"))
                .singleElement()
                .asString()
                .startsWith("serve." + key + " has no effect");
    }

    @Test
    void shouldRefuseARoleForTheRegistrysClient() {
        assertThat(problems("train.basic.auth.user.info", "me:secret"))
                .singleElement()
                .asString()
                .startsWith("Unknown");
    }

    @Test
    void shouldNameAllProblemsAtOnce() {
        List<String> problems = problems(
                "modle.name",
                "x",
                "batch.size",
                "0",
                "model.inputs",
                "many",
                "commit.interval.ms",
                "soon",
                "optimizer",
                "sdg");

        assertThat(problems)
                .hasSize(5)
                .anyMatch(problem -> problem.contains("modle.name"))
                .anyMatch(problem -> problem.contains("batch.size"))
                .anyMatch(problem -> problem.contains("model.inputs"))
                .anyMatch(problem -> problem.contains("commit.interval.ms"))
                .anyMatch(problem -> problem.contains("sdg") && problem.contains("rmsprop"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bootstrap.servers", "schema.registry.url", "model.inputs"})
    void shouldRequireWhatHasNoDefault(String key) {
        assertThat(problems(key, null))
                .isNotEmpty()
                .allSatisfy(problem -> assertThat(problem).contains(key));
    }

    @Test
    void shouldNameTheKeyOfAWrongValueInFull() {
        assertThat(problems("train.producer.linger.ms", "soon"))
                .singleElement()
                .asString()
                .startsWith("train.producer.linger.ms: ")
                .contains("soon");
    }

    @Test
    void shouldReadAFileInUtf8AndLetOverridesWin(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("millrace.properties");
        StringBuilder text = new StringBuilder();
        settings("model.classes", "n\u00f6,yes", "batch.size", "4")
                .forEach((key, value) ->
                        text.append(key).append(" = ").append(value).append('\n'));
        Files.writeString(file, text);

        MillraceConfig config = MillraceConfig.load(file, Map.of("batch.size", "8"));

        assertThat(config.learner().classes()).containsExactly("n\u00f6", "yes");
        assertThat(config.learner().batchSize()).isEqualTo(8);
    }

    @Test
    void shouldSayWhatIsWrongWithAFile(@TempDir Path folder) throws IOException {
        Path missing = folder.resolve("none.properties");
        assertThatThrownBy(() -> MillraceConfig.read(missing, Map.of()))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessage("There is no configuration file " + missing + ".");
        Path latin = folder.resolve("latin.properties");
        Files.write(latin, "a=\u00e4".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> MillraceConfig.read(latin, Map.of()))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("not in UTF-8");
        Path escape = Files.writeString(folder.resolve("escape.properties"), "a=\\u12");
        assertThatThrownBy(() -> MillraceConfig.read(escape, Map.of())).isInstanceOf(InvalidConfigException.class);
        assertThatThrownBy(() -> MillraceConfig.read(folder, Map.of())).isInstanceOf(InvalidConfigException.class);
    }

    @Test
    void shouldFillInWhatConfigProvidersKnow() {
        String variable = System.getenv().keySet().stream()
                .filter(name -> name.matches("[A-Z]+") && !System.getenv(name).isBlank())
                .findFirst()
                .orElseThrow();
        String provider = "org.apache.kafka.common.config.provider.EnvVarConfigProvider";

        MillraceConfig config = config(
                "config.providers",
                "env",
                "config.providers.env.class",
                provider,
                "model.name",
                "${env:" + variable + "}",
                "security.protocol",
                "SASL_SSL",
                "sasl.jaas.config",
                "user=${env:" + variable + "}");

        assertThat(config.modelName()).isEqualTo(System.getenv(variable).strip());
        assertThat(config.client()).containsEntry("sasl.jaas.config", "user=" + System.getenv(variable));
        assertThat(problems(
                        "config.providers", "env",
                        "config.providers.env.class", provider,
                        "sasl.jaas.config", "${env:MILLRACE_NO_SUCH_VARIABLE}"))
                .containsExactly(
                        "sasl.jaas.config refers to ${env:MILLRACE_NO_SUCH_VARIABLE}, which the config provider env"
                                + " does not know.");
        assertThat(problems("config.providers", "env", "config.providers.env.class", "no.such.Provider"))
                .hasSize(1);
    }

    @Test
    void shouldTakeDollarSignsForThemselvesWithoutAProvider() {
        assertThat(config("model.name", "${env:X}").modelName()).isEqualTo("${env:X}");
    }
}
