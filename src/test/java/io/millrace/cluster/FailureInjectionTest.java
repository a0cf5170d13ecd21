package io.millrace.cluster;

import io.millrace.cluster.FailingClients.Fault;
import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.MillraceStreams;
import io.millrace.topology.startup.ClusterCheck;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The n-th write, send or commit fails, for n = 1, 2, 3...: learning goes on from the last commit, and ends as if nothing had happened. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class FailureInjectionTest {
    private static int applications;

    private Cluster cluster;
    private MillraceConfig config;
    private AvroSerdes serdes;
    private KafkaStreams training;
    private int restarts;

    @BeforeEach
    void startTraining(Cluster shared) {
        cluster = shared;
        config = MillraceConfig.of(cluster.settings(
                "injected-" + applications++,
                "train.default.client.supplier",
                FailingClients.class.getName(),
                "validation.report.examples",
                "64",
                "snapshot.history",
                "10000"));
        serdes = cluster.serdes();
        new ClusterCheck(config).prepare(serdes);
        start();
    }

    @AfterEach
    void stop() {
        MillraceStreams.stop(training, Duration.ofSeconds(20));
    }

    private void start() {
        training = MillraceStreams.training(config, serdes);
        training.start();
    }

    /** As whatever supervises the process would. */
    private void restartIfItStopped() {
        if (training.state() == KafkaStreams.State.ERROR) {
            MillraceStreams.stop(training, Duration.ofSeconds(20));
            restarts++;
            start();
        }
    }

    /** A commit that timed out once made Kafka Streams skip the examples between the last commit and the last fetch. */
    @Test
    void shouldLearnTheSameWhenAStoreWriteASendOrACommitFails() {
        inject(2, Fault.STORE_WRITE, Fault.SEND_TIMEOUT, Fault.COMMIT_LOST);
    }

    @Test
    @Tag("crash")
    void shouldLearnTheSameWhicheverCallFails() {
        inject(6, Fault.values());
    }

    private void inject(int upTo, Fault... faults) {
        Feeding feeding = Feeding.start(cluster, config, serdes, 100, 100);
        awaitProgress("the start");
        for (Fault fault : faults) {
            Recovery recovery = new Recovery();
            restarts = 0;
            for (int nth = 1; nth <= upTo; nth++) {
                FailingClients.arm(fault, nth);
                Cluster.await(fault + " " + nth, FailingClients::fired);
                recovery.killed();
                awaitProgress(fault + " " + nth);
                recovery.recovered();
            }
            System.out.println(fault + ", n = 1 to " + upTo + ": " + restarts + " restarts, " + recovery);
        }
        int examples = feeding.stop();
        cluster.awaitCommitted(config, examples);
        UninterruptedRun.assertSame(cluster, config, serdes, examples, 1);
    }

    private void awaitProgress(String after) {
        Map<Integer, Long> before = cluster.committed(config);
        Cluster.await("progress after " + after, () -> {
            restartIfItStopped();
            return cluster.committed(config).getOrDefault(0, 0L) > before.getOrDefault(0, 0L);
        });
    }
}
