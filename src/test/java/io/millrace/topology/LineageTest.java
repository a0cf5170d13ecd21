package io.millrace.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.avro.Example;
import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSnapshotKey;
import io.millrace.config.ConfigurationText;
import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import io.millrace.learner.network.NetworkLearner;
import io.millrace.learner.state.ParameterDigest;
import io.millrace.records.AvroSerdes;
import io.millrace.records.FloatVector;
import io.millrace.topology.history.Lineage;
import io.millrace.topology.history.LineageHash;
import io.millrace.topology.training.StoredLearner;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.Test;

/** What a snapshot says of where it comes from. */
class LineageTest {
    private static List<KeyValue<ModelSnapshotKey, ModelSnapshot>> learn(MillraceConfig config, int examples) {
        try (AvroSerdes serdes = new AvroSerdes(config.registry());
                TopologyTestDriver driver = new TopologyTestDriver(
                        TrainingTopology.build(config, serdes), StreamsProperties.training(config))) {
            TestInputTopic<byte[], byte[]> in =
                    driver.createInputTopic("examples", new ByteArraySerializer(), new ByteArraySerializer());
            for (int i = 0; i < examples; i++) {
                Example example = new Example(new FloatVector(new float[] {i % 7, i % 5}), i % 2, 1f);
                boolean bad = i == 5;
                in.pipeInput(
                        null,
                        bad
                                ? new byte[] {1}
                                : serdes.valueSerde(Example.class).serializer().serialize("examples", example),
                        1000L + i);
            }
            return driver.createOutputTopic(
                            "model-snapshots",
                            serdes.keySerde(ModelSnapshotKey.class).deserializer(),
                            serdes.valueSerde(ModelSnapshot.class).deserializer())
                    .readKeyValuesToList();
        }
    }

    private static List<ModelSnapshot> heads(List<KeyValue<ModelSnapshotKey, ModelSnapshot>> records) {
        return records.stream()
                .filter(record -> record.key.getChunk() == 0 && record.value != null)
                .map(record -> record.value)
                .toList();
    }

    @Test
    void shouldTellOffsetsConfigurationAndPredecessor() {
        MillraceConfig config = TestConfigs.with("learning.rate", "0.25", "schedule", "cosine");
        List<ModelSnapshot> heads = heads(learn(config, 13));

        assertThat(heads).extracting(ModelSnapshot::getVersion).containsExactly(4L, 8L, 12L);
        assertThat(heads)
                .extracting(ModelSnapshot::getNextOffset)
                .as("one bad record among the second four")
                .containsExactly(4L, 9L, 13L);
        assertThat(heads).extracting(ModelSnapshot::getStateOffset).containsOnly(-1L);
        assertThat(heads.get(0).getPredecessor()).isNull();
        assertThat(heads.get(1).getPredecessor()).isEqualTo(heads.get(0).getLineage());
        assertThat(heads.get(2).getPredecessor()).isEqualTo(heads.get(1).getLineage());
        assertThat(heads).allSatisfy(head -> {
            assertThat(head.getLineage()).isEqualTo(LineageHash.of(head)).hasSize(64);
            assertThat(head.getFingerprint()).isEqualTo(LineageHash.fingerprint(3, head.getConfigurations()));
            assertThat(head.getConfigurations()).hasSize(1);
            assertThat(head.getConfigurations().get(0).getOffset()).isZero();
            assertThat(ConfigurationText.spec(head.getConfigurations().get(0).getSettings()))
                    .isEqualTo(config.learner());
        });
        assertThat(heads.get(0).getConfigurations().get(0).getSettings())
                .containsEntry("learning.rate", "0.25")
                .containsEntry("model.classes", "no,yes")
                .containsEntry("model.loss", "softmax_cross_entropy")
                .containsKey("schedule.cosine.tau")
                .doesNotContainKeys("optimizer.adam.beta1", "bootstrap.servers", "model.name");
    }

    @Test
    void shouldCarryAStateThatGoesOnWhereItWasAndDeleteItWithItsVersion() {
        MillraceConfig config = TestConfigs.with("snapshot.state.max.bytes", "1048576", "snapshot.history", "1");
        List<KeyValue<ModelSnapshotKey, ModelSnapshot>> records = learn(config, 13);
        ModelSnapshot second = heads(records).get(1);
        assertThat(second.getStateChunks()).isEqualTo(1);
        assertThat(second.getStateOffset()).isEqualTo(9);
        byte[] state = records.stream()
                .filter(record -> record.key.getVersion() == 8 && record.key.getChunk() == -1 && record.value != null)
                .map(record -> record.value.getState().array())
                .findFirst()
                .orElseThrow();

        NetworkLearner learner = new NetworkLearner(config.learner(), report -> {});
        StoredLearner.restore(learner, List.of(state));
        assertThat(learner.version()).isEqualTo(8);
        assertThat(ParameterDigest.sha256(learner.model().parameters())).isEqualTo(second.getSha256());

        assertThat(records)
                .filteredOn(record -> record.value == null)
                .extracting(record -> record.key.getVersion() + "/" + record.key.getChunk())
                .containsExactly("4/-1", "4/0", "8/-1", "8/0");
        assertThat(records)
                .filteredOn(record -> record.value != null)
                .extracting(record -> record.key.getVersion() + "/" + record.key.getChunk())
                .containsExactly("4/-1", "4/0", "8/-1", "8/0", "12/-1", "12/0");
    }

    @Test
    void shouldCarryNoStateAboveTheLimit() {
        List<KeyValue<ModelSnapshotKey, ModelSnapshot>> records =
                learn(TestConfigs.with("snapshot.state.max.bytes", "100"), 8);
        assertThat(records).extracting(record -> record.key.getChunk()).containsOnly(0);
    }

