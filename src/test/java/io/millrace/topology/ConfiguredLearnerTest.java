package io.millrace.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.config.InvalidConfigException;
import io.millrace.learner.input.Labels;
import io.millrace.learner.network.NetworkLearner;
import io.millrace.learner.network.NetworkModel;
import io.millrace.learner.network.NetworkPredictor;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.Optimization;
import io.millrace.learner.spec.Validation;
import io.millrace.nn.activation.Activation;
import io.millrace.nn.activation.LeakyRelu;
import io.millrace.nn.layer.Wiring;
import io.millrace.nn.optimizer.AdamW;
import io.millrace.nn.optimizer.Clipping;
import io.millrace.nn.penalty.L1;
import io.millrace.nn.penalty.L2;
import io.millrace.nn.schedule.CosineDecay;
import io.millrace.nn.schedule.InverseTimeDecay;
import io.millrace.nn.schedule.LinearDecay;
import io.millrace.nn.schedule.StepDecay;
import io.millrace.topology.snapshot.Snapshots;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From settings to what learns. */
class ConfiguredLearnerTest {
    private static LearnerSpec spec(String... changes) {
        return TestConfigs.with(changes).learner();
    }

    private static NetworkModel trained(LearnerSpec spec) {
        NetworkLearner learner = new NetworkLearner(spec, report -> {});
        Labels labels = new Labels(spec.task(), spec.classes());
        for (int i = 0; i < 200; i++) {
            float[] target = labels.encode(i % 3 == 0 ? "yes" : "no");
            learner.learn(new float[] {i % 3, i % 5}, target, 1, i);
        }
        return learner.model();
    }

    @Test
    void shouldGiveEachHiddenLayerItsActivation() {
        LearnerSpec one = spec("model.hidden", "5,4", "model.activation", "tanh");
        assertThat(one.architecture().layers())
                .extracting(layer -> layer.activation())
                .containsExactly(Activation.TANH, Activation.TANH, Activation.IDENTITY);
        LearnerSpec each =
                spec("model.hidden", "5,4", "model.activation", "leaky_relu,sigmoid", "model.activation.slope", "0.2");
        assertThat(each.architecture().layers())
                .extracting(layer -> layer.activation())
                .containsExactly(new LeakyRelu(0.2f), Activation.SIGMOID, Activation.IDENTITY);
    }

