package io.millrace.topology;

import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.intake.Intake;
import io.millrace.topology.serving.LiveModel;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.KafkaStreams.StateListener;

/** Training or serving, with the intake if training reads the learning log. They start, fail and stop together. */
public final class Application {
    private final KafkaStreams streams;
    private final Intake intake; // null: there is none
    private StateListener listener = (now, before) -> {};
    private volatile boolean outgrown;
    private volatile boolean intakeFailed;

    private Application(KafkaStreams streams, MillraceConfig log) {
        this.streams = streams;
        intake = log == null ? null : new Intake(log, this::intakeFailed);
    }

    /**
     * @param config checked configuration that {@code ClusterCheck.scoped} returned
     * @param serdes Avro serdes on its registry
     * @return the training application, not started
     */
    public static Application training(MillraceConfig config, AvroSerdes serdes) {
        Application[] made = new Application[1];
        KafkaStreams streams = MillraceStreams.training(config, serdes, () -> made[0].outgrown = true);
        made[0] = new Application(streams, config.topics().learnsFromLog() ? config : null);
        return made[0];
    }

    /**
     * @param config checked configuration
     * @param serdes Avro serdes on its registry
     * @return the serving application, not started
     */
    public static Application serving(MillraceConfig config, AvroSerdes serdes) {
        return serving(config, serdes, new LiveModel(config.modelName()));
    }

    /**
     * @param config checked configuration
     * @param serdes Avro serdes on its registry
     * @param liveModel receives the versions and answers; new
     * @return the serving application, not started
     */
    public static Application serving(MillraceConfig config, AvroSerdes serdes, LiveModel liveModel) {
        return new Application(MillraceStreams.serving(config, serdes, liveModel), null);
    }

    /** @param listener learns of changes of the state; call this before the start */
    public void listen(StateListener listener) {
        this.listener = listener;
        streams.setStateListener(listener);
    }

    /** Returns when Kafka Streams has started its threads. */
    public void start() {
        if (intake != null) {
            intake.start();
        }
        streams.start();
    }

    private void intakeFailed() {
        intakeFailed = true;
        listener.onChange(State.ERROR, State.RUNNING);
    }

    /** @return state of Kafka Streams; ERROR when the intake has failed */
    public State state() {
        return intakeFailed ? State.ERROR : streams.state();
    }

    /** Metrics of Kafka Streams and its clients, Millrace's among them, and of the intake's consumer. */
    public Map<MetricName, Metric> metrics() {
        Map<MetricName, Metric> metrics = new HashMap<>(streams.metrics());
        if (intake != null) {
            metrics.putAll(intake.metrics());
        }
        return metrics;
    }

    /**
     * @return whether training has stopped because partitions were added to the only one, so that a new application must read the learning
     *     log
     */
    public boolean isOutgrown() {
        return outgrown;
    }

    /**
     * Stops in order: commits, and leaves the groups. Other instances take over at once.
     *
     * @param timeout how long to wait
     * @return whether everything ended in that time
     */
    public boolean stop(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        if (intake != null) {
            intake.stop();
        }
        boolean ended = MillraceStreams.stop(streams, timeout);
        try {
            return (intake == null || intake.awaitEnd(Duration.ofNanos(Math.max(0, deadline - System.nanoTime()))))
                    && ended;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