    @Test
    void layersOnOneLineShouldEndWhereTheShortFormBegins() {
        MillraceConfig form = TestConfigs.with("model.hidden", "16", "dropout.hidden", "0.1");
        MillraceConfig line = TestConfigs.with("model.layers", "dropout(0.5), dense(16)");
        ModelSnapshot published = heads(learn(TestConfigs.with(), 4)).get(0);
        Lineage lineage = new Lineage();
        for (MillraceConfig config : List.of(form, line, form)) {
            lineage.follow(0, 0, ConfigurationText.of(config));
            ModelSnapshot head = lineage.append(ModelSnapshot.newBuilder(published), 50);
            assertThat(ConfigurationText.spec(Lineage.inForce(head.getConfigurations())))
                    .isEqualTo(config.learner());
        }
        assertThat(lineage.follow(0, 0, ConfigurationText.of(form))).isEmpty();
    }

    /** Versions up to it are not published any more: a replay has fewer inputs there. */
    @Test
    void shouldTellAtWhichVersionFeaturesWereAddedLast() {
        Lineage lineage = new Lineage();
        assertThat(lineage.follow(7, 0, Map.of("features", "a: number", "learning.rate", "0.1")))
                .isEmpty();
        assertThat(lineage.grownAt()).isZero();
        assertThat(lineage.follow(30, 24, Map.of("features", "a: number, b: number", "learning.rate", "0.1")))
                .containsOnlyKeys("features");
        lineage.follow(40, 36, Map.of("features", "a: number, b: number", "learning.rate", "0.2"));
        assertThat(Lineage.of(lineage.toBytes()).grownAt()).isEqualTo(24);
    }

    @Test
    void shouldNoteWhatChangedAndFromWhereAndOutliveAnyRestart() {
        Lineage lineage = new Lineage();
        lineage.follow(7, 0, Map.of("a", "1", "b", "2"));
        lineage.follow(20, 12, Map.of("a", "1", "b", "2"));
        Lineage restored = Lineage.of(lineage.toBytes());
        restored.follow(30, 24, Map.of("a", "1", "b", "3"));
        restored.follow(40, 36, Map.of("a", "1", "b", "3"));

        MillraceConfig config = TestConfigs.with();
        ModelSnapshot published = heads(learn(config, 4)).get(0);
        ModelSnapshot head = restored.append(ModelSnapshot.newBuilder(published).setStateChunks(2), 50);
        assertThat(head.getConfigurations()).hasSize(2);
        assertThat(head.getConfigurations().get(1).getOffset()).isEqualTo(30);
        assertThat(head.getConfigurations().get(1).getVersion()).isEqualTo(24);
        assertThat(head.getConfigurations().get(1).getSettings()).isEqualTo(Map.of("b", "3"));
        assertThat(Lineage.inForce(head.getConfigurations(), 1)).isEqualTo(Map.of("a", "1", "b", "3"));

        Lineage again = Lineage.of(restored.toBytes());
        assertThat(again.toBytes()).isEqualTo(restored.toBytes());
        assertThat(again.remove(head.getVersion())).isEqualTo(2);
        assertThat(again.remove(head.getVersion())).isZero();
        String first = head.getLineage();
        head = again.append(ModelSnapshot.newBuilder(published).setStateChunks(0), 51);
        assertThat(head.getPredecessor()).isEqualTo(first);
        assertThat(head.getLineage()).isNotEqualTo(first);
    }

    @Test
    void shouldTakeSettingsThatWereOnlyRenamedForTheSame() {
        MillraceConfig config = TestConfigs.with("optimizer", "adam", "optimizer.adam.beta1", "0.8");
        Map<String, String> before = new TreeMap<>(ConfigurationText.of(config));
        before.put("optimizer.adam.rho1", before.remove("optimizer.adam.beta1"));
        before.put("optimizer.adam.rho2", before.remove("optimizer.adam.beta2"));
        before.put("optimizer.adam.delta", before.remove("optimizer.adam.epsilon"));
        Lineage older = new Lineage();
        older.follow(0, 0, before);

        Lineage lineage = Lineage.of(older.toBytes());
        lineage.follow(5, 4, ConfigurationText.of(config));
        ModelSnapshot published = heads(learn(config, 4)).get(0);
        ModelSnapshot head = lineage.append(ModelSnapshot.newBuilder(published), 6);
        assertThat(head.getConfigurations()).hasSize(1);
        assertThat(head.getConfigurations().get(0).getSettings()).isEqualTo(before);
        assertThat(ConfigurationText.spec(Lineage.inForce(head.getConfigurations(), 0)))
                .isEqualTo(config.learner());

        MillraceConfig changed = TestConfigs.with("optimizer", "adam", "optimizer.adam.beta1", "0.7");
        lineage.follow(9, 8, ConfigurationText.of(changed));
        head = lineage.append(ModelSnapshot.newBuilder(published), 10);
        assertThat(head.getConfigurations()).hasSize(2);
        assertThat(head.getConfigurations().get(1).getSettings()).isEqualTo(Map.of("optimizer.adam.beta1", "0.7"));
        assertThat(ConfigurationText.spec(Lineage.inForce(head.getConfigurations(), 1)))
                .isEqualTo(changed.learner());

        lineage.follow(13, 12, before); // an older Millrace took over
        head = lineage.append(ModelSnapshot.newBuilder(published), 14);
        assertThat(ConfigurationText.spec(Lineage.inForce(head.getConfigurations(), 2)))
                .as("the later value counts, by whatever name")
                .isEqualTo(config.learner());
    }
}
