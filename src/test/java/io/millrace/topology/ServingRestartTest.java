package io.millrace.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.avro.Features;
import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSnapshotKey;
import io.millrace.avro.Prediction;
import io.millrace.cluster.Cluster;
import io.millrace.cluster.SharedCluster;
import io.millrace.config.MillraceConfig;
import io.millrace.learner.network.NetworkLearner;
import io.millrace.learner.network.NetworkModel;
import io.millrace.records.AvroSerdes;
import io.millrace.records.FloatVector;
import io.millrace.topology.cluster.ClusterNotReadyException;
import io.millrace.topology.snapshot.Snapshots;
import io.millrace.topology.startup.ClusterCheck;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an instance knows that starts after the snapshots were written. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class ServingRestartTest {
    @Test
    void shouldAnswerWithTheNewestVersionAfterEveryStart(Cluster cluster) throws Exception {
        MillraceConfig config = MillraceConfig.of(cluster.settings("restarted"));
        try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
            new ClusterCheck(config).prepare(serdes);
            publish(config, serdes, 5_879, 5_950, 6_000); // their keys sort otherwise, as bytes
            for (int start = 1; start <= 2; start++) {
                KafkaStreams serving = MillraceStreams.serving(config, serdes);
                serving.start();
                ask(config, serdes);
                int answers = start;
                Cluster.await(
                        "answer " + answers,
                        () -> answers(cluster, config, serdes).size() == answers);
                MillraceStreams.stop(serving, Duration.ofSeconds(20));
            }
            assertThat(answers(cluster, config, serdes))
                    .extracting(answer -> answer.value().getModelVersion())
                    .containsExactly(6_000L, 6_000L);
        }
    }

    @Test
    void shouldCreateTopicsOnlyWhenPreparingAndRefuseSnapshotsThatAreDeletedByAge(Cluster cluster) throws Exception {
        MillraceConfig config = MillraceConfig.of(cluster.settings("checked"));
        try (AvroSerdes serdes = new AvroSerdes(config.registry());
                Admin admin = Admin.create(config.client())) {
            Assertions.assertThatThrownBy(() -> new ClusterCheck(config).require(serdes))
                    .isInstanceOf(ClusterNotReadyException.class)
                    .hasMessageContaining("missing: checked.examples, checked.features");
            assertThat(admin.listTopics().names().get()).noneMatch(topic -> topic.startsWith("checked."));
            admin.createTopics(List.of(new NewTopic(config.topics().modelSnapshots(), 1, (short) 1)))
                    .all()
                    .get();
            Assertions.assertThatThrownBy(() -> new ClusterCheck(config).prepare(serdes))
                    .hasMessageContaining("cleanup.policy=delete and would lose the weights");
        }
    }

    private static void publish(MillraceConfig config, AvroSerdes serdes, long... versions) {
        NetworkLearner learner = new NetworkLearner(config.learner(), report -> {});
        Snapshots snapshots = new Snapshots(config.modelName(), 0);
        try (KafkaProducer<ModelSnapshotKey, ModelSnapshot> producer = new KafkaProducer<>(
                config.client(),
                serdes.keySerde(ModelSnapshotKey.class).serializer(),
                serdes.valueSerde(ModelSnapshot.class).serializer())) {
            for (long version : versions) {
                NetworkModel now = learner.model();
                NetworkModel model = new NetworkModel(
                        now.architecture(),
                        now.task(),
                        now.classes(),
                        version,
                        now.parameters(),
                        now.featureMeans(),
                        now.featureVariances(),
                        now.targetMeans(),
                        now.targetVariances());
                for (ModelSnapshot chunk : snapshots.chunks(model, learner.score())) {
                    producer.send(new ProducerRecord<>(
                            config.topics().modelSnapshots(), snapshots.key(version, chunk.getChunk()), chunk));
                }
            }
        }
    }

    private static void ask(MillraceConfig config, AvroSerdes serdes) {
        try (KafkaProducer<byte[], Features> producer = new KafkaProducer<>(
                config.client(),
                new ByteArraySerializer(),
                serdes.valueSerde(Features.class).serializer())) {
            producer.send(new ProducerRecord<>(
                    config.topics().features(), new Features(new FloatVector(new float[] {1, 2}))));
        }
    }

    private static List<ConsumerRecord<byte[], Prediction>> answers(
            Cluster cluster, MillraceConfig config, AvroSerdes serdes) {
        return cluster.read(
                config,
                config.topics().predictions(),
                serdes.valueSerde(Prediction.class).deserializer());
    }
}
