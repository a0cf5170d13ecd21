package io.millrace.cli.topic;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.console.FailedException;
import io.millrace.config.MillraceConfig;
import io.millrace.feature.Declaration;
import io.millrace.feature.ValueFormat;
import io.millrace.input.declared.JsonRecord;
import io.millrace.records.AvroSerdes;
import io.millrace.records.RegisteredSchema;
import java.util.Optional;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;

/** How an object of JSON becomes the value of a record, in the format and schema of its topic. */
public final class RecordEncoders {
    private RecordEncoders() {}

    /**
     * For examples: the latest schema of their topic.
     *
     * @throws FailedException if that topic needs a schema and has none
     */
    public static Function<ObjectNode, byte[]> ofExamples(MillraceConfig config, AvroSerdes serdes) {
        String topic = config.topics().examples();
        return encoder(
                config,
                serdes,
                topic,
                serdes.latestValueSchema(topic).map(RegisteredSchema::avro),
                "Register the schema of " + topic + " first: the registry knows none");
    }

    /**
     * For requests: the latest schema of their topic, or one that is made from the schema of the examples.
     *
     * @throws FailedException if they need a schema and neither topic has one
     */
    public static Function<ObjectNode, byte[]> ofRequests(MillraceConfig config, AvroSerdes serdes) {
        String topic = config.topics().features();
        Declaration declaration = config.learner().declaration();
        Optional<Schema> schema = declaration.format() == ValueFormat.JSON
                ? Optional.empty()
                : RequestSchema.of(serdes, declaration, topic, config.topics().examples());
        return encoder(
                config,
                serdes,
                topic,
                schema,
                "Register the schema of " + topic + " or of " + config.topics().examples()
                        + " first: the registry knows neither");
    }

    private static Function<ObjectNode, byte[]> encoder(
            MillraceConfig config, AvroSerdes serdes, String topic, Optional<Schema> schema, String none) {
        if (config.learner().declaration().format() == ValueFormat.JSON) {
            return JsonRecord::bytes;
        }
        Schema avro = schema.orElseThrow(() -> new FailedException(none + "."));
        Serializer<GenericRecord> serializer = serdes.genericValueSerializer();
        return object -> {
            GenericRecord record = AvroFromJson.record(object, avro);
            try {
                return serializer.serialize(topic, record);
            } catch (SerializationException e) {
                throw new FailedException("The records cannot be written: " + e.getMessage() + ".", e);
            }
        };
    }
}
