package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.avro.AvroSerdes;
import io.millrace.config.MillraceConfig;
import io.millrace.topology.ClusterCheck;
import io.millrace.topology.MillraceStreams;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeletedTopicsTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"dead-letters", "validation-losses", "model-snapshots", "predictions", "features", "examples"})
    void explore(String topic) throws Exception {
        try (Cluster cluster = Cluster.start(directory)) {
            Map<String, String> settings = cluster.settings("gone", "producer.max.block.ms", "2000",
                "producer.delivery.timeout.ms", "3000", "producer.request.timeout.ms", "1000", "producer.linger.ms", "5", "validation.report.examples", "64",
                "metadata.max.age.ms", "1000");
            MillraceConfig config = MillraceConfig.of(settings);
            String name = "gone." + topic;
            try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
                new ClusterCheck(config).prepare(serdes);
                cluster.sendExamples(config, serdes, 0, 100);
                try (ChildApplication child = ChildApplication.run(directory, settings, "run"); Admin admin = Admin.create(config.client())) {
                    garbage(config);
                    cluster.awaitCommitted(config, 101);
                    Cluster.await("answer", () -> cluster.read(config, "gone.predictions", new ByteArrayDeserializer()).size() > 0);
                    System.out.println("==== DELETE " + topic);
                    admin.deleteTopics(List.of(name)).all().get();
                    Thread.sleep(1500);
                    if (!topic.equals("examples") && !topic.equals("features")) { garbage(config);
                    cluster.sendExamples(config, serdes, 100, 300);}
                    Thread.sleep(15000);
                    System.out.println("==== AGAIN " + topic + " alive " + child.isAlive());
                    new ClusterCheck(config).prepare(serdes);
                    Thread.sleep(3000);
                    garbage(config);
                    cluster.sendExamples(config, serdes, 300, 500);
                    Thread.sleep(10000);
                    System.out.println("==== alive " + child.isAlive() + " committed " + cluster.committed(config) + " in topic " + cluster.read(config, name, new ByteArrayDeserializer()).size());
                    System.out.println(child.output().lines().map(l -> l.length() > 400 ? l.substring(0, 400) : l).filter(l -> !l.startsWith("\tat ")).collect(java.util.stream.Collectors.joining("\n")));
                }
            }
        }
    }

    static void garbage(MillraceConfig config) throws Exception {
            try (KafkaProducer<byte[], byte[]> producer =
                    new KafkaProducer<>(config.client(), new ByteArraySerializer(), new ByteArraySerializer())) {
                producer.send(new ProducerRecord<>(config.topics().examples(), new byte[] {1})).get();
                producer.send(new ProducerRecord<>(config.topics().features(), new byte[] {1})).get();
            }
    }
}
