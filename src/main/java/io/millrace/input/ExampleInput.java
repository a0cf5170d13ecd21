package io.millrace.input;

import io.millrace.avro.Example;
import io.millrace.avro.Features;
import io.millrace.feature.Declaration;
import io.millrace.feature.InputRow;
import io.millrace.learner.input.Labels;
import io.millrace.learner.input.RefusedBatch;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.records.AvroSerdes;
import io.millrace.records.FloatVector;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Avro records {@link Example} and {@link Features}, which hold the features as an array of floats. If the registry cannot provide the
 * schema of a record, decoding waits; see {@link RegistryRetryingDeserializer}.
 */
final class ExampleInput implements Input {
    private final AvroSerdes serdes;
    private final boolean givesUp;

    /** @param givesUp whether a record counts as bad when the registry stays unavailable */
    ExampleInput(AvroSerdes serdes, boolean givesUp) {
        this.serdes = serdes;
        this.givesUp = givesUp;
    }

    @Override
    public ExampleCodec examples(String topic, LearnerSpec spec) {
        Deserializer<Example> values = spec.rules() < 2 // these rules refuse an example with doubles
                ? serdes.literalValueDeserializer(Example.class)
                : serdes.valueSerde(Example.class).deserializer();
        return new Codec(
                topic,
                new Labels(spec.task(), spec.classes()),
                retrying(values, topic),
                serdes.valueSerde(Example.class).serializer());
    }

    @Override
    public RequestDecoder requests(String topic, Declaration declaration) {
        RegistryRetryingDeserializer<Features> requests =
                retrying(serdes.valueSerde(Features.class).deserializer(), topic);
        InputRow row = new InputRow();
        return (key, value, headers, timestamp) -> row.features(
                FloatVector.arrayOf(requests.deserialize(headers, value).getFeatures()));
    }

    private <T> RegistryRetryingDeserializer<T> retrying(Deserializer<T> values, String topic) {
        return new RegistryRetryingDeserializer<>(
                serdes, values, topic, RegistryRetryingDeserializer.PATIENCE, givesUp);
    }

    private static final class Codec implements ExampleCodec {
        private final String topic;
        private final Labels labels;
        private final RegistryRetryingDeserializer<Example> deserializer;
        private final Serializer<Example> serializer;
        private final DecodedExample decoded = new DecodedExample();
        private final InputRow row = new InputRow();

        Codec(
                String topic,
                Labels labels,
                RegistryRetryingDeserializer<Example> deserializer,
                Serializer<Example> serializer) {
            this.topic = topic;
            this.labels = labels;
            this.deserializer = deserializer;
            this.serializer = serializer;
        }

        @Override
        public DecodedExample decode(byte[] key, byte[] value, Headers headers, long timestamp) {
            Example example = deserializer.deserialize(headers, value);
            decoded.set(
                    row.features(FloatVector.arrayOf(example.getFeatures())),
                    target(example.getLabel()),
                    example.getWeight(),
                    timestamp);
            return decoded;
        }

        @SuppressWarnings("unchecked") // the branches of the schema's union
        private float[] target(Object label) {
            if (label instanceof Integer index) {
                return labels.encode(index.intValue());
            }
            if (label instanceof Float value) {
                return labels.encode(value.floatValue());
            }
            if (label instanceof CharSequence name) {
                return labels.encode(name.toString());
            }
            return labels.encode(FloatVector.arrayOf((List<Float>) label));
        }

        @Override
        public byte[] encode(RefusedBatch.Example example) {
            Object label = labels.decode(example.target());
            return serializer.serialize(
                    topic,
                    new Example(
                            new FloatVector(example.features()),
                            label instanceof float[] many ? new FloatVector(many) : label,
                            example.weight()));
        }
    }
}
