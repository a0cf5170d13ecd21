package io.millrace.topology.startup;

import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.cluster.ClusterNotReadyException;
import io.millrace.topology.cluster.CommittedRecords;
import io.millrace.topology.snapshot.SnapshotDecoder;
import io.millrace.topology.training.LearnerStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks what was learned before training starts, so that nothing is overwritten and nothing is learned twice. Versions of the model must
 * belong to this application. If its state is known, the place in the examples where training continues must be known, too.
 */
final class StartupStateCheck {
    private static final Logger LOG = LoggerFactory.getLogger(StartupStateCheck.class);

    private final MillraceConfig config;
    private final Map<String, Object> client;
    private final Admin admin;
    private final String group;
    private final String changelog;

    /** @param client settings of training's clients */
    StartupStateCheck(MillraceConfig config, Map<String, Object> client, Admin admin) {
        this.config = config;
        this.client = client;
        this.admin = admin;
        group = config.applicationId().training();
        changelog = config.applicationId().changelog(LearnerStore.NAME);
    }

    /** @throws ClusterNotReadyException when training would overwrite another application's model */
    void check(AvroSerdes serdes) throws InterruptedException, ExecutionException {
        if (exists(changelog)) {
            new ResumeOffsets(config, client, admin, group, changelog).restore();
        } else {
            requireNoOtherModel(serdes);
        }
    }

    private boolean exists(String topic) throws InterruptedException, ExecutionException {
        try {
            admin.describeTopics(Set.of(topic)).allTopicNames().get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw e;
        }
    }

    private void requireNoOtherModel(AvroSerdes serdes) throws InterruptedException, ExecutionException {
        String topic = config.topics().modelSnapshots();
        if (ends(topic).values().stream().allMatch(end -> end.offset() == 0)) {
            return; // the usual case; reading the topic needs a right that training needs for nothing else
        }
        Set<ByteBuffer> keys = new LinkedHashSet<>();
        SnapshotDecoder own = new SnapshotDecoder(config, serdes);
        try (CommittedRecords records = new CommittedRecords(client, topic)) {
            records.forEach(record -> {
                if (own.key(record.key()) == null) {
                    return;
                }
                if (record.value() == null) {
                    keys.remove(ByteBuffer.wrap(record.key()));
                } else {
                    keys.add(ByteBuffer.wrap(record.key()));
                }
            });
        }
        if (keys.isEmpty() || exists(changelog)) { // another instance has started, and some versions may be from it
            return;
        }
        if (!config.resetsModel()) {
            throw new ClusterNotReadyException(
                    "The topic " + topic + " holds versions of the model " + config.modelName()
                            + " that another application has learned: " + group + " has no state of it and would"
                            + " overwrite them. Set another model.name, or start with the application.id that has"
                            + " learned the model, or set model.reset=true to delete the versions and start over.",
                    null);
        }
        LOG.warn(
                "Deleting the {} chunks of model {} in {}, because model.reset=true",
                keys.size(),
                config.modelName(),
                topic);
        delete(topic, keys);
    }

    private void delete(String topic, Set<ByteBuffer> keys) throws InterruptedException, ExecutionException {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(new HashMap<>(client), new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (ByteBuffer key : keys) {
                sent.add(producer.send(new ProducerRecord<>(topic, key.array(), null)));
            }
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
        }
    }

    private Map<TopicPartition, ListOffsetsResultInfo> ends(String topic)
            throws InterruptedException, ExecutionException {
        Map<TopicPartition, OffsetSpec> latest =
                admin.describeTopics(Set.of(topic)).allTopicNames().get().get(topic).partitions().stream()
                        .collect(Collectors.toMap(
                                info -> new TopicPartition(topic, info.partition()), info -> OffsetSpec.latest()));
        return admin.listOffsets(latest).all().get();
    }
}
