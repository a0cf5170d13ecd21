package io.millrace.topology.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.millrace.config.ConfigurationText;
import io.millrace.config.MillraceConfig;
import io.millrace.input.Inputs;
import io.millrace.learner.Learner;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.network.NetworkLearner;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.TestConfigs;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class ExampleFeedTest {
    private static final String DOUBLES = "{\"type\":\"record\",\"name\":\"Row\",\"fields\":["
            + "{\"name\":\"features\",\"type\":{\"type\":\"array\",\"items\":\"double\"}},"
            + "{\"name\":\"label\",\"type\":\"double\"}]}";

    private static byte[] example(AvroSerdes serdes, double... features) throws Exception {
        Schema schema = new Schema.Parser().parse(DOUBLES);
        int id = serdes.client().register("examples-value", new AvroSchema(schema));
        GenericData.Record row = new GenericData.Record(schema);
        row.put("features", Arrays.stream(features).boxed().toList());
        row.put("label", 1.0);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<>(schema).write(row, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    private static ExampleFeed feed(Learner learner, LearnerSpec spec, AvroSerdes serdes) {
        return new ExampleFeed(learner, spec, Inputs.ofReplay(serdes).examples("examples", spec), 0);
    }

    /** An older Millrace put it into the dead letters, so a replay of what it learned must leave it out. */
    @Test
    void shouldLearnDoublesUnlessTheRulesAreOfTheTimeWhenTheyWereBad() throws Exception {
        MillraceConfig config = TestConfigs.with("batch.size", "1");
        Map<String, String> today = ConfigurationText.of(config);
        Map<String, String> before = new TreeMap<>(today);
        before.remove("rules");
        try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
            byte[] example = example(serdes, 0.1, 2);
            for (Map<String, String> text : List.of(today, before)) {
                LearnerSpec spec = ConfigurationText.spec(text);
                Learner learner = new NetworkLearner(spec, report -> {});
                ExampleFeed feed = feed(learner, spec, serdes);
                if (text == today) {
                    feed.feed(null, example, new RecordHeaders(), 0, 0);
                    assertThat(learner.version()).isEqualTo(1);
                } else {
                    assertThatThrownBy(() -> feed.feed(null, example, new RecordHeaders(), 0, 0))
                            .isInstanceOf(BadInputException.class)
                            .hasMessageContaining("Found double, expecting float");
                }
            }
            LearnerSpec spec = ConfigurationText.spec(today);
            ExampleFeed feed = feed(new NetworkLearner(spec, report -> {}), spec, serdes);
            byte[] large = example(serdes, 1, -1e39);
            assertThatThrownBy(() -> feed.feed(null, large, new RecordHeaders(), 0, 0))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining("field features: -1.0E39 is too large for a float");
        }
    }
}
