package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.avro.InputStretch;
import io.millrace.avro.ModelSnapshot;
import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.MillraceStreams;
import io.millrace.topology.audit.Verification;
import io.millrace.topology.audit.VerificationResult;
import io.millrace.topology.startup.ClusterCheck;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;

/** What is learned from the examples of a topic on a shared cluster, and what {@code verify} says of it. */
final class InputRuns {
    private final Cluster cluster;
    private final AvroSerdes serdes;

    InputRuns(Cluster cluster) {
        this.cluster = cluster;
        serdes = cluster.serdes();
    }

    MillraceConfig config(String name, String... changes) {
        Map<String, String> settings = cluster.settings(
                name, "topics.prefix", name + ".", "snapshot.history", "10000", "validation.report.examples", "100");
        for (int i = 0; i < changes.length; i += 2) {
            settings.put(changes[i], changes[i + 1]);
        }
        return MillraceConfig.of(settings);
    }

    MillraceConfig learned(String name, int examples, String... changes) {
        MillraceConfig config = config(name, changes);
        new ClusterCheck(config).prepare(serdes);
        cluster.sendExamples(config, serdes, 0, examples);
        learn(config, examples);
        return config;
    }

    /** As `millrace run --role train` does. */
    void learn(MillraceConfig config, long untilOffset) {
        ClusterCheck.forTraining(config).prepare(serdes);
        try (KafkaStreams training = MillraceStreams.training(config, serdes)) {
            training.start();
            cluster.awaitCommitted(config, untilOffset);
            MillraceStreams.stop(training, Duration.ofSeconds(20));
        }
    }

    void move(MillraceConfig config, long offset) throws Exception {
        try (Admin admin = Admin.create(config.client())) {
            admin.alterConsumerGroupOffsets(
                            config.applicationId().training(),
                            Map.of(new TopicPartition(config.topics().examples(), 0), new OffsetAndMetadata(offset)))
                    .all()
                    .get();
        }
    }

    String verified(MillraceConfig config) {
        VerificationResult result = verify(config);
        assertThat(result.equal()).as(result.sentences().toString()).isTrue();
        return result.sentences().get(0);
    }

    VerificationResult verify(MillraceConfig config) {
        try (AvroSerdes fresh = new AvroSerdes(config.registry());
                Verification verification = new Verification(config, fresh)) {
            return verification.verify(0, null);
        }
    }

    ModelSnapshot newest(MillraceConfig config) {
        return cluster.newest(config, serdes).get(0).head();
    }

    List<String> causes(MillraceConfig config) {
        return newest(config).getInputs().stream().map(InputStretch::getCause).toList();
    }

    void deleteBefore(MillraceConfig config, long offset) throws Exception {
        try (Admin admin = Admin.create(config.client())) {
            admin.deleteRecords(Map.of(
                            new TopicPartition(config.topics().examples(), 0), RecordsToDelete.beforeOffset(offset)))
                    .all()
                    .get();
        }
    }
}
