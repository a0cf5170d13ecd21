package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cluster.FailingRegistry.Fault;
import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.startup.ClusterCheck;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SIGTERM while something is waited for: every wait ends, and members leave their groups. Sessions are as long as by default. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class StopTest {
    /** Promised are 5 s; others may have the machine. */
    private static final long LIMIT_MS = 8000;

    private static final int UNKNOWN_SCHEMA = 4711;
    private static final int SIGTERM = 143;

    @TempDir
    static Path directory;

    private static Cluster cluster;
    private static FailingRegistry registry;
    private static AvroSerdes serdes;
    private static int applications;

    private String application;
    private MillraceConfig config;
    private Map<String, String> settings;

    @BeforeAll
    static void startCluster(Cluster shared) {
        cluster = shared;
        registry = FailingRegistry.before(cluster.registry().url());
        serdes = cluster.serdes();
    }

    @AfterAll
    static void stopCluster() {
        registry.close();
    }

    @BeforeEach
    void prepare() {
        registry.failAlways(null, request -> false);
        application = "stopped-" + applications++;
        prepare(cluster.broker().bootstrapServers());
    }

    private void prepare(String bootstrapServers) {
        settings = cluster.settings(
                application,
                "bootstrap.servers",
                bootstrapServers,
                "schema.registry.url",
                registry.url(),
                "main.consumer.session.timeout.ms",
                "10000",
                "main.consumer.heartbeat.interval.ms",
                "3000",
                "producer.transaction.timeout.ms",
                "10000");
        config = MillraceConfig.of(settings);
        new ClusterCheck(config).prepare(serdes);
        cluster.sendExamples(config, serdes, 0, 100);
    }

    @Test
    void shouldStopWhileBothWaitForTheRegistry() throws Exception {
        stopWhileTheRegistryIsWaitedFor("all", Fault.UNAVAILABLE);
    }

    @ParameterizedTest
    @Tag("crash")
    @CsvSource({"train, UNAVAILABLE", "serve, UNAVAILABLE", "train, SILENCE", "serve, SILENCE", "all, SILENCE"})
    void shouldStopWhileTheRegistryIsWaitedFor(String role, Fault fault) throws Exception {
        stopWhileTheRegistryIsWaitedFor(role, fault);
    }

    private void stopWhileTheRegistryIsWaitedFor(String role, Fault fault) throws Exception {
        try (ChildApplication child = ChildApplication.run(directory, settings, "run", "--role", role)) {
            awaitMembers(role);
            registry.failAlways(fault, request -> true);
            sendOfAnUnknownSchema(config.topics().examples());
            sendOfAnUnknownSchema(config.topics().features());
            child.awaitOutput("trying again with a new thread"); // and then it waits in the next one
            assertStops(child, role + ", registry " + fault);
            assertGroupsLeft(role);
        }
    }

    /** Kafka Streams' start waits until the weights have been read. */
    @Test
    @Tag("crash")
    void shouldTrainWhileServingCannotStartAndStopThen() throws Exception {
        trainWhileServingCannotStartAndStop(Fault.SILENCE);
    }

    @Test
    @Tag("crash")
    void shouldTrainWhileServingIsRefusedAndStopThen() throws Exception {
        trainWhileServingCannotStartAndStop(Fault.UNAVAILABLE);
    }

    private void trainWhileServingCannotStartAndStop(Fault fault) throws Exception {
        try (ChildApplication first = ChildApplication.run(directory, settings, "run", "--role", "train")) {
            cluster.awaitCommitted(config, 100);
            assertThat(first.terminate()).isEqualTo(SIGTERM);
        }
        int id = serdes.client()
                .getLatestSchemaMetadata(config.topics().modelSnapshots() + "-key")
                .getId();
        registry.failAlways(fault, request -> request.contains("/schemas/ids/" + id + "?"));
        try (ChildApplication child = ChildApplication.run(directory, settings, "run")) {
            child.awaitOutput("Waiting for the schema registry");
            long before = cluster.committed(config).get(0);
            cluster.sendExamples(config, serdes, 100, 300);
            Cluster.await(
                    "learning beside a start that waits",
                    () -> cluster.committed(config).get(0) > before + 190);
            assertStops(child, "serving's start waits, registry " + fault);
            assertGroupsLeft("train");
        }
    }

    @Test
    void shouldStopThoughTheBrokerIsAway() throws Exception {
        stopWithoutBroker("all", false);
    }

    @ParameterizedTest
    @Tag("crash")
    @CsvSource({"train, false", "serve, false", "train, true", "serve, true", "all, true"})
    void shouldStopThoughTheBrokerDoesNotAnswer(String role, boolean standsStill) throws Exception {
        stopWithoutBroker(role, standsStill);
    }

    private void stopWithoutBroker(String role, boolean standsStill) throws Exception {
        try (ChildBroker broker = ChildBroker.start(directory.resolve("broker-" + application))) {
            prepare(broker.bootstrapServers());
            try (ChildApplication child = ChildApplication.run(directory, settings, "run", "--role", role)) {
                awaitMembers(role);
                if (standsStill) {
                    broker.standStill();
                } else {
                    broker.kill();
                }
                Thread.sleep(1000); // it notices
                assertStops(child, role + ", broker " + (standsStill ? "stands still" : "killed"));
            }
        }
    }

    @ParameterizedTest
    @Tag("crash")
    @ValueSource(strings = {"registry", "broker"})
    void shouldStopWhileItLooksWhetherTheClusterIsReady(String silent) throws Exception {
        try (ChildBroker broker = ChildBroker.start(directory.resolve("broker-" + application))) {
            prepare(broker.bootstrapServers());
            if (silent.equals("registry")) {
                registry.failAlways(Fault.SILENCE, request -> true);
            } else {
                broker.standStill();
            }
            try (ChildApplication child = ChildApplication.run(directory, settings, "run")) {
                child.awaitOutput("Kernels:");
                Thread.sleep(1000); // in its checks
                assertThat(child.isAlive()).isTrue();
                assertStops(child, "silent " + silent + " at the start");
            }
        }
    }

    private static void assertStops(ChildApplication child, String what) throws InterruptedException {
        long start = System.nanoTime();
        int code = child.terminate();
        long tookMs = (System.nanoTime() - start) / 1_000_000;
        System.out.println("stopped, " + what + ": " + tookMs + " ms");
        assertThat(code).isEqualTo(SIGTERM);
        assertThat(child.output()).contains("Stopped");
        assertThat(tookMs).as(what + "\n" + child.output()).isLessThan(LIMIT_MS);
    }

    private Stream<String> groups(String role) {
        return (role.equals("all") ? Stream.of("train", "serve") : Stream.of(role))
                .map(each -> application + "-" + each);
    }

    private void awaitMembers(String role) {
        try (Admin admin = Admin.create(config.client())) {
            Cluster.await("members", () -> groups(role).allMatch(group -> isStable(admin, group)));
        }
    }

    private static boolean isStable(Admin admin, String group) {
        try {
            var described =
                    admin.describeConsumerGroups(List.of(group)).all().get().get(group);
            return described.members().stream()
                    .anyMatch(member -> !member.assignment().topicPartitions().isEmpty());
        } catch (Exception e) {
            return false; // not yet a group
        }
    }

    private void assertGroupsLeft(String role) throws Exception {
        try (Admin admin = Admin.create(config.client())) {
            for (String group : groups(role).toList()) {
                assertThat(admin.describeConsumerGroups(List.of(group))
                                .all()
                                .get()
                                .get(group)
                                .members())
                        .as("members of " + group)
                        .isEmpty();
            }
        }
    }

    private void sendOfAnUnknownSchema(String topic) throws Exception {
        byte[] value =
                ByteBuffer.allocate(6).put((byte) 0).putInt(UNKNOWN_SCHEMA).array();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config.client(), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, value)).get();
        }
    }
}
