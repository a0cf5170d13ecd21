package io.millrace.topology.training;

import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSnapshotKey;
import io.millrace.config.MillraceConfig;
import io.millrace.learner.Learner;
import io.millrace.topology.history.Lineage;
import io.millrace.topology.record.CheckpointDue;
import io.millrace.topology.record.Measure;
import io.millrace.topology.record.RecordKey;
import io.millrace.topology.record.Tally;
import io.millrace.topology.record.TaskMetrics;
import io.millrace.topology.snapshot.Snapshots;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs inside a commit. Writes the live learner to its stores, publishes the weights to serve as a snapshot if they are new, and deletes
 * the chunks of versions that are older than the history. After a reset it runs at once and deletes all versions. Kafka Streams' metrics
 * show how long a checkpoint takes ({@code
 * stream-millrace-metrics}, {@code checkpoint-latency-avg} and {@code -max} in ms, by task).
 */
public final class CheckpointProcessor implements Processor<RecordKey, CheckpointDue, ModelSnapshotKey, ModelSnapshot> {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointProcessor.class);
    private static final long LONG_NS = 1_000_000_000;
    private static final Duration AT_ONCE = Duration.ofMillis(1);

    private final MillraceConfig config;
    private final IdleCommits commits;
    private ProcessorContext<ModelSnapshotKey, ModelSnapshot> context;
    private Snapshots snapshots;
    private LearnerStore store;
    private Sensor latency;
    private TaskMetrics metrics;
    private Tally seconds;
    private Tally size;
    private Tally newest; // version that was published last
    private Tally publishedAt; // ms; before the first version, the start of the task
    private Cancellable beginning;

    public CheckpointProcessor(MillraceConfig config, IdleCommits commits) {
        this.config = config;
        this.commits = commits;
    }

    @Override
    public void init(ProcessorContext<ModelSnapshotKey, ModelSnapshot> context) {
        this.context = context;
        snapshots = new Snapshots(config.modelName(), context.taskId().partition());
        store = context.getStateStore(LearnerStore.NAME);
        latency = context.metrics()
                .addLatencyRateTotalSensor(
                        "millrace", context.taskId().toString(), "checkpoint", Sensor.RecordingLevel.INFO);
        metrics = TaskMetrics.of(context, "checkpoints");
        seconds = metrics.tally(Measure.CHECKPOINT_SECONDS);
        size = metrics.tally(Measure.CHECKPOINT_BYTES);
        newest = metrics.tally(Measure.PUBLISHED_VERSION);
        publishedAt = new Tally();
        publishedAt.set(context.currentSystemTimeMs());
        metrics.gauge(Measure.PUBLISHED_AGE, now -> (now - publishedAt.get()) / 1e3);
        beginning = context.schedule(AT_ONCE, PunctuationType.WALL_CLOCK_TIME, now -> begin());
    }

    /**
     * Runs a checkpoint at once after a reset. The partition may get no example for a long time, and until then its old versions would stay
     * and answer requests.
     */
    private void begin() {
        beginning.cancel();
        for (StoredLearner stored : store.all()) {
            if (stored.replaced() != null) {
                checkpoint(stored);
            }
        }
    }

    @Override
    public void process(Record<RecordKey, CheckpointDue> record) {
        store.takeChanged().forEach(this::timedCheckpoint);
    }

    private void timedCheckpoint(StoredLearner stored) {
        long start = System.nanoTime();
        checkpoint(stored);
        long ns = System.nanoTime() - start;
        latency.record(ns / 1e6);
        seconds.add(ns / 1e9);
        if (ns >= LONG_NS) {
            LOG.info(
                    "Model {}, partition {}: the checkpoint at version {} took {} ms, and learning waits"
                            + " during that time; train.commit.interval.ms sets how often this happens",
                    config.modelName(),
                    context.taskId().partition(),
                    stored.learner().version(),
                    ns / 1_000_000);
        }
    }

    private void checkpoint(StoredLearner stored) {
        if (stored.replaced() != null) {
            StoredLearner.Replaced former = stored.replaced();
            stored.published().forEach(version -> delete(version, former.lineage(), former.chunks()));
            stored.published(List.of());
        }
        List<byte[]> state = stored.checkpoint();
        size.set(bytes(state));
        long written = stored.written();
        List<Long> published = new ArrayList<>(stored.published());
        long last = published.isEmpty() ? 0 : published.get(published.size() - 1);
        Learner learner = stored.learner();
        // the best weights may stay the best for many commits: publish each version once, and none from before features
        // were added
        long served = learner.servedVersion();
        if (served > last
                && served > stored.lineage().grownAt()
                && learner.version() - last >= config.snapshotMinExamples()) {
            written += publish(stored, state, published);
        }
        commits.committed(written);
    }

    /** Returns the bytes that it has written. */
    private long publish(StoredLearner stored, List<byte[]> state, List<Long> published) {
        Learner learner = stored.learner();
        long version = learner.servedVersion();
        List<byte[]> carried = bytes(state) <= config.snapshotStateMaxBytes() ? state : List.of();
        List<ModelSnapshot> chunks = snapshots.publish(learner, carried, stored.lineage());
        chunks.forEach(chunk -> write(snapshots.key(version, chunk.getChunk()), chunk));
        newest.set(version);
        publishedAt.set(context.currentSystemTimeMs());
        published.add(version);
        while (published.size() > config.snapshotHistory()) {
            delete(published.remove(0), stored.lineage(), chunks.size() - carried.size());
        }
        stored.published(published);
        return bytes(carried) + (long) chunks.get(carried.size()).getParameterCount() * Float.BYTES;
    }

    /** @param chunks at least the number of chunks of its weights; deleting more is harmless */
    private void delete(long version, Lineage lineage, int chunks) {
        for (int chunk = -lineage.remove(version); chunk < chunks; chunk++) {
            write(snapshots.key(version, chunk), null);
        }
    }

    /** Forwards with the current time, which every broker accepts; the event time is in the content. */
    private void write(ModelSnapshotKey key, ModelSnapshot chunk) {
        context.forward(new Record<>(key, chunk, context.currentSystemTimeMs()));
    }

    @Override
    public void close() {
        context.metrics().removeSensor(latency);
        metrics.close();
    }

    private static long bytes(List<byte[]> chunks) {
        return chunks.stream().mapToLong(chunk -> chunk.length).sum();
    }
}
