package io.millrace.topology.intake;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Merges the records of partitions by timestamp; equal timestamps by offset, then by partition, which is the order of a producer that deals
 * its records to the partitions in turn. The order within a partition does not change.
 *
 * <p>A partition that has unread records on its broker is waited for. One that is read to its end is waited for only a little, because
 * producers send the batches of several partitions some milliseconds apart:
 *
 * <ul>
 *   <li>A record waits for it until it is {@code GRACE_NANOS} old.
 *   <li>A record with many others behind it, which all came in one burst, waits for it five times as long if the partition had records so
 *       recently, too. One record out of order costs a learner little, and a thousand cost it much.
 * </ul>
 *
 * A silent partition therefore delays the records of the others by the grace and no more.
 */
final class PartitionMerge {
    /** The records of a partition that were fetched and are not merged yet. */
    private static final class Lane {
        final TopicPartition partition;
        final ArrayDeque<Fetched> fetched = new ArrayDeque<>();
        boolean unread = true; // whether the broker holds records behind the fetched ones, as far as is known
        long bytes;
        int records;
        long time; // highest timestamp so far, ms
        long filledNanos; // when it had records last
        ConsumerRecord<byte[], byte[]> head;

        Lane(TopicPartition partition) {
            this.partition = partition;
        }

        /** Takes the next record from the fetched ones as head; null when there is none. */
        void advance() {
            head = null;
            while (!fetched.isEmpty() && head == null) {
                head = fetched.peek().next();
                if (head == null) {
                    fetched.poll();
                }
            }
        }

        long timestamp() {
            return head.timestamp() >= 0 ? head.timestamp() : time;
        }
    }

    /** The records of one fetch. */
    private static final class Fetched {
        final List<ConsumerRecord<byte[], byte[]>> records;
        final long atNanos;
        int next;

        Fetched(List<ConsumerRecord<byte[], byte[]>> records, long atNanos) {
            this.records = records;
            this.atNanos = atNanos;
        }

        ConsumerRecord<byte[], byte[]> next() {
            return next < records.size() ? records.get(next++) : null;
        }
    }

    private static final Comparator<Lane> ORDER = Comparator.comparingLong(Lane::timestamp)
            .thenComparingLong(lane -> lane.head.offset())
            .thenComparingInt(lane -> lane.partition.partition());

    /** Longer than Kafka's default linger of 5 ms, and short for a learner. */
    static final long GRACE_NANOS = 50_000_000;

    static final long BURST_GRACE_NANOS = 5 * GRACE_NANOS;
    private static final int BURST = 100;

    private final Map<TopicPartition, Lane> lanes = new HashMap<>();
    private final PriorityQueue<Lane> filled = new PriorityQueue<>(ORDER);
    private final Set<Lane> awaited = new HashSet<>(); // nothing fetched, and unread records on the broker
    private long timestamp;
    private long emptyNanos; // when one of the partitions without records had some last

    /**
     * Adds a partition; until something else is known, it counts as one with unread records.
     *
     * @param nowNanos a clock's time
     */
    void open(TopicPartition partition, long nowNanos) {
        Lane lane = new Lane(partition);
        lane.filledNanos = nowNanos;
        lanes.put(partition, lane);
        awaited.add(lane);
    }

    /** Forgets a partition and its records. */
    void close(TopicPartition partition) {
        Lane lane = lanes.remove(partition);
        filled.remove(lane);
        awaited.remove(lane);
        noteEmpty();
    }

    Collection<TopicPartition> partitions() {
        return lanes.keySet();
    }

    /**
     * Adds records of a partition, behind those that it has.
     *
     * @param nowNanos a clock's time
     */
    void add(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records, long nowNanos) {
        Lane lane = lanes.get(partition);
        for (ConsumerRecord<byte[], byte[]> record : records) {
            lane.bytes += bytes(record);
        }
        lane.records += records.size();
        lane.fetched.add(new Fetched(records, nowNanos));
        lane.filledNanos = nowNanos;
        if (lane.head == null) {
            fill(lane);
            noteEmpty();
        }
    }

    private static long bytes(ConsumerRecord<byte[], byte[]> record) {
        return Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
    }

    private void fill(Lane lane) {
        lane.advance();
        if (lane.head != null) {
            filled.add(lane);
        }
        await(lane);
    }

    private void noteEmpty() {
        emptyNanos = Long.MIN_VALUE;
        for (Lane lane : lanes.values()) {
            if (lane.head == null) {
                emptyNanos = Math.max(emptyNanos, lane.filledNanos);
            }
        }
    }

    private void await(Lane lane) {
        if (lane.head == null && lane.unread) {
            awaited.add(lane);
        } else {
            awaited.remove(lane);
        }
    }

    /** Notes whether the broker holds records of a partition behind those that were added. */
    void unread(TopicPartition partition, boolean unread) {
        Lane lane = lanes.get(partition);
        if (lane.unread != unread) {
            lane.unread = unread;
            await(lane);
        }
    }

    /**
     * Removes the next record.
     *
     * @return null when there is none, or when it must wait for another partition
     */
    ConsumerRecord<byte[], byte[]> next(long nowNanos) {
        if (filled.isEmpty() || waitNanos(nowNanos) > 0) {
            return null;
        }
        Lane lane = filled.poll();
        ConsumerRecord<byte[], byte[]> record = lane.head;
        timestamp = lane.timestamp();
        lane.time = Math.max(lane.time, timestamp);
        lane.bytes -= bytes(record);
        lane.records--;
        fill(lane);
        if (lane.head == null) {
            lane.filledNanos = nowNanos;
            noteEmpty();
        }
        return record;
    }

    /** The timestamp of the record that was removed last. One without a timestamp has the latest of its partition. */
    long timestamp() {
        return timestamp;
    }

    /** How long the next record must wait unless more are added; 0 when it need not, or when there is none. */
    long waitNanos(long nowNanos) {
        if (filled.isEmpty() || filled.size() == lanes.size()) {
            return 0;
        }
        if (!awaited.isEmpty()) {
            return Long.MAX_VALUE;
        }
        Lane first = filled.peek();
        long age = nowNanos - first.fetched.peek().atNanos;
        long wait = GRACE_NANOS - age;
        if (first.records >= BURST) {
            wait = Math.max(wait, BURST_GRACE_NANOS - Math.max(age, nowNanos - emptyNanos));
        }
        return Math.max(0, wait);
    }

    /** The offset of the first record of a partition that was added and not removed; -1 when there is none. */
    long nextOffset(TopicPartition partition) {
        Lane lane = lanes.get(partition);
        return lane.head == null ? -1 : lane.head.offset();
    }

    /** Number of a partition's records that wait. */
    int records(TopicPartition partition) {
        return lanes.get(partition).records;
    }

    /** Bytes of a partition's keys and values that wait. */
    long bytes(TopicPartition partition) {
        return lanes.get(partition).bytes;
    }
}
