package io.millrace.topology.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.topology.history.ExamplesTopic;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.junit.jupiter.api.Test;

class IdleCommitsTest {
    private long now;
    private final IdleCommits commits = new IdleCommits(true, () -> now);
    private final List<String> asked = new ArrayList<>();
    private final ProcessingContext task = task("a");

    private ProcessingContext task(String name) {
        return (ProcessingContext) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ProcessingContext.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("commit");
                    return asked.add(name) ? null : null;
                });
    }

    private void poll(long waitedMs) {
        commits.polling();
        now += waitedMs * 1_000_000;
        commits.polled();
    }

    @Test
    void shouldCommitTheFirstExampleAfterAPauseAtOnce() {
        poll(60);
        poll(60);
        assertThat(asked).isEmpty(); // there is nothing to commit
        commits.changed(task);
        assertThat(asked).containsExactly("a");
        poll(1000);
        assertThat(asked).hasSize(1);
    }

    @Test
    void shouldCommitOthersAfterTheThreadHasWaited() {
        poll(1000);
        commits.committed(1000);
        commits.changed(task);
        poll(60);
        assertThat(asked).isEmpty();
        poll(39);
        assertThat(asked).isEmpty();
        poll(1);
        assertThat(asked).hasSize(1);
    }

    @Test
    void shouldNotCommitWhileTheThreadNeverWaits() {
        commits.changed(task);
        for (int i = 0; i < 1000; i++) {
            now += 1_000_000_000; // between two polls the thread learns, or a broker is slow to commit
            poll(0);
        }
        assertThat(asked).isEmpty();
    }

    /** 100 kB a second for each per cent of the time that it waits: a tenth of the waiting at 50 MB a second. */
    @Test
    void shouldWaitTenTimesAsLongAsACommitWrites() {
        commits.committed(2_000_000);
        commits.committed(1_000_000); // of another task, in the same commit
        commits.changed(task);
        poll(599);
        assertThat(asked).isEmpty();
        poll(1);
        assertThat(asked).hasSize(1);

        commits.committed(500_000); // this time, less has changed
        commits.changed(task);
        poll(100);
        assertThat(asked).hasSize(2);
    }

    @Test
    void shouldForgetATaskThatEnds() {
        ProcessingContext other = task("b");
        commits.changed(task);
        commits.closed(other);
        commits.closed(task);
        poll(1000);
        assertThat(asked).isEmpty();
        commits.changed(other);
        assertThat(asked).containsExactly("b");
    }

    @Test
    void shouldLeaveAConfiguredIntervalAlone() {
        IdleCommits never = new IdleCommits(false, () -> now);
        never.polling();
        now += 1_000_000_000L;
        never.polled();
        never.changed(task);
        assertThat(asked).isEmpty();
    }

    /** The consumer that training gets says when it polls. */
    @Test
    void shouldCountTheWaitingOfTrainingsConsumer() {
        MockConsumer<byte[], byte[]> waits = new MockConsumer<>("earliest");
        waits.assign(List.of());
        waits.schedulePollTask(() -> now += 200_000_000);
        KafkaClientSupplier configured = new KafkaClientSupplier() {
            @Override
            public Admin getAdmin(Map<String, Object> config) {
                throw new AssertionError();
            }

            @Override
            public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
                throw new AssertionError();
            }

            @Override
            public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
                return waits;
            }

            @Override
            public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
                throw new AssertionError();
            }

            @Override
            public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
                throw new AssertionError();
            }
        };
        commits.changed(task);
        new TrainingClients(configured, ExamplesTopic.UNKNOWN, commits)
                .getConsumer(Map.of())
                .poll(Duration.ZERO);
        assertThat(asked).hasSize(1);
    }
}
