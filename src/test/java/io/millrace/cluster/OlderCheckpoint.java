package io.millrace.cluster;

import io.millrace.config.MillraceConfig;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Turns the checkpoint of a partition into one that a Millrace wrote which did not note what it read, but the last record. */
final class OlderCheckpoint {
    private static final int LINEAGE = -2;
    private static final int NEXT_INPUT = -3;

    private OlderCheckpoint() {}

    static void write(Cluster cluster, MillraceConfig config, int partition) throws Exception {
        String changelog = config.applicationId().changelog("learner");
        ConsumerRecord<byte[], byte[]> last =
                last(cluster, config, config.topics().examples(), partition).get(0);
        byte[] lineage = last(cluster, config, changelog, partition).stream()
                .filter(record -> ByteBuffer.wrap(record.key()).getInt() == LINEAGE)
                .findFirst()
                .orElseThrow()
                .value();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config.client(), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(changelog, partition, key(LINEAGE), withoutInputs(lineage)))
                    .get();
            producer.send(new ProducerRecord<>(changelog, partition, key(NEXT_INPUT), nextInput(last)))
                    .get();
        }
    }

    /** The newest first. */
    private static List<ConsumerRecord<byte[], byte[]>> last(
            Cluster cluster, MillraceConfig config, String topic, int partition) {
        return cluster.read(config, topic, new ByteArrayDeserializer()).stream()
                .filter(record -> record.partition() == partition && record.value() != null)
                .sorted((one, other) -> Long.compare(other.offset(), one.offset()))
                .toList();
    }

    private static byte[] key(int number) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
    }

    private static byte[] nextInput(ConsumerRecord<byte[], byte[]> last) {
        CRC32C crc = new CRC32C();
        crc.update(last.value());
        byte[] name = last.topic().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + Integer.BYTES + name.length)
                .putLong(last.offset() + 1)
                .putInt((int) crc.getValue())
                .put(name)
                .array();
    }

    private static byte[] withoutInputs(byte[] lineage) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(lineage));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        text(in); // the format
        text("millrace lineage 1".getBytes(StandardCharsets.UTF_8), out);
        text(text(in), out); // the last version
        int configurations = in.readInt();
        out.writeInt(configurations);
        for (int i = 0; i < configurations; i++) {
            in.readInt(); // the stretch
            out.writeLong(in.readLong());
            out.writeLong(in.readLong());
            int settings = in.readInt();
            out.writeInt(settings);
            for (int k = 0; k < 2 * settings; k++) {
                text(text(in), out);
            }
        }
        int versions = in.readInt();
        out.writeInt(versions);
        out.write(in.readNBytes(versions * (Long.BYTES + Integer.BYTES)));
        return bytes.toByteArray();
    }

    private static byte[] text(DataInputStream in) throws IOException {
        return in.readNBytes(in.readInt());
    }

    private static void text(byte[] text, DataOutputStream out) throws IOException {
        out.writeInt(text.length);
        out.write(text);
    }
}
