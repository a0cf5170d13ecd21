package io.millrace.topology.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Allocations;
import io.millrace.topology.training.ExampleFeed.Fed;
import java.util.concurrent.atomic.AtomicLongArray;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TrainingMetricsTest {
    private static final int EXAMPLES = 1_000_000;

    private final TrainingMetrics metrics =
            new TrainingMetrics(new MockProcessorContext<>(), null, new AtomicLongArray(0), () -> true);

    private int feed(int batchSize) {
        int timed = 0;
        for (int i = 0; i < EXAMPLES; i++) {
            long begun = metrics.begin();
            timed += begun != 0 && i % batchSize == 0 ? 1 : 0;
            metrics.fed(Fed.LEARNED, i, begun);
        }
        return timed;
    }

    @Test
    @Tag("allocation")
    void shouldAllocateNothingForAnExample() {
        assertThat(Allocations.settledBytes(() -> feed(1))).isZero();
    }

    /** Only the last example of a mini-batch takes a step: a share of the timed ones must be last ones, whatever the size. */
    @Test
    void shouldTimeExamplesInAllPlacesOfAMiniBatch() {
        for (int batchSize : new int[] {1, 2, 16, 32, 61, 64, 128, 500}) {
            int expected = EXAMPLES / 64 / batchSize;
            assertThat(feed(batchSize)).as("batches of %s", batchSize).isBetween(expected / 2, 2 * expected);
        }
    }
}
