package io.millrace.topology.training;

import io.millrace.topology.record.RecordKey;
import io.millrace.topology.record.TrainingEvent;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/** Learns the records of a partition in their order, at once or later. Only the stream thread calls it. */
interface RecordLearner {
    /**
     * Takes a record, whether it is an example or not.
     *
     * @param arrival the caller reuses it
     */
    void learn(Arrival arrival);

    /** Returns when all records that it has taken are learned. Then, until the next {@link #learn}, the learner belongs to the caller. */
    void await();

    /**
     * Takes the next event out of those that the learned records have caused and that nobody has forwarded yet. Its timestamp is to be set
     * to the time at which it is written.
     *
     * @return null: there is none now
     */
    FixedKeyRecord<RecordKey, TrainingEvent> said();

    /** Ends. Records that are not learned yet are dropped; no transaction has committed them. */
    void close();
}
