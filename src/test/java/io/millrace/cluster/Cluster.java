package io.millrace.cluster;

import io.millrace.avro.Example;
import io.millrace.avro.ValidationLoss;
import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import io.millrace.local.LocalBroker;
import io.millrace.local.LocalRegistry;
import io.millrace.records.AvroSerdes;
import io.millrace.records.FloatVector;
import io.millrace.topology.snapshot.SnapshotTopic;
import io.millrace.topology.snapshot.StoredSnapshot;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/** A broker and a registry in this JVM, quick to notice members and transactions that died, and what tests do on them. */
public final class Cluster implements AutoCloseable {
    static final Map<String, String> QUICK = Map.of(
            // the examples' event times are of 1970, and must not be old
            "log.retention.ms", "-1",
            "group.min.session.timeout.ms", "1000",
            "transaction.abort.timed.out.transaction.cleanup.interval.ms", "200",
            "transaction.remove.expired.transaction.cleanup.interval.ms", "10000");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path directory;
    private final LocalBroker broker;
    private final LocalRegistry registry;
    private final AvroSerdes serdes;
    /** By addresses of brokers: a client takes longer to be made than to be asked. */
    private final Map<String, Admin> admins;
    /** By application: the tests that it belongs to. */
    private final Map<String, String> owners;

    private final String tests;

    private Cluster(Path directory, Map<String, String> brokerSettings) {
        this.directory = directory;
        broker = LocalBroker.start(directory.resolve("broker"), 0, brokerSettings);
        registry = LocalRegistry.start(0, null);
        serdes = new AvroSerdes(Map.of("schema.registry.url", registry.url()));
        admins = new ConcurrentHashMap<>();
        owners = new ConcurrentHashMap<>();
        tests = "";
    }

    private Cluster(Cluster shared, String tests) {
        directory = shared.directory;
        broker = shared.broker;
        registry = shared.registry;
        serdes = shared.serdes;
        admins = shared.admins;
        owners = shared.owners;
        this.tests = tests;
    }

    /** The same cluster for one of the classes that share it: none uses an application of another. */
    Cluster sharedBy(String tests) {
        return new Cluster(this, tests);
    }

    public static Cluster start(Path directory) {
        return start(directory, Map.of());
    }

    /** @param changes of the broker's settings */
    public static Cluster start(Path directory, Map<String, String> changes) {
        Map<String, String> settings = new HashMap<>(QUICK);
        settings.putAll(changes);
        return new Cluster(directory, settings);
    }

    public LocalBroker broker() {
        return broker;
    }

    public LocalRegistry registry() {
        return registry;
    }

    /** @return serdes on the registry, which close with the cluster */
    public AvroSerdes serdes() {
        return serdes;
    }

    /** Settings of an application on this cluster: two features, two classes, one small network, quick commits. */
    public Map<String, String> settings(String application, String... changes) {
        String owner = owners.computeIfAbsent(application, name -> tests);
        if (!owner.equals(tests)) {
            throw new AssertionError("the application " + application + " belongs to " + owner + ", not to " + tests);
        }
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("bootstrap.servers", broker.bootstrapServers());
        settings.put("schema.registry.url", registry.url());
        settings.put("application.id", application);
        settings.put("topics.prefix", application + ".");
        settings.put("model.inputs", "2");
        settings.put("model.classes", "no,yes");
        settings.put("model.kind", "network");
        settings.put("model.hidden", "16");
        settings.put("batch.size", "64");
        settings.put("train.commit.interval.ms", "100");
        settings.put("producer.transaction.timeout.ms", "2000");
        settings.put("main.consumer.session.timeout.ms", "1500");
        settings.put("main.consumer.heartbeat.interval.ms", "300");
        settings.put("state.dir", directory.resolve("state-" + application).toString());
        for (int i = 0; i < changes.length; i += 2) {
            settings.put(changes[i], changes[i + 1]);
        }
        if (settings.containsKey("features")) {
            settings.remove("model.inputs");
        }
        if (settings.get("model.kind").equals("ensemble")) {
            settings.keySet().removeAll(List.of("model.hidden", "batch.size"));
        }
        return settings;
    }

