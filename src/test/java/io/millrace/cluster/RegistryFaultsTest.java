package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.avro.Example;
import io.millrace.cluster.FailingRegistry.Fault;
import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.records.FloatVector;
import io.millrace.topology.audit.Verification;
import io.millrace.topology.startup.ClusterCheck;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The n-th call to the schema registry fails, for n = 1, 2, 3...: nothing is lost and nothing counted twice. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class RegistryFaultsTest {
    private static final long SEED = Long.getLong("crash.seed", System.nanoTime());
    private static final int BATCH = 64;
    private static final int EXAMPLES = 5 * BATCH;
    private static final int LATER = 4;
    /** The registry is reached; three schemas are prepared, one is read, and one is written of examples that are refused, or read. */
    private static final int CALLS = 6;

    private static final int READING = 5;
    /** The registry's client asks again by itself, unless told not to. */
    private static final String[] ASKED_ONCE = {"max.retries", "0"};

    private Cluster cluster;
    private FailingRegistry registry;
    private static int applications;

    @BeforeEach
    void start(Cluster shared) {
        cluster = shared;
        registry = FailingRegistry.before(cluster.registry().url());
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void shouldLearnTheSameThoughEachCallToTheRegistryFailsOnce() throws Exception {
        System.out.println("crash.seed=" + SEED);
        Random random = new Random(SEED);
        Fault[] faults = {Fault.RESET, Fault.UNAVAILABLE, Fault.INTERNAL, Fault.HANG_UP, Fault.TRUNCATED, Fault.EMPTY};
        registry.armEach(() -> faults[random.nextInt(faults.length)]);
        assertSameBits("wait", ASKED_ONCE);
        assertThat(registry.requests()).hasSize(CALLS);
        assertThat(registry.failed()).isGreaterThanOrEqualTo(CALLS);
    }

    @Test
    @Tag("crash")
    void shouldLearnTheSameWhicheverCallToTheRegistryFails() throws Exception {
        for (Fault fault : Fault.values()) {
            for (int nth = 1; nth <= CALLS; nth++) {
                assertSameBits(fault, nth, "wait");
            }
            assertSameBits(fault, READING, "dead_letter");
        }
    }

    private void assertSameBits(Fault fault, int nth, String unavailable) throws Exception {
        // two silences outlast the time after which a record is given up
        registry.arm(fault, nth, fault == Fault.SILENCE ? 1 : 1 + nth % 2);
        assertSameBits(unavailable, ASKED_ONCE);
        assertThat(registry.failed()).isPositive();
    }

    /** A silent registry costs most time: a transaction that is open must not time out again and again. */
    @Test
    @Tag("crash")
    void shouldKeepAsADeadLetterWhatASilentRegistryDoesNotTell() throws Exception {
        keepAsADeadLetter(Fault.SILENCE);
    }

    @Test
    @Tag("crash")
    void shouldKeepAsADeadLetterWhatAFailingRegistryDoesNotTell() throws Exception {
        keepAsADeadLetter(Fault.UNAVAILABLE);
    }

    private void keepAsADeadLetter(Fault fault) throws Exception {
        registry.arm(fault, CALLS, 1000); // the last schema that is asked for
        assertThat(learn(
                        "dead_letter",
                        Last.OF_A_LATER_SCHEMA,
                        "train.commit.interval.ms",
                        "1000",
                        "producer.transaction.timeout.ms",
                        "10000"))
                .as("numbers of the examples in the dead letters")
                .hasSize(LATER)
                .allMatch(number -> number >= EXAMPLES);
    }

    private void assertSameBits(String unavailable, String... changes) throws Exception {
        assertThat(learn(unavailable, Last.REFUSED, changes))
                .as("numbers of the examples in the dead letters")
                .hasSize(BATCH)
                .allMatch(number -> number >= EXAMPLES);
    }

    /** What follows the examples that any learner takes. */
    private enum Last {
        /** A mini-batch that is refused. */
        REFUSED,
        OF_A_LATER_SCHEMA
    }

    /**
     * Learns with an application of its own, and holds all that it published against an uninterrupted run.
     *
     * @return numbers of the examples that are in the dead letters
     */
    private Set<Integer> learn(String unavailable, Last last, String... changes) throws Exception {
        Map<String, String> settings = cluster.settings("registry-faults-" + applications++, changes);
        settings.put("validation.report.examples", String.valueOf(BATCH));
        settings.put("snapshot.history", "10000");
        settings.put("standardize.features", "false"); // what would be clipped ruins a batch
        settings.put("guard.outlier.factor", "0");
        settings.put("registry.unavailable", unavailable);
        MillraceConfig producing = MillraceConfig.of(settings);
        settings.put("schema.registry.url", registry.url());
        MillraceConfig learning = MillraceConfig.of(settings);
        try (AvroSerdes serdes = new AvroSerdes(producing.registry())) {
            new ClusterCheck(producing).prepare(serdes);
            cluster.sendExamples(producing, serdes, 0, EXAMPLES);
            int sent = EXAMPLES + send(last, producing, serdes);
            Recovery recovery = new Recovery();
            recovery.killed();
            try (SupervisedTraining training = new SupervisedTraining(learning)) {
                Cluster.await(registry.toString(), () -> {
                    training.restartIfItStopped();
                    return cluster.committed(learning).getOrDefault(0, 0L) == sent;
                });
                recovery.recovered();
                System.out.println(
                        registry + ", " + unavailable + ": " + training.restarts() + " restarts, " + recovery);
            }
            Set<Integer> dead =
                    cluster.read(producing, producing.topics().deadLetters(), new ByteArrayDeserializer()).stream()
                            .map(RegistryFaultsTest::offset)
                            .collect(Collectors.toSet());
            UninterruptedRun.assertSame(cluster, producing, serdes, EXAMPLES, 1, dead);
            try (Verification verification = new Verification(producing, serdes)) { // the registry tells all today
                assertThat(verification.verify(0, null).equal()).isTrue();
            }
            return dead;
        }
    }

    private static int offset(ConsumerRecord<byte[], byte[]> letter) {
        return Integer.parseInt(
                new String(letter.headers().lastHeader("millrace.offset").value(), StandardCharsets.UTF_8));
    }

    private static int send(Last last, MillraceConfig config, AvroSerdes serdes) throws Exception {
        if (last == Last.OF_A_LATER_SCHEMA) {
            byte[] later = LaterExample.bytes(serdes, config);
            for (int i = 0; i < LATER; i++) {
                LaterExample.send(config, later);
            }
            return LATER;
        }
        float most = Float.MAX_VALUE; // the loss is infinite
        Example bad = new Example(new FloatVector(new float[] {most, most}), "no", 1f);
        try (KafkaProducer<byte[], Example> producer = new KafkaProducer<>(
                config.client(),
                new ByteArraySerializer(),
                serdes.valueSerde(Example.class).serializer())) {
            for (int i = 0; i < BATCH; i++) {
                producer.send(new ProducerRecord<>(config.topics().examples(), 0, 2_000_000L + i, null, bad));
            }
        }
        return BATCH;
    }
}
