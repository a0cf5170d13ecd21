package io.millrace.topology.serving;

import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSnapshotKey;
import io.millrace.config.MillraceConfig;
import io.millrace.input.RegistryRetryingDeserializer;
import io.millrace.learner.input.BadInputException;
import io.millrace.records.AvroSerdes;
import io.millrace.records.RegistryUnavailableException;
import io.millrace.topology.record.Measure;
import io.millrace.topology.record.TaskMetrics;
import io.millrace.topology.snapshot.SnapshotDecoder;
import java.time.Duration;
import java.util.function.Function;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Updates the live model from the snapshots topic. During a restore, another instance of this class runs. What must outlive an instance is
 * in the {@link LiveModel}, which has then already seen the topic in its order. Kafka Streams requires a global store; it stays empty,
 * because it would hold the weights a second time.
 */
public final class SnapshotReceiver implements Processor<byte[], byte[], Void, Void> {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotReceiver.class);
    private static final Headers NONE = new RecordHeaders();
    /** Waits without end, because the global thread cannot be started again. */
    private static final Duration PATIENCE = Duration.ofDays(1);

    private final LiveModel liveModel;
    private final AvroSerdes serdes;
    private final String topic;
    private final SnapshotDecoder decoder;
    private ProcessorContext<Void, Void> context;

    public SnapshotReceiver(LiveModel liveModel, MillraceConfig config, AvroSerdes serdes) {
        this.liveModel = liveModel;
        this.serdes = serdes;
        topic = config.topics().modelSnapshots();
        decoder = new SnapshotDecoder(
                config,
                waiting(serdes, serdes.keySerde(ModelSnapshotKey.class).deserializer()),
                waiting(serdes, serdes.valueSerde(ModelSnapshot.class).deserializer()));
    }

    /** Waits while the registry is unavailable. */
    private <T> Function<byte[], T> waiting(AvroSerdes serdes, Deserializer<T> deserializer) {
        RegistryRetryingDeserializer<T> patient =
                new RegistryRetryingDeserializer<>(serdes, deserializer, topic, PATIENCE);
        return bytes -> patient.deserialize(NONE, bytes);
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        this.context = context;
        // never closed: the instance of a restore and the one after it show the same model
        TaskMetrics metrics = TaskMetrics.of(context, "served");
        metrics.gauge(Measure.SERVED_VERSION, now -> liveModel.replicas().version());
        metrics.gauge(Measure.SERVED_AGE, now -> secondsSince(liveModel.writtenAt(), now));
        metrics.gauge(Measure.FRESHNESS, now -> secondsSince(liveModel.newestEvent(), now));
        metrics.gauge(Measure.REGISTRY_UP, now -> serdes.registryAnswered() ? 1 : 0);
    }

    private static double secondsSince(long time, long now) {
        return time < 0 ? Double.NaN : (now - time) / 1e3;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        try {
            ModelSnapshotKey key = decoder.key(record.key());
            if (key == null || key.getChunk() < 0) {
                return; // of another model, or a learner's state, which is large and which predictions do not need
            }
            ModelSnapshot chunk = decoder.value(key, record.value());
            if (chunk == null) {
                liveModel.remove(key);
            } else if (liveModel.add(chunk, offset())) {
                liveModel.written(record.timestamp());
            }
        } catch (RegistryUnavailableException e) {
            throw e; // the record itself may be good
        } catch (BadInputException | SerializationException | IllegalStateException | IllegalArgumentException e) {
            LOG.error("A snapshot in {} cannot be used and is skipped: {}", topic, e.getMessage());
        }
    }

    private long offset() {
        return context.recordMetadata()
                .orElseThrow(() -> new IllegalStateException("a snapshot has no offset, which tells how old it is"))
                .offset();
    }
}
