package io.millrace.topology.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.avro.ModelSnapshot;
import io.millrace.config.InvalidConfigException;
import io.millrace.learner.network.NetworkLearner;
import io.millrace.learner.network.NetworkModel;
import io.millrace.learner.network.NetworkPredictor;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.nn.activation.Activation;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.network.Architecture;
import io.millrace.nn.network.Network;
import io.millrace.records.AvroSerdes;
import io.millrace.records.FloatVector;
import io.millrace.topology.TestConfigs;
import io.millrace.topology.serving.LiveModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Numbers that would take all memory, all time or another's array are refused before. */
class HostileSizesTest {
    /** Avro makes no record that it was not told to trust. */
    static {
        try (AvroSerdes serdes = new AvroSerdes(Map.of("schema.registry.url", "mock://sizes"))) {
            serdes.valueSerde(ModelSnapshot.class);
        }
    }

    private static NetworkLearner learner() {
        LearnerSpec spec = TestConfigs.with().learner();
        return new NetworkLearner(spec, report -> {});
    }

    @Test
    void aSnapshotOfTwoBillionChunksShouldTakeTheMemoryOfItsOneChunk() {
        ModelSnapshot whole = new Snapshots("model", 0)
                .chunks(learner().model(), learner().score())
                .get(0);
        whole.put("chunks", Integer.MAX_VALUE);
        LiveModel live = new LiveModel("model");
        for (int chunk = 0; chunk < 100; chunk++) {
            whole.put("chunk", chunk);
            live.add(whole, 0);
        }
        assertThat(live.replicas().predictors()).isEmpty();
    }

    @Test
    void classesShouldFitTheOutputs() {
        NetworkModel model = learner().model();
        for (List<String> classes : List.of(List.<String>of(), List.of("no"), List.of("no", "yes", "perhaps"))) {
            NetworkModel misfit = new NetworkModel(
                    model.architecture(),
                    model.task(),
                    classes,
                    0,
                    model.parameters(),
                    model.featureMeans(),
                    model.featureVariances(),
                    model.targetMeans(),
                    model.targetVariances());
            assertThatThrownBy(() -> new NetworkPredictor(misfit))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a classification with " + classes.size()
                            + " classes does not fit 2 outputs of softmax_cross_entropy");
        }
    }

    @Test
    void layersOfTwoBillionUnitsShouldNotPassForSmallOnes() {
        Architecture giant = new Architecture(
                1, List.of(new Layer(Integer.MAX_VALUE, Activation.IDENTITY)), Loss.HALF_MEAN_SQUARED_ERROR);
        assertThatThrownBy(() -> new Network(giant, KernelsProvider.kernels()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("over 2^31 parameters");
    }

    @Test
    @Timeout(20)
    void manyNamedLayersShouldBeConnectedInNoTime() {
        List<Layer> layers = new ArrayList<>();
        int count = 30_000;
        for (int i = 0; i < count; i++) {
            Layer layer = new Layer(1, Activation.IDENTITY);
            layers.add(i == 0 ? layer : layer.from(String.valueOf(i)));
        }
        long start = System.nanoTime();
        assertThat(new Architecture(1, layers, Loss.HALF_MEAN_SQUARED_ERROR).outputs())
                .isEqualTo(1);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void networksThatNoMemoryHoldsShouldBeRefusedWithTheConfiguration() {
        assertThatThrownBy(() -> TestConfigs.with("model.hidden", "9999999,9999999"))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("would have 100000039999997 parameters");
        assertThatThrownBy(() -> TestConfigs.with("model.hidden", "100000", "batch.size", "65536"))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("batch.size");
    }

    @Test
    void aSnapshotWithoutParametersShouldBeRefused() {
        ModelSnapshot empty = new Snapshots("model", 0)
                .chunks(learner().model(), learner().score())
                .get(0);
        empty.put("parameters", new FloatVector(new float[0]));
        assertThatThrownBy(() -> new LiveModel("model").add(empty, 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("its CRC differs");
    }
}
