package io.millrace.config;

import static io.millrace.config.Configs.config;
import static io.millrace.config.Configs.problems;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings by the names that they had once. */
class RenamedKeysTest {

    @ParameterizedTest
    @CsvSource({
        "adam, rho1, beta1, 0.5",
        "adam, rho2, beta2, 0.5",
        "adam, delta, epsilon, 0.5",
        "adamw, rho1, beta1, 0.5",
        "adamw, rho2, beta2, 0.5",
        "adamw, delta, epsilon, 0.5",
        "adagrad, delta, epsilon, 0.5",
        "rmsprop, delta, epsilon, 0.5",
        "rmsprop, delta.inside.sqrt, epsilon.inside.sqrt, true",
    })
    void shouldReadTheOldNameAndSayTheNewOne(String optimizer, String old, String now, String value) {
        String oldKey = "optimizer." + optimizer + "." + old;
        String newKey = "optimizer." + optimizer + "." + now;
        MillraceConfig byOld = config("model.kind", "network", "optimizer", optimizer, oldKey, value);
        MillraceConfig byNew = config("model.kind", "network", "optimizer", optimizer, newKey, value);

        assertThat(byOld.learner())
                .isEqualTo(byNew.learner())
                .isNotEqualTo(config("optimizer", optimizer).learner());
        assertThat(ConfigurationText.of(byOld))
                .isEqualTo(ConfigurationText.of(byNew))
                .containsKey(newKey);
        assertThat(byOld.warnings()).containsExactly(oldKey + " is the old name of " + newKey + ": use the new one.");
        assertThat(byNew.warnings()).isEmpty();
        assertThat(ConfigurationReference.markdown()).contains("| `" + oldKey + "` | `" + newKey + "` |");
    }

    @Test
    void shouldRefuseASettingByBothNames() {
        assertThat(problems("optimizer", "adam", "optimizer.adam.rho1", "0.8", "optimizer.adam.beta1", "0.8"))
                .contains("optimizer.adam.rho1 is the old name of optimizer.adam.beta1, and both are set: remove"
                        + " optimizer.adam.rho1.");
    }

    @ParameterizedTest
    @CsvSource({
        "optimizer.adam.rho1, optimizer.adam.beta1",
        "optimizer.adam.beta1, optimizer.adam.rho1",
        "optimizer.adam.rho1, optimizer.adam.rho1",
    })
    void shouldOverrideASettingOfTheFileByEitherName(String inFile, String override, @TempDir Path folder)
            throws IOException {
        Path file = folder.resolve("millrace.properties");
        Files.writeString(file, inFile + "=0.5\n");
        Map<String, String> overrides = new TreeMap<>(Configs.settings("optimizer", "adam"));
        overrides.put(override, "0.8");

        assertThat(MillraceConfig.load(file, overrides).learner())
                .isEqualTo(config("optimizer", "adam", "optimizer.adam.beta1", "0.8")
                        .learner());
    }

    @Test
    void shouldSayThatNoRoleHasASettingByItsOldName() {
        assertThat(problems("optimizer", "adam", "train.optimizer.adam.rho1", "0.8"))
                .singleElement()
                .asString()
                .startsWith("train.optimizer.adam.rho1 has no effect: optimizer.adam.rho1 is a setting of Millrace");
    }

    @Test
    void shouldTellTheNewNameWithAProblemOfIt() {
        assertThat(problems("optimizer", "adam", "optimizer.adam.rho1", "1"))
                .hasSize(2)
                .anyMatch(problem -> problem.contains("optimizer.adam.beta1: Must") || problem.contains("must be"))
                .contains("optimizer.adam.rho1 is the old name of optimizer.adam.beta1: use the new one.");
    }

    @Test
    void shouldReadTheTextOfAnOlderSnapshot() {
        MillraceConfig config = config("optimizer", "adamw", "optimizer.adamw.beta2", "0.95");
        Map<String, String> before = new TreeMap<>(ConfigurationText.of(config));
        before.put("optimizer.adamw.rho1", before.remove("optimizer.adamw.beta1"));
        before.put("optimizer.adamw.rho2", before.remove("optimizer.adamw.beta2"));
        before.put("optimizer.adamw.delta", before.remove("optimizer.adamw.epsilon"));

        assertThat(ConfigurationText.spec(before)).isEqualTo(config.learner());
        assertThat(ConfigurationText.renamed(before)).isEqualTo(ConfigurationText.of(config));
    }

    @Test
    void shouldNotLearnWithoutASettingThatANewerMillraceKnows() {
        Map<String, String> newer = new TreeMap<>(ConfigurationText.of(config("optimizer", "adam")));
        newer.put("optimizer.adam.first.decay", newer.remove("optimizer.adam.beta1"));

        assertThatThrownBy(() -> ConfigurationText.spec(newer))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("optimizer.adam.first.decay, which this Millrace does not know");
    }
}