    /**
     * Sends seeded examples from {@code from} to {@code to}, the same whatever the calls they are sent by; blocks until acknowledged. Where
     * features are declared, they are {@link DeclaredRecords}.
     */
    public void sendExamples(MillraceConfig config, AvroSerdes serdes, int from, int to) {
        Map<String, Object> settings = config.client();
        String topic = config.topics().examples();
        boolean declared = config.learner().declaration() != null;
        Serializer<Example> examples = serdes.valueSerde(Example.class).serializer();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            int partitions = producer.partitionsFor(topic).size();
            AtomicReference<Exception> failure = new AtomicReference<>();
            for (int i = from; i < to; i++) {
                byte[] value =
                        declared ? DeclaredRecords.value(i, serdes, topic) : examples.serialize(topic, example(i));
                producer.send(
                        new ProducerRecord<>(topic, i % partitions, 1_000_000L + i, null, value),
                        (metadata, fault) -> failure.compareAndSet(null, fault));
            }
            producer.flush();
            if (failure.get() != null) {
                throw new AssertionError("the broker did not take an example", failure.get());
            }
        }
    }

    public static Example example(int number) {
        Random random = new Random(number);
        float x = random.nextFloat() * 2 - 1;
        float y = random.nextFloat() * 2 - 1;
        return new Example(new FloatVector(new float[] {x, y}), x * y > 0 ? "yes" : "no", 1f);
    }

    /** Waits until training has committed so many offsets of the examples topic, over all partitions. */
    public void awaitCommitted(MillraceConfig config, long offsets) {
        await(
                "committed offsets " + offsets,
                () -> committed(config).values().stream()
                                .mapToLong(offset -> offset)
                                .sum()
                        >= offsets);
    }

    /** By partition of the topic that training reads: the offset that it has committed. Empty while there is none, or no answer. */
    public Map<Integer, Long> committed(MillraceConfig config) {
        Map<Integer, Long> committed = new HashMap<>();
        try {
            admin(config)
                    .listConsumerGroupOffsets(config.applicationId().training())
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .forEach((partition, offset) -> {
                        if (offset != null
                                && partition.topic().equals(config.topics().learned())) {
                            committed.put(partition.partition(), offset.offset());
                        }
                    });
        } catch (InterruptedException | ExecutionException e) {
            committed.clear(); // the group may not exist yet
        }
        return committed;
    }

    private Admin admin(MillraceConfig config) {
        Map<String, Object> settings = config.client();
        return admins.computeIfAbsent(
                String.valueOf(settings.get("bootstrap.servers")), servers -> Admin.create(settings));
    }

    /** Asks again and again. It sleeps for as long as an answer takes: what is waited for needs the processor, too. */
    public static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long asked = System.nanoTime();
        while (!condition.getAsBoolean()) {
            long now = System.nanoTime();
            if (now > deadline) {
                throw new AssertionError("waited " + PATIENCE.toSeconds() + " s in vain for " + what);
            }
            try {
                Thread.sleep(Math.max(20, (now - asked) / 1_000_000));
                asked = System.nanoTime();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    public List<StoredSnapshot> newest(MillraceConfig config, AvroSerdes serdes) {
        try (SnapshotTopic topic = new SnapshotTopic(config, serdes)) {
            return topic.newest().stream().map(StoredSnapshot::inMemory).toList();
        }
    }

    /** The committed reports, in their order. */
    List<ValidationLoss> reports(MillraceConfig config) {
        return read(
                        config,
                        config.topics().validationLosses(),
                        serdes.valueSerde(ValidationLoss.class).deserializer())
                .stream()
                .map(ConsumerRecord::value)
                .toList();
    }

    /** Everything that is committed in a topic, in the order of its partitions. */
    public <V> List<ConsumerRecord<byte[], V>> read(MillraceConfig config, String topic, Deserializer<V> values) {
        List<ConsumerRecord<byte[], V>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], V> consumer =
                new KafkaConsumer<>(StreamsProperties.committedReader(config), new ByteArrayDeserializer(), values)) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    @Override
    public void close() {
        admins.values().forEach(admin -> admin.close(Duration.ZERO));
        serdes.close();
        registry.close();
        broker.close();
    }
}
