package io.millrace.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.learner.network.NetworkLearner;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.nn.algorithm.Algorithm;
import io.millrace.nn.algorithm.Family;
import io.millrace.nn.optimizer.Optimizer;
import io.millrace.nn.optimizer.Optimizers;
import io.millrace.nn.optimizer.Signum;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a new optimizer takes: its file, and its line in the list of optimizers. */
class NewOptimizerTest {
    private static final Settings SETTINGS = new Settings(Algorithms.with(withSignum()));

    private static Family<Optimizer> withSignum() {
        List<Algorithm<Optimizer>> optimizers = new ArrayList<>(Optimizers.FAMILY.algorithms());
        optimizers.add(Signum.ALGORITHM);
        return new Family<>(Optimizers.FAMILY.kind(), optimizers);
    }

    private static MillraceConfig config(String... changes) {
        return MillraceConfig.of(Configs.settings(changes), SETTINGS);
    }

    private static List<String> problems(String... changes) {
        return catchThrowableOfType(InvalidConfigException.class, () -> config(changes))
                .problems();
    }

    private static Optimizer optimizer(MillraceConfig config) {
        return config.learner().optimization().optimizer();
    }

    @Test
    void shouldBeConfigurable() {
        assertThat(optimizer(config("optimizer", "signum"))).isEqualTo(new Signum(0.9));
        assertThat(optimizer(config("optimizer", "signum", "optimizer.signum.beta", "0.5")))
                .isEqualTo(new Signum(0.5));
    }

    @Test
    void shouldBeValidated() {
        assertThat(problems("optimizer", "signum", "optimizer.signum.beta", "1"))
                .singleElement()
                .asString()
                .contains("optimizer.signum.beta", "must be at least 0 and below 1");
        assertThat(problems("optimizer.signum.beta", "0.5"))
                .containsExactly("optimizer.signum.beta is set, but optimizer=rmsprop has no such option: remove it, or"
                        + " choose signum.");
        assertThat(problems("optimizer", "signum", "optimizer.signum.bata", "0.5"))
                .containsExactly("Unknown setting optimizer.signum.bata: did you mean optimizer.signum.beta?");
    }

    @Test
    void shouldBeDocumented() {
        assertThat(ConfigurationReference.markdown(SETTINGS))
                .contains("adamw, signum]", " signum: steps of one size.")
                .contains(
                        "| `optimizer.signum.beta` | double | `0.9` | at least 0 and below 1 | signum: decay of the mean"
                                + " gradient. |");
    }

    @Test
    void shouldCountItsMomentsInTheCommitPlan() {
        String[] large = {"model.inputs", "1000", "model.hidden", "2000,1000", "optimizer", ""};
        long[] intervals = new long[3];
        String[] names = {"sgd", "signum", "momentum"};
        for (int i = 0; i < names.length; i++) {
            large[5] = names[i];
            intervals[i] = CommitPlan.intervalMs(config(large).learner());
        }
        assertThat(intervals[1]).isGreaterThan(intervals[0]).isEqualTo(intervals[2]);
    }

    @Test
    void shouldBeInTheTextOfASnapshot() {
        MillraceConfig config = config("optimizer", "signum", "optimizer.signum.beta", "0.5");
        Map<String, String> text = ConfigurationText.of(config);

        assertThat(text).containsEntry("optimizer.signum.beta", "0.5").doesNotContainKey("optimizer.rmsprop.rho");
        assertThat(ConfigurationText.spec(text, SETTINGS)).isEqualTo(config.learner());
    }

    @Test
    void shouldLearn() {
        LearnerSpec spec = config("model.inputs", "2", "optimizer", "signum", "batch.size", "4")
                .learner();
        NetworkLearner learner = new NetworkLearner(spec, report -> {});
        for (int i = 0; i < 2000; i++) {
            int label = i * 7 % 11 > 5 ? 1 : 0;
            learner.learn(new float[] {i * 7 % 11, i % 3}, new float[] {label}, 1, i);
        }
        assertThat(learner.score().loss()).isLessThan(0.4);
    }
}
