package io.millrace.topology.training;

import io.millrace.topology.record.CheckpointDue;
import io.millrace.topology.record.RecordKey;
import io.millrace.topology.record.TrainingEvent;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Runs inside a commit, before the checkpoint: waits until all records that the transaction contains are learned, forwards what their learners
 * have said, and then the {@link CheckpointDue}.
 */
public final class CatchUpProcessor implements Processor<RecordKey, CheckpointDue, RecordKey, TrainingEvent> {
    private ProcessorContext<RecordKey, TrainingEvent> context;
    private LearnerStore store;
    private boolean closed;

    @Override
    public void init(ProcessorContext<RecordKey, TrainingEvent> context) {
        this.context = context;
        store = context.getStateStore(LearnerStore.NAME);
        closed = false;
    }

    @Override
    public void process(Record<RecordKey, CheckpointDue> record) {
        if (closed) {
            return; // the cache of a failed task is flushed after its end: its last changes must not be written
        }
        for (StoredLearner stored : store.all()) {
            RecordLearner records = stored.records();
            records.await();
            for (FixedKeyRecord<RecordKey, TrainingEvent> event = records.said();
                    event != null;
                    event = records.said()) {
                context.forward(
                        new Record<>(event.key(), event.value(), context.currentSystemTimeMs(), event.headers()));
            }
        }
        context.forward(new Record<>(record.key(), record.value(), record.timestamp(), record.headers()));
    }

    @Override
    public void close() {
        closed = true;
    }
}
