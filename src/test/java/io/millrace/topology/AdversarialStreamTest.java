package io.millrace.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.avro.Example;
import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import io.millrace.learner.Learner;
import io.millrace.records.AvroSerdes;
import io.millrace.records.FloatVector;
import io.millrace.topology.training.LearnerStore;
import io.millrace.topology.training.StoreKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Streams made to ruin a model or to stop the topology: each example is learned or in the dead letters, and the weights stay finite. */
class AdversarialStreamTest {
    private static final int EXAMPLES = 4000;

    enum Stream {
        ORDINARY,
        HUGE,
        DENORMAL,
        CONSTANT,
        FLIPPING,
        MIXED_WITH_GARBAGE;

        private float feature(Random random, int i) {
            return switch (this) {
                case HUGE -> i % 7 == 0 ? 1e38f : -1e38f;
                case DENORMAL -> Float.intBitsToFloat(random.nextInt(1, 0x007fffff));
                case CONSTANT -> 5;
                default -> (float) random.nextGaussian();
            };
        }

        private byte[] value(Serializer<Example> serializer, Random random, int i) {
            if (this == MIXED_WITH_GARBAGE && i % 3 == 0) {
                byte[] garbage = new byte[random.nextInt(60)];
                random.nextBytes(garbage);
                return garbage;
            }
            float x = feature(random, i);
            float y = feature(random, i + 1);
            int label = this == FLIPPING ? i / 2 % 2 : x > y ? 1 : 0;
            return serializer.serialize("examples", new Example(new FloatVector(new float[] {x, y}), label, 1f));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldLearnOrRefuseEachExample(Stream stream) {
        MillraceConfig config = TestConfigs.with("standardize.features", "false", "optimizer", "adam");
        try (AvroSerdes serdes = new AvroSerdes(config.registry());
                TopologyTestDriver driver = new TopologyTestDriver(
                        TrainingTopology.build(config, serdes), StreamsProperties.training(config))) {
            TestInputTopic<byte[], byte[]> examples =
                    driver.createInputTopic("examples", new ByteArraySerializer(), new ByteArraySerializer());
            Serializer<Example> serializer = serdes.valueSerde(Example.class).serializer();
            Random random = new Random(1);
            List<byte[]> values = new ArrayList<>();
            for (int i = 0; i < EXAMPLES; i++) {
                values.add(stream.value(serializer, random, i));
            }
            long start = System.nanoTime();
            for (int i = 0; i < EXAMPLES; i++) {
                examples.pipeInput(null, values.get(i), 1000L + i);
            }
            System.out.printf("%s: %.1f us an example%n", stream, (System.nanoTime() - start) / 1e3 / EXAMPLES);
            long refused = driver.createOutputTopic(
                            "dead-letters", new ByteArrayDeserializer(), new ByteArrayDeserializer())
                    .getQueueSize();
            Learner learner = ((LearnerStore) driver.getStateStore(LearnerStore.NAME))
                    .get(StoreKey.ONLY)
                    .learner();
            assertThat(learner.version() + learner.waiting() + refused).isEqualTo(EXAMPLES);
            for (float parameter : learner.model().parameters()) {
                assertThat(parameter).isFinite();
            }
            if (stream != Stream.HUGE && stream != Stream.MIXED_WITH_GARBAGE) {
                assertThat(refused).isZero();
            }
        }
    }
}
