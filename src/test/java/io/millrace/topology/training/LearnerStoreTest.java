package io.millrace.topology.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import io.millrace.feature.InputRow;
import io.millrace.learner.Learner;
import io.millrace.learner.network.NetworkLearner;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.topology.TestConfigs;
import java.util.List;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.WindowStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A task with several models: their state does not mix, and a commit writes those that have changed. */
class LearnerStoreTest {
    private final MillraceConfig config = TestConfigs.with();
    private final LearnerSpec spec = config.learner();
    private final TopologyTestDriver driver = new TopologyTestDriver(topology(), StreamsProperties.training(config));
    private final LearnerStore store = (LearnerStore) driver.getStateStore(LearnerStore.NAME);
    private final WindowStore<StoreKey, byte[]> miniBatches = driver.getWindowStore(MiniBatches.NAME);

    /** Makes the checkpoints that are due. */
    private final class Checkpoints implements Processor<byte[], byte[], Void, Void> {
        @Override
        public void process(Record<byte[], byte[]> record) {
            store.takeChanged().forEach(StoredLearner::checkpoint);
        }
    }

    private Topology topology() {
        return new Topology()
                .addSource("source", new ByteArrayDeserializer(), new ByteArrayDeserializer(), "examples")
                .addProcessor("checkpoints", Checkpoints::new, "source")
                .addStateStore(LearnerStore.builder(LearnerStore.NAME), "checkpoints")
                .addStateStore(MiniBatches.builder(MiniBatches.NAME, 60_000), "checkpoints");
    }

    @AfterEach
    void close() {
        driver.close();
    }

    private StoredLearner open(String key) {
        return store.open(key, "model " + key, () -> new NetworkLearner(spec, report -> {}), miniBatches, 0, false);
    }

    private static void learn(StoredLearner stored, int examples) {
        for (int i = 0; i < examples; i++) {
            float[] target = {i % 2};
            stored.learner().learn(InputRow.of(i, 1), target, 1, 1_000 + i, i);
        }
    }

    /** The keys that a commit writes to the changelog of a store. */
    private List<StoreKey> written(String store) {
        driver.createInputTopic("examples", new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(new byte[0]);
        return driver
                .createOutputTopic(
                        config.applicationId().changelog(store),
                        StoreKey.SERDE.deserializer(),
                        new ByteArrayDeserializer())
                .readKeyValuesToList()
                .stream()
                .map(record -> record.key)
                .toList();
    }

    @Test
    void shouldWriteTheChangedModelsAloneAndReadEachByItsName() {
        StoredLearner ants = open("ants");
        StoredLearner bees = open("bees");
        learn(ants, 6);
        assertThat(store.changed(ants)).isTrue();
        learn(bees, 3);
        assertThat(store.changed(bees)).isFalse(); // a checkpoint is due already
        assertThat(written(LearnerStore.NAME)).extracting(StoreKey::model).containsOnly("ants", "bees");

        learn(bees, 3);
        assertThat(store.changed(bees)).isTrue();
        assertThat(written(LearnerStore.NAME))
                .isNotEmpty()
                .extracting(StoreKey::model)
                .containsOnly("bees");

        StoredLearner again = open("ants");
        assertThat(again.learner().version()).isEqualTo(4);
        assertThat(again.learner().waiting()).isEqualTo(2);
        assertThat(again.learner().model().parameters())
                .containsExactly(ants.learner().model().parameters());
        assertThat(open("bees").learner().version()).isEqualTo(4);
        assertThat(open("wasps").learner().version()).isZero();
    }

    /** A state of 19 MB in 37 chunks: parameters, the optimizer's moments and the last good weights. */
    @Test
    void shouldWriteOnlyTheChunksOfALargeTableThatHaveChanged() {
        LearnerSpec large = TestConfigs.declared(
                        "features", "user: category(200000,8)", "label", "y", "optimizer", "rmsprop", "batch.size", "1")
                .learner();
        StoredLearner users =
                store.open("users", "users", () -> new NetworkLearner(large, report -> {}), miniBatches, 0, false);
        InputRow row = new InputRow(large.layout());
        row.id(123_456);
        row.endOfTable(0);
        row.record(new byte[0]);
        users.learner().learn(row, new float[] {1}, 1, 1_000, 0);
        store.changed(users);
        assertThat(written(LearnerStore.NAME)).hasSizeGreaterThan(37);

        users.learner().learn(row, new float[] {1}, 1, 1_001, 1);
        store.changed(users);
        assertThat(written(LearnerStore.NAME))
                .extracting(StoreKey::item)
                .filteredOn(item -> item >= 0)
                .hasSizeBetween(3, 6);
        assertThat(store.open("users", "users", () -> new NetworkLearner(large, report -> {}), miniBatches, 0, false)
                        .learner()
                        .model()
                        .parameters())
                .isEqualTo(users.learner().model().parameters());
    }

    @Test
    void shouldKeepModelsApartWhateverTheirNames() {
        List<String> names = List.of(
                "",
                "a",
                "aa",
                "a\0\0\0\0",
                "a\0\0\0\1",
                "\0\0\0\0",
                "\0\0\0\1",
                "\u007f\u007f\u007f\u007f",
                "\u00ff",
                "\uffff",
                "\ud83d\udc1d",
                "a\u00ff",
                "\n",
                "a".repeat(1000));
        List<StoredLearner> models = names.stream().map(this::open).toList();
        for (int i = 0; i < models.size(); i++) {
            learn(models.get(i), 4 * i + i % 4);
            store.changed(models.get(i));
        }
        written(LearnerStore.NAME);
        for (int i = 0; i < models.size(); i += 2) {
            learn(models.get(i), 4 - i % 4); // closes the mini-batch: its chunks go
            store.changed(models.get(i));
        }
        written(LearnerStore.NAME);

        for (int i = 0; i < models.size(); i++) {
            Learner before = models.get(i).learner();
            Learner after = open(names.get(i)).learner();
            assertThat(after.version()).as(names.get(i)).isEqualTo(before.version());
            assertThat(after.waiting()).as(names.get(i)).isEqualTo(before.waiting());
            assertThat(after.model().parameters())
                    .as(names.get(i))
                    .containsExactly(before.model().parameters());
        }
    }

    @Test
    void shouldKeepTheKeysOfATaskWithOneModel() {
        byte[] key = StoreKey.SERDE.serializer().serialize("any", new StoreKey(StoreKey.ONLY, -2));
        assertThat(key).containsExactly(-1, -1, -1, -2); // as Kafka's serializer of integers has it
        assertThat(StoreKey.of(key)).isEqualTo(new StoreKey(StoreKey.ONLY, -2));
        StoreKey other = new StoreKey("ants", 7);
        assertThat(StoreKey.of(StoreKey.SERDE.serializer().serialize("any", other)))
                .isEqualTo(other);
    }
}