    @Test
    void shouldConnectTheLayers() {
        LearnerSpec spec = spec(
                "model.hidden",
                "4,4,4",
                "model.concatenate",
                "output<-3&input",
                "model.residual",
                "2<-1,3<-1&2",
                "model.share",
                "3<-2");
        assertThat(spec.architecture().layers())
                .extracting(layer -> layer.wiring())
                .containsExactly(
                        Wiring.CHAIN,
                        new Wiring(List.of(), List.of("1"), ""),
                        new Wiring(List.of(), List.of("1", "2"), "2"),
                        new Wiring(List.of("3", "input"), List.of(), ""));
        assertThat(spec.architecture().inputsOf(3)).isEqualTo(6);
        assertThat(spec.fingerprint()).contains("4:relu+1+2=2").contains("2:identity<-3&input");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model.concatenate | output<-7 | the output layer names \"7\", which is no layer before it",
                "model.residual    | output<-1 | the output layer has 2 units and adds layer 1, which has 8",
                "model.share       | output<-1 | layers that share parameters have equal shapes",
                "model.concatenate | output<-input | nothing reads layer 1"
            })
    void shouldRefuseConnectionsThatCannotBe(String key, String value, String message) {
        assertThatThrownBy(() -> spec(key, value))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("The network cannot be built: ")
                .hasMessageContaining(message);
    }

    @Test
    void shouldBuildTheOptimization() {
        Optimization plain = spec().optimization();
        assertThat(plain.penalties()).isEmpty();
        assertThat(plain.clipping()).isEqualTo(Clipping.NONE);
        assertThat(plain.schedule().learningRate(1_000_000)).isEqualTo(0.05f);

        Optimization rich = spec(
                        "optimizer", "adamw",
                        "optimizer.adamw.weight.decay", "0.05",
                        "regularization.l2", "0.001",
                        "regularization.l1", "0.0001",
                        "gradient.clip.value", "5",
                        "gradient.clip.norm", "2")
                .optimization();
        assertThat(rich.optimizer())
                .isInstanceOfSatisfying(
                        AdamW.class, adamw -> assertThat(adamw.weightDecay()).isEqualTo(0.05));
        assertThat(rich.penalties()).containsExactly(new L2(0.001), new L1(0.0001));
        assertThat(rich.clipping()).isEqualTo(new Clipping(5, 2));
    }

    @Test
    void shouldBuildEverySchedule() {
        assertThat(spec("schedule", "linear", "schedule.linear.tau", "10")
                        .optimization()
                        .schedule())
                .isInstanceOfSatisfying(LinearDecay.class, schedule -> {
                    assertThat(schedule.learningRate(0)).isEqualTo(0.05f);
                    assertThat(schedule.learningRate(1000)).isEqualTo(0.0005f);
                });
        assertThat(spec("schedule", "inverse_time", "schedule.inverse_time.decay", "1")
                        .optimization()
                        .schedule())
                .isInstanceOfSatisfying(
                        InverseTimeDecay.class,
                        schedule -> assertThat(schedule.learningRate(1)).isEqualTo(0.025f));
        assertThat(spec("schedule", "step", "schedule.step.every", "3", "schedule.step.factor", "0.1")
                        .optimization()
                        .schedule())
                .isInstanceOfSatisfying(
                        StepDecay.class,
                        schedule -> assertThat(schedule.learningRate(3)).isEqualTo(0.005f));
        assertThat(spec("schedule", "cosine", "schedule.cosine.tau", "10", "schedule.cosine.warm.up", "4")
                        .optimization()
                        .schedule())
                .isInstanceOfSatisfying(
                        CosineDecay.class,
                        schedule -> assertThat(schedule.learningRate(0)).isLessThan(0.05f));
    }

    @Test
    void shouldBuildTheValidation() {
        assertThat(spec().validation()).isEqualTo(new Validation(10, 0.999));
        assertThat(spec(
                                "validation.holdout.fraction", "0.2",
                                "early.stopping.patience", "7",
                                "early.stopping.min.gain", "0.125")
                        .validation())
                .isEqualTo(new Validation(10, 0.999, 0.2, 7, 0.125));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "optimizer=sgd",
                "optimizer=momentum",
                "optimizer=nesterov",
                "optimizer=nesterov_torch",
                "optimizer=adagrad",
                "optimizer=rmsprop",
                "optimizer=adam",
                "optimizer=adamw",
                "regularization.l2=0.1",
                "regularization.l1=0.1",
                "gradient.clip.norm=0.01",
                "gradient.clip.value=0.001",
                "dropout.input=0.3",
                "dropout.hidden=0.3",
                "batch.norm=true",
                "model.concatenate=output<-1&input",
                "schedule=step",
                "schedule.step.every=5",
                "model.activation=leaky_relu",
                "learning.rate=0.01"
            })
    void noSettingShouldBeWithoutEffect(String setting) {
        String[] change = setting.split("=", 2);
        String[] all =
                change[0].startsWith("schedule.") ? new String[] {"schedule", "step", change[0], change[1]} : change;
        LearnerSpec changed = spec(all);
        LearnerSpec other = spec("optimizer", setting.equals("optimizer=adam") ? "sgd" : "adam");
        LearnerSpec base = setting.startsWith("optimizer") ? other : spec();
        if (setting.equals("schedule=step")) {
            assertThat(changed.optimization().schedule())
                    .isNotEqualTo(base.optimization().schedule());
            return; // its first stair is far away
        }
        assertThat(trained(changed).parameters()).isNotEqualTo(trained(base).parameters());
    }

    @Test
    void aSnapshotShouldCarryTheSlopeOfALeakyRelu() {
        NetworkModel model = trained(spec("model.activation", "leaky_relu", "model.activation.slope", "0.3"));
        NetworkLearner empty = new NetworkLearner(spec(), report -> {});
        NetworkModel restored = (NetworkModel) Snapshots.model(new Snapshots("model", 0).chunks(model, empty.score()));
        assertThat(restored.architecture()).isEqualTo(model.architecture());
        assertThat(restored.parameters()).isEqualTo(model.parameters());
    }

    @Test
    void aSnapshotShouldCarryTheConnections() {
        NetworkModel model = trained(spec(
                "model.hidden",
                "4,4,4",
                "model.concatenate",
                "output<-3&input",
                "model.residual",
                "3<-1",
                "model.share",
                "3<-2"));
        NetworkLearner empty = new NetworkLearner(spec(), report -> {});
        NetworkModel restored = (NetworkModel) Snapshots.model(new Snapshots("model", 0).chunks(model, empty.score()));
        assertThat(restored.architecture()).isEqualTo(model.architecture());
        float[] expected = new float[2];
        float[] actual = new float[2];
        new NetworkPredictor(model).predict(new float[] {1, 2}, expected);
        new NetworkPredictor(restored).predict(new float[] {1, 2}, actual);
        assertThat(actual).isEqualTo(expected);
    }

    @Test
    void aSnapshotShouldCarryTheRunningAveragesOfBatchNormalisation() {
        NetworkModel model = trained(spec(
                "batch.norm",
                "true",
                "batch.norm.momentum",
                "0.2",
                "batch.norm.unbiased",
                "false",
                "dropout.hidden",
                "0.1"));
        assertThat(model.state()).hasSize(16).doesNotContain(Float.NaN);
        NetworkLearner empty = new NetworkLearner(spec(), report -> {});
        NetworkModel restored = (NetworkModel) Snapshots.model(new Snapshots("model", 0).chunks(model, empty.score()));
        assertThat(restored.architecture()).isEqualTo(model.architecture());
        assertThat(restored.state()).isEqualTo(model.state());
        float[] expected = new float[2];
        float[] actual = new float[2];
        new NetworkPredictor(model).predict(new float[] {1, 2}, expected);
        new NetworkPredictor(restored).predict(new float[] {1, 2}, actual);
        assertThat(actual).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "batch.norm.delta, 0.1, batch.norm is false",
        "optimizer.adam.beta1, 0.5, optimizer=rmsprop has no such option",
        "schedule.linear.tau, 5, schedule=constant has no such option",
        "model.activation.slope, 0.5, model.activation=relu has no such option",
        "gradient.clip.norm, -1, gradient.clip.norm"
    })
    void shouldRefuseWhatWouldDoNothing(String key, String value, String complaint) {
        assertThatThrownBy(() -> spec(key, value))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining(complaint);
    }

    @Test
    void shouldRefuseToNormaliseASingleExample() {
        assertThatThrownBy(() -> spec("batch.norm", "true", "batch.size", "1"))
                .hasMessageContaining("needs the statistics of several examples");
    }

    @Test
    void shouldRefuseActivationsThatDoNotMatchTheLayers() {
        assertThatThrownBy(() -> spec("model.hidden", "4,4,4", "model.activation", "relu,tanh"))
                .hasMessageContaining("names 2 activations for 3 hidden layers");
    }
}
