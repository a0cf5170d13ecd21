package io.millrace.cluster;

import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.MillraceStreams;
import io.millrace.topology.cluster.ClusterNotReadyException;
import io.millrace.topology.startup.ClusterCheck;
import java.time.Duration;
import org.apache.kafka.streams.KafkaStreams;

/** What {@code run --role train} does, in this JVM, and whoever starts it again when it has exited. */
final class SupervisedTraining implements AutoCloseable {
    private static final int MOST_RESTARTS = 100;

    private final MillraceConfig config;
    private AvroSerdes serdes;
    private KafkaStreams training;
    private int restarts;

    SupervisedTraining(MillraceConfig config) {
        this.config = config;
        start();
    }

    private void start() {
        while (training == null) {
            serdes = new AvroSerdes(config.registry());
            try {
                new ClusterCheck(config).prepare(serdes);
                training = MillraceStreams.training(config, serdes);
            } catch (ClusterNotReadyException e) {
                serdes.close();
                if (++restarts == MOST_RESTARTS) {
                    throw e;
                }
                pause();
            }
        }
        training.start();
    }

    /** Nobody starts a process a hundred times a second. */
    private static void pause() {
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    void restartIfItStopped() {
        if (training.state() == KafkaStreams.State.ERROR) {
            close();
            restarts++;
            start();
        }
    }

    int restarts() {
        return restarts;
    }

    @Override
    public void close() {
        MillraceStreams.stop(training, Duration.ofSeconds(20));
        training = null;
        serdes.close();
    }
}
