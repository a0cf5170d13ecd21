package io.millrace.topology.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.topology.history.ExamplesTopic;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.junit.jupiter.api.Test;

class IdleCommitsTest {
    private long now;
    private final IdleCommits commits = new IdleCommits(true, () -> now);
    private final List<String> asked = new ArrayList<>();
    private final ProcessingContext task = task("a");

    private ProcessingContext task(String name) {
        return calls(ProcessingContext.class, "commit", () -> {
            asked.add(name);
            return null;
        });
    }

    /** Something of which only one method is called. */
    private static <T> T calls(Class<T> type, String only, Supplier<?> does) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo(only);
                    return does.get();
                }));
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
        KafkaClientSupplier configured = calls(KafkaClientSupplier.class, "getConsumer", () -> waits);
        commits.changed(task);
        new TrainingClients(configured, ExamplesTopic.UNKNOWN, commits)
                .getConsumer(Map.of())
                .poll(Duration.ZERO);
        assertThat(asked).hasSize(1);
    }
}
