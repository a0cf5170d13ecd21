package io.millrace.cluster;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.millrace.avro.Example;
import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.records.FloatVector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** An example of a schema with one more field, which the registry knows and a learner that runs does not yet. */
final class LaterExample {
    private LaterExample() {}

    /** Registers the schema as well. */
    static byte[] bytes(AvroSerdes serdes, MillraceConfig config) throws Exception {
        return bytes(serdes.client().register(config.topics().examples() + "-value", new AvroSchema(schema(""))), "");
    }

    /** Registers the schema under a name of its own, and so under an id of its own, and tells the id. */
    static int register(AvroSerdes serdes, String name) throws Exception {
        return serdes.client().register(name, new AvroSchema(schema(name)));
    }

    private static Schema schema(String source) {
        String json = Example.getClassSchema().toString();
        String longer = json.substring(0, json.lastIndexOf(']'))
                + ",{\"name\":\"source\",\"type\":\"string\",\"default\":\"" + source + "\"}"
                + json.substring(json.lastIndexOf(']'));
        return new Schema.Parser().parse(longer);
    }

    /** An example under a schema id, be it registered or not. */
    static byte[] bytes(int id, String name) throws IOException {
        Schema schema = schema(name);
        GenericData.Record record = new GenericData.Record(schema);
        record.put("features", new FloatVector(new float[] {0.5f, 0.25f}));
        record.put("label", "yes");
        record.put("weight", 1f);
        record.put("source", "later");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<>(schema).write(record, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    static void send(MillraceConfig config, byte[] value) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config.client(), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(config.topics().examples(), 0, 1_002_000L, null, value))
                    .get();
        }
    }
}
