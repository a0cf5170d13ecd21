package io.millrace.topology.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.learner.network.NetworkLearner;
import io.millrace.learner.network.NetworkModel;
import io.millrace.topology.TestConfigs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelDiffTest {
    private static NetworkModel model(String... changes) {
        return new NetworkLearner(TestConfigs.with(changes).learner(), report -> {}).model();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "false | 0 | layer 1, weight [0][0]",
                "false | 15 | layer 1, weight [1][7]",
                "false | 16 | layer 1, bias [0]",
                "false | 24 | layer 2, weight [0][0]",
                "false | 41 | layer 2, bias [1]",
                "true | 16 | layer 1, gamma [0]",
                "true | 31 | layer 1, beta [7]",
                "true | 32 | layer 2, weight [0][0]",
                "true | 49 | layer 2, bias [1]",
            })
    void shouldNameTheParameterWhoseLastBitDiffers(boolean normalized, int parameter, String place) {
        NetworkModel one = model("batch.norm", String.valueOf(normalized));
        NetworkModel other = model("batch.norm", String.valueOf(normalized));
        assertThat(ModelDiff.first(one, other)).isEmpty();
        float[] parameters = other.parameters();
        parameters[parameter] = Math.nextUp(parameters[parameter]);
        assertThat(ModelDiff.first(one, other).orElseThrow())
                .startsWith("differs first in " + place + " (parameter " + parameter + "): snapshot ");
    }

    @Test
    void shouldTellZeroFromMinusZeroAndCompareStatisticsToo() {
        NetworkModel one = model();
        NetworkModel other = model();
        other.parameters()[16] = -0f;
        assertThat(ModelDiff.first(one, other).orElseThrow()).contains("0.0 (0x00000000), replay -0.0 (0x80000000)");
        other.parameters()[16] = 0f;
        other.featureVariances()[1] = 5;
        assertThat(ModelDiff.first(one, other).orElseThrow()).startsWith("differs first in feature variance 1: ");
    }

    @Test
    void shouldNameWhatTheConfigurationDoesNotGive() {
        assertThat(ModelDiff.first(model(), model("model.hidden", "9")).orElseThrow())
                .contains("has as layer 1 {\"units\": 8,", ", its configuration gives {\"units\": 9,");
        assertThat(ModelDiff.first(model(), model("model.hidden", "8,8")).orElseThrow())
                .isEqualTo("has the number of layers 2, its configuration gives 3");
        assertThat(ModelDiff.first(model("model.classes", "no,maybe"), model()).orElseThrow())
                .isEqualTo("has the classes [no, maybe], its configuration gives [no, yes]");
        assertThat(ModelDiff.first(model("model.task", "multilabel"), model()).orElseThrow())
                .isEqualTo("has the task multilabel, its configuration gives classification");
        assertThat(ModelDiff.first(model("model.inputs", "3"), model()).orElseThrow())
                .isEqualTo("has the number of inputs 3, its configuration gives 2");
        assertThat(ModelDiff.first(model("model.loss", "sigmoid_cross_entropy"), model())
                        .orElseThrow())
                .isEqualTo("has the loss sigmoid_cross_entropy, its configuration gives softmax_cross_entropy");
    }
}
