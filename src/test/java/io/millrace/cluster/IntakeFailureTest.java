package io.millrace.cluster;

import io.millrace.cluster.FailingClients.Fault;
import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import io.millrace.topology.Application;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The intake's calls fail, and others take its place in the middle of a transaction: each record is copied once and learned once. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class IntakeFailureTest {
    private static int applications;

    private OneModelRuns runs;
    private Cluster cluster;
    private MillraceConfig config;
    private Application application;
    private int restarts;

    @BeforeEach
    void start(Cluster shared) {
        cluster = shared;
        runs = new OneModelRuns(cluster);
        config = runs.config(
                "failing-intake-" + applications++, 3, "train.default.client.supplier", FailingClients.class.getName());
        FailingClients.aimAt(config.applicationId().intake());
        application = runs.started(config);
    }

    @AfterEach
    void stop() {
        FailingClients.aimAt("");
        runs.stop(application);
    }

    @Test
    void shouldCopyEachRecordOnceWhenACallFailsOrAnotherTakesItsPlace() {
        disturb(1, Fault.SEND, Fault.COMMIT_LOST, Fault.COMMIT_UNANSWERED);
    }

    @Test
    @Tag("crash")
    void shouldCopyEachRecordOnceWhicheverCallFails() {
        disturb(6, Fault.SEND, Fault.SEND_TIMEOUT, Fault.OFFSETS, Fault.COMMIT_LOST, Fault.COMMIT_UNANSWERED);
    }

    private void disturb(int times, Fault... faults) {
        Feeding feeding = Feeding.start(cluster, config, cluster.serdes(), 100, 100);
        awaitProgress("the start");
        for (int nth = 1; nth <= times; nth++) {
            for (Fault fault : faults) {
                FailingClients.arm(fault, nth);
                Cluster.await(fault + " " + nth, FailingClients::fired);
                awaitProgress(fault + " " + nth);
            }
            once(FailingClients::beforeOffsets, this::removeMember);
            once(FailingClients::beforeCommit, this::fence);
        }
        int examples = feeding.stop();
        runs.awaitLearned(config, examples);
        forgetWhileItWaits();
        runs.send(config, examples, examples + 100);
        examples += 100;
        runs.awaitLearned(config, examples);
        System.out.println("intake disturbed " + (times * (faults.length + 2) + 1) + " times over " + examples
                + " examples, " + restarts + " restarts");
        runs.assertLearnedOnce(config, examples);
    }

    private void once(Consumer<Runnable> moment, Runnable work) {
        CountDownLatch done = new CountDownLatch(1);
        moment.accept(() -> {
            work.run();
            done.countDown();
        });
        Cluster.await("the moment", () -> done.getCount() == 0);
        awaitProgress("another one in its place");
    }

    /** As another owner of the partitions does. */
    private void fence() {
        Map<String, Object> settings = StreamsProperties.intakeProducer(config);
        try (KafkaProducer<byte[], byte[]> other =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            other.initTransactions();
        }
    }

    /** As a coordinator does that has heard nothing for a session. */
    private void removeMember() {
        try (Admin admin = Admin.create(config.client())) {
            admin.removeMembersFromConsumerGroup(
                            config.applicationId().intake(), new RemoveMembersFromConsumerGroupOptions())
                    .all()
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /** No transaction is open, so that it hears of it while it polls. */
    private void forgetWhileItWaits() {
        String before = members();
        removeMember();
        Cluster.await(
                "another session", () -> !members().isEmpty() && !members().equals(before));
    }

    private String members() {
        String group = config.applicationId().intake();
        try (Admin admin = Admin.create(config.client())) {
            return admin.describeConsumerGroups(List.of(group)).describedGroups().get(group).get().members().stream()
                    .map(MemberDescription::consumerId)
                    .collect(Collectors.joining());
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /** A send that fails for no known reason stops the application; it is started again as whatever supervises the process would. */
    private void restartIfItStopped() {
        if (application.state() == KafkaStreams.State.ERROR) {
            runs.stop(application);
            restarts++;
            application = runs.started(config);
        }
    }

    private void awaitProgress(String after) {
        MillraceConfig learning = config.learningFromLog();
        List<Long> before = List.copyOf(cluster.committed(learning).values());
        Cluster.await("progress after " + after, () -> {
            restartIfItStopped();
            List<Long> now = List.copyOf(cluster.committed(learning).values());
            return !now.isEmpty() && !now.equals(before);
        });
    }
}
