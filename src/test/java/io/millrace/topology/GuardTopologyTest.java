package io.millrace.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.avro.Example;
import io.millrace.avro.ValidationLoss;
import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import io.millrace.records.AvroSerdes;
import io.millrace.records.FloatVector;
import io.millrace.topology.record.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

/** Numbers that would ruin a model, in the topology. */
class GuardTopologyTest {
    private static String header(TestRecord<byte[], byte[]> letter, String name) {
        Headers headers = letter.headers();
        return new String(headers.lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    @Test
    void shouldSendARefusedMiniBatchToTheDeadLettersAndSayThatItReturned() {
        MillraceConfig config = TestConfigs.with(
                "standardize.features", "false",
                "guard.outlier.factor", "0",
                "guard.max.consecutive", "2",
                "batch.size", "2",
                "validation.report.examples", "4");
        try (AvroSerdes serdes = new AvroSerdes(config.registry());
                TopologyTestDriver driver = new TopologyTestDriver(
                        TrainingTopology.build(config, serdes), StreamsProperties.training(config))) {
            TestInputTopic<byte[], byte[]> examples =
                    driver.createInputTopic("examples", new ByteArraySerializer(), new ByteArraySerializer());
            for (int i = 0; i < 14; i++) {
                boolean wild = i >= 8 && i < 12;
                float x = wild ? Float.MAX_VALUE : i % 3 - 1;
                Example example = new Example(new FloatVector(new float[] {x, wild ? x : 1}), i % 2, 1f + i);
                byte[] value = serdes.valueSerde(Example.class).serializer().serialize("examples", example);
                examples.pipeInput(new TestRecord<>(new byte[] {(byte) i}, value, (Headers) null, 1000L + i));
            }
            List<TestRecord<byte[], byte[]>> letters = driver.createOutputTopic(
                            "dead-letters", new ByteArrayDeserializer(), new ByteArrayDeserializer())
                    .readRecordsToList();
            assertThat(letters).hasSize(4);
            assertThat(letters)
                    .extracting(letter -> header(letter, DeadLetter.OFFSET))
                    .containsExactly("8", "9", "10", "11");
            assertThat(letters)
                    .extracting(letter -> header(letter, DeadLetter.TIMESTAMP))
                    .containsExactly("1008", "1009", "1010", "1011");
            TestRecord<byte[], byte[]> third = letters.get(2);
            assertThat(header(third, DeadLetter.CAUSE)).isEqualTo("the loss is not finite");
            assertThat(third.key()).as("a key that is not known any more").isNull();
            Example again = serdes.valueSerde(Example.class).deserializer().deserialize("examples", third.value());
            assertThat(FloatVector.arrayOf(again.getFeatures())).containsExactly(Float.MAX_VALUE, Float.MAX_VALUE);
            assertThat(again.getLabel()).isEqualTo(0);
            assertThat(again.getWeight()).isEqualTo(11f);

            List<ValidationLoss> reports = driver.createOutputTopic(
                            "validation-losses",
                            new StringDeserializer(),
                            serdes.valueSerde(ValidationLoss.class).deserializer())
                    .readValuesToList();
            assertThat(reports).extracting(ValidationLoss::getRefusedExamples).containsExactly(0L, 0L, 4L);
            assertThat(reports).extracting(ValidationLoss::getReturnedTo).containsExactly(null, null, 8L);
            assertThat(reports.get(2).getExamples()).isEqualTo(8);
            assertThat(reports.get(2).getReportExamples()).isZero();
            assertThat(reports.get(2).getLoss()).isNaN();
        }
    }
}
