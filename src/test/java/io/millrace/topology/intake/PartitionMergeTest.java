package io.millrace.topology.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** In which order records of several partitions are copied, and which of them wait. */
class PartitionMergeTest {
    private static final long LATER = PartitionMerge.GRACE_NANOS;
    private static final long MUCH_LATER = PartitionMerge.BURST_GRACE_NANOS;

    private final PartitionMerge merge = new PartitionMerge();

    private static TopicPartition partition(int number) {
        return new TopicPartition("examples", number);
    }

    private static ConsumerRecord<byte[], byte[]> record(int partition, long offset, long timestamp) {
        return new ConsumerRecord<>(
                "examples",
                partition,
                offset,
                timestamp,
                TimestampType.CREATE_TIME,
                -1,
                1,
                null,
                new byte[1],
                new RecordHeaders(),
                Optional.empty());
    }

    private void open(int partitions) {
        for (int i = 0; i < partitions; i++) {
            merge.open(partition(i), 0);
        }
    }

    private void add(int partition, long offset, long timestamp) {
        merge.add(partition(partition), List.of(record(partition, offset, timestamp)), 0);
    }

    /** All records that need not wait at this time, each as partition@offset. */
    private List<String> taken(long now) {
        List<String> taken = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> next = merge.next(now); next != null; next = merge.next(now)) {
            taken.add(next.partition() + "@" + next.offset());
        }
        return taken;
    }

    @Test
    void shouldTakeTheEarliestFirstAndOfEqualTimesTheLowerOffsetThenTheLowerPartition() {
        open(3);
        merge.add(partition(0), List.of(record(0, 5, 10), record(0, 6, 30)), 0);
        merge.add(partition(1), List.of(record(1, 5, 10), record(1, 6, 20)), 0);
        merge.add(partition(2), List.of(record(2, 4, 10), record(2, 5, 40)), 0);
        assertThat(taken(0)).containsExactly("2@4", "0@5", "1@5", "1@6");
        assertThat(merge.nextOffset(partition(0))).isEqualTo(6);
        assertThat(merge.nextOffset(partition(1))).isEqualTo(-1);
    }

    @Test
    void shouldWaitForAPartitionWithUnreadRecordsHoweverLongItTakes() {
        open(2);
        add(0, 0, 100);
        assertThat(merge.waitNanos(MUCH_LATER * 1000)).isEqualTo(Long.MAX_VALUE);
        assertThat(taken(MUCH_LATER * 1000)).isEmpty();
        add(1, 0, 50);
        assertThat(taken(0)).containsExactly("1@0");
        merge.unread(partition(1), false);
        assertThat(taken(LATER)).containsExactly("0@0");
    }

    @Test
    void shouldWaitAShortTimeForAPartitionThatIsReadToItsEnd() {
        open(2);
        merge.unread(partition(1), false);
        add(0, 0, 100);
        assertThat(taken(LATER - 1)).isEmpty();
        assertThat(merge.waitNanos(LATER - 1)).isEqualTo(1);
        assertThat(taken(LATER)).containsExactly("0@0");
    }

    @Test
    void shouldWaitLongerInABurstButNotForAPartitionThatHasBeenSilentForLong() {
        open(2);
        merge.unread(partition(1), false);
        List<ConsumerRecord<byte[], byte[]>> burst = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            burst.add(record(0, i, i));
        }
        merge.add(partition(0), burst, 0);
        assertThat(taken(LATER)).isEmpty();
        assertThat(taken(MUCH_LATER)).hasSize(200);
        burst.replaceAll(each -> record(0, each.offset() + 200, each.offset()));
        merge.add(partition(0), burst, 2 * MUCH_LATER);
        assertThat(taken(2 * MUCH_LATER + LATER)).hasSize(200);
    }

    @Test
    void shouldGiveARecordWithoutATimestampTheLatestOfItsPartition() {
        open(1);
        merge.add(partition(0), List.of(record(0, 0, 70), record(0, 1, 60), record(0, 2, -1)), 0);
        List<Long> times = new ArrayList<>();
        while (merge.next(0) != null) {
            times.add(merge.timestamp());
        }
        assertThat(times).containsExactly(70L, 60L, 70L);
    }

    @Test
    void shouldForgetAPartitionThatIsClosed() {
        open(2);
        add(0, 0, 100);
        add(1, 0, 50);
        merge.close(partition(1));
        assertThat(taken(0)).containsExactly("0@0");
        assertThat(merge.partitions()).containsExactly(partition(0));
    }

    /** Whatever arrives when: history is merged in the order of time, each record once, and the order of a partition stays. */
    @Test
    void shouldMergeHistoryInTheOrderOfTimeHoweverItArrives() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int partitions = 1 + random.nextInt(6);
            List<List<ConsumerRecord<byte[], byte[]>>> history = new ArrayList<>();
            for (int i = 0; i < partitions; i++) {
                List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
                long time = 0;
                for (int offset = 0; offset < random.nextInt(60); offset++) {
                    records.add(record(i, offset, time += random.nextInt(3)));
                }
                history.add(records);
            }
            assertThat(merged(history, random))
                    .as("seed %s", seed)
                    .isEqualTo(history.stream()
                            .flatMap(List::stream)
                            .sorted(Comparator.comparingLong(ConsumerRecord<byte[], byte[]>::timestamp)
                                    .thenComparingLong(ConsumerRecord::offset)
                                    .thenComparingInt(ConsumerRecord::partition))
                            .toList());
        }
    }

    private static List<ConsumerRecord<byte[], byte[]>> merged(
            List<List<ConsumerRecord<byte[], byte[]>>> history, Random random) {
        PartitionMerge merge = new PartitionMerge();
        int[] fetched = new int[history.size()];
        for (int i = 0; i < history.size(); i++) {
            merge.open(partition(i), 0);
        }
        List<ConsumerRecord<byte[], byte[]>> merged = new ArrayList<>();
        int all = history.stream().mapToInt(List::size).sum();
        for (long now = 0; merged.size() < all; now += random.nextInt(100_000_000)) {
            int from = random.nextInt(history.size());
            List<ConsumerRecord<byte[], byte[]>> of = history.get(from);
            int to = Math.min(of.size(), fetched[from] + random.nextInt(20));
            merge.add(partition(from), of.subList(fetched[from], to), now);
            fetched[from] = to;
            merge.unread(partition(from), to < of.size());
            for (var next = merge.next(now); next != null; next = merge.next(now)) {
                merged.add(next);
            }
        }
        return merged;
    }
}
