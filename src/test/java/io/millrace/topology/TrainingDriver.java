package io.millrace.topology;

import io.millrace.avro.Example;
import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSnapshotKey;
import io.millrace.avro.ValidationLoss;
import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import io.millrace.records.AvroSerdes;
import io.millrace.records.FloatVector;
import java.util.Random;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;

/** Training without brokers: examples in, reports, snapshots and dead letters out. */
abstract class TrainingDriver {
    TopologyTestDriver driver;
    AvroSerdes serdes;
    TestInputTopic<byte[], byte[]> examples;
    TestOutputTopic<String, ValidationLoss> losses;
    TestOutputTopic<ModelSnapshotKey, ModelSnapshot> snapshots;
    TestOutputTopic<byte[], byte[]> deadLetters;
    final Random random = new Random(1);
    long time = 1_000;

    void start(String... changes) {
        start(TestConfigs.with(changes));
    }

    void start(MillraceConfig config) {
        serdes = new AvroSerdes(config.registry());
        driver = new TopologyTestDriver(TrainingTopology.build(config, serdes), StreamsProperties.training(config));
        examples = driver.createInputTopic("examples", new ByteArraySerializer(), new ByteArraySerializer());
        losses = driver.createOutputTopic(
                "validation-losses",
                new StringDeserializer(),
                serdes.valueSerde(ValidationLoss.class).deserializer());
        snapshots = driver.createOutputTopic(
                "model-snapshots",
                serdes.keySerde(ModelSnapshotKey.class).deserializer(),
                serdes.valueSerde(ModelSnapshot.class).deserializer());
        deadLetters =
                driver.createOutputTopic("dead-letters", new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @AfterEach
    void stop() {
        if (driver != null) {
            driver.close();
        }
    }

    byte[] encoded(Object label, float weight, float... features) {
        return serdes.valueSerde(Example.class)
                .serializer()
                .serialize("examples", new Example(new FloatVector(features), label, weight));
    }

    void sendExamples(int count) {
        for (int i = 0; i < count; i++) {
            float x = random.nextFloat() * 2 - 1;
            float y = random.nextFloat() * 2 - 1;
            examples.pipeInput(null, encoded(x + y > 0 ? 1 : 0, 1, x, y), time++);
        }
    }
}
