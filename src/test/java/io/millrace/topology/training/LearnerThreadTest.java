package io.millrace.topology.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.Allocations;
import io.millrace.feature.InputRow;
import io.millrace.input.DecodedExample;
import io.millrace.topology.record.RecordKey;
import io.millrace.topology.record.TrainingEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.processor.api.InternalFixedKeyRecordFactory;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class LearnerThreadTest {
    private static final String NAME = "learner-thread-test";
    private static final FixedKeyRecord<RecordKey, byte[]> RECORD =
            InternalFixedKeyRecordFactory.create(new Record<>(new RecordKey(null), new byte[0], 0));

    private final Arrival arrival = new Arrival();
    private final InputRow row = InputRow.of(0, 0);
    private final float[] target = {1};
    private final ArrivalRing ring = new ArrivalRing(null, 2, 1);
    private LearnerThread thread;

    @BeforeEach
    void fill() {
        arrival.record = RECORD;
        arrival.example = new DecodedExample();
    }

    /** The features say the position, too, so that a row of another record is found. */
    private void learn(long position) {
        arrival.position = position;
        row.features()[0] = position % 1000;
        row.features()[1] = -position % 1000;
        arrival.example.set(row, target, 1, position);
        thread.learn(arrival);
    }

    /** Learns in the thread what {@code learn} does with positions. */
    private void start(LongConsumer learn) {
        thread = new LearnerThread(
                new RecordLearner() {
                    @Override
                    public void learn(Arrival arrival) {
                        long position = arrival.position;
                        float[] features = arrival.example.row().features();
                        if (arrival.record != RECORD
                                || features[0] != position % 1000
                                || features[1] != -position % 1000) {
                            throw new AssertionError("another record at " + position);
                        }
                        learn.accept(position);
                    }

                    @Override
                    public void await() {}

                    @Override
                    public FixedKeyRecord<RecordKey, TrainingEvent> said() {
                        return null;
                    }

                    @Override
                    public void close() {}
                },
                ring,
                NAME);
    }

    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(each -> each.getName().equals(NAME))
                .toList();
    }

    @AfterEach
    void close() {
        thread.close();
        assertThat(threads()).isEmpty();
    }

    /** Pauses let the thread fall asleep; rushes fill the ring. */
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 4096, 9000})
    void shouldHaveLearnedEachRecordOnceAndInOrderAfterWaiting(int rush) throws InterruptedException {
        List<Long> learned = new ArrayList<>(); // the wait makes it visible
        start(learned::add);
        long next = 0;
        for (int rushes = 0; rushes < 40; rushes++) {
            for (int i = 0; i < rush; i++) {
                learn(next++);
            }
            thread.await();
            assertThat(learned).hasSize((int) next);
            Thread.sleep(rushes % 2);
        }
        assertThat(learned).isEqualTo(LongStream.range(0, next).boxed().toList());
    }

    @Test
    void shouldHoldTheStreamThreadBackWhileTheRingIsFull() throws InterruptedException {
        Semaphore permits = new Semaphore(0);
        Semaphore taken = new Semaphore(0);
        start(position -> permits.acquireUninterruptibly());
        Thread stream = new Thread(() -> {
            for (int i = 0; i < 3 * ring.capacity(); i++) {
                learn(i);
                taken.release();
            }
        });
        stream.start();
        taken.acquire(ring.capacity());
        Thread.sleep(50);
        assertThat(taken.availablePermits()).isZero();
        permits.release(3 * ring.capacity());
        taken.acquire(2 * ring.capacity());
        thread.await();
        stream.join();
    }

    @ParameterizedTest
    @ValueSource(classes = {IllegalStateException.class, OutOfMemoryError.class})
    void shouldEndTheStreamThreadWithWhatEndedTheLearner(Class<? extends Throwable> kind) throws Exception {
        Throwable fault = kind.getDeclaredConstructor(String.class).newInstance("the seventh");
        List<Long> learned = new ArrayList<>();
        start(position -> {
            if (position == 7) {
                LearnerThreadTest.<RuntimeException>raise(fault);
            }
            learned.add(position);
        });
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 5000; i++) {
                        learn(i);
                    }
                    thread.await();
                })
                .isSameAs(fault);
        assertThatThrownBy(() -> thread.await()).isSameAs(fault);
        assertThatThrownBy(() -> learn(8)).isSameAs(fault);
        assertThat(learned).hasSize(7);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void raise(Throwable fault) throws T {
        throw (T) fault;
    }

    @Test
    void shouldDropWhatIsNotLearnedWhenItCloses() {
        Semaphore permits = new Semaphore(10);
        List<Long> learned = new ArrayList<>();
        start(position -> {
            permits.acquireUninterruptibly();
            learned.add(position);
        });
        for (int i = 0; i < 500; i++) {
            learn(i);
        }
        Thread freeing = new Thread(() -> permits.release(1)); // the record that it is learning is learned to the end
        freeing.start();
        thread.close();
        assertThat(learned).hasSizeBetween(0, 11);
        assertThatThrownBy(() -> thread.await()).hasMessageContaining("has ended before"); // and does not wait for ever
    }

    @Test
    @Tag("allocation")
    void shouldAllocateNothingForARecord() {
        long[] sum = new long[1];
        start(position -> sum[0] += position);
        assertThat(Allocations.settledBytes(() -> {
                    for (int i = 0; i < 5000; i++) {
                        learn(i);
                    }
                    thread.await();
                }))
                .isZero();
        assertThat(sum[0]).isPositive();
    }
}
