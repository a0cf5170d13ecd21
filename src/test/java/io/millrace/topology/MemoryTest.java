package io.millrace.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.millrace.avro.ModelSnapshot;
import io.millrace.learner.Learner;
import io.millrace.learner.network.NetworkLearner;
import io.millrace.learner.network.NetworkPredictor;
import io.millrace.learner.spec.EnsembleSize;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.MemberSpec;
import io.millrace.learner.state.StateWriter;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.network.Network;
import io.millrace.records.TrustedRecords;
import io.millrace.topology.model.ModelKind;
import io.millrace.topology.serving.LiveModel;
import io.millrace.topology.serving.ReplicaMean;
import io.millrace.topology.snapshot.Snapshots;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A task and a serving instance take the memory that docs/design.md says: what is held, and what is needed for a moment. */
class MemoryTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int INPUTS = 784;
    private static final int HIDDEN = 512;
    private static final int OUTPUTS = 10;
    /** More features have no bins. */
    private static final int MOST_BINNED = 128;
    /** Objects, kernels' buffers, chunks that are not full. */
    private static final long SMALL = 600_000;

    static {
        TrustedRecords.trust(); // there are no serdes here, which see to it
    }

    private static LearnerSpec spec(String optimizer, int batch, int consecutive, int patience) {
        return TestConfigs.with(
                        "model.inputs", String.valueOf(INPUTS),
                        "model.classes", "0,1,2,3,4,5,6,7,8,9",
                        "model.hidden", HIDDEN + "," + HIDDEN,
                        "optimizer", optimizer,
                        "batch.size", String.valueOf(batch),
                        "guard.max.consecutive", String.valueOf(consecutive),
                        "early.stopping.patience", String.valueOf(patience))
                .learner();
    }

    @ParameterizedTest
    @CsvSource({"sgd, 1, 0, 0", "rmsprop, 64, 10, 0", "adam, 1, 0, 3", "adam, 256, 10, 3"})
    void shouldHoldALearnerAndItsCheckpoint(String optimizer, int batch, int consecutive, int patience) {
        LearnerSpec spec = spec(optimizer, batch, consecutive, patience);
        Network network = new Network(spec.architecture(), KernelsProvider.kernels());
        long padded = network.parameterLength();
        long plain = network.parameterCount();
        int moments = spec.optimization().optimizer().moments();
        int copies = (consecutive > 0 ? 1 : 0) + (patience > 0 ? 1 : 0);
        NetworkLearner first = new NetworkLearner(spec, report -> {}); // classes, once
        snapshot(first);
        first.save(new StateWriter());

        Measured<NetworkLearner> learner = measured(() -> new NetworkLearner(spec, report -> {}));
        long trainer = 4 * (padded * (2 + moments) + 2L * batch * (2 * HIDDEN + 16));
        long scratch = 4 * (2L * Math.max(16, batch) * HIDDEN + HIDDEN * HIDDEN);
        long waiting = 4L * batch * (2 * INPUTS + 1 + OUTPUTS) + 24L * batch;
        assertThat(learner.allocated())
                .isBetween(
                        trainer + 4 * copies * plain + waiting,
                        trainer + 4 * copies * plain + waiting + scratch + SMALL);

        Measured<List<byte[]>> state = measured(() -> {
            StateWriter out = new StateWriter();
            learner.result().save(out);
            return out.chunks();
        });
        long stored = 4 * plain * (1 + moments + copies);
        assertThat(state.result().stream().mapToLong(chunk -> chunk.length).sum())
                .isBetween(stored, stored + SMALL);
        assertThat(state.allocated()).isBetween(stored + 4 * plain, stored + 4 * plain + 4 * StateWriter.CHUNK_BYTES);

        Measured<List<ModelSnapshot>> snapshot = measured(() -> snapshot(learner.result()));
        assertThat(snapshot.allocated()).isBetween(8 * plain, 8 * plain + SMALL);
    }

    @Test
    void shouldServeAReplicaWithTwoCopiesOfItsParametersForAllThreads() {
        NetworkLearner learner = new NetworkLearner(spec("sgd", 1, 0, 0), report -> {});
        Network network = new Network(learner.model().architecture(), KernelsProvider.kernels());
        long copies = 4L * (network.parameterCount() + network.parameterLength());
        List<ModelSnapshot> chunks = new Snapshots("model", 0).chunks(learner.model(), learner.score());
        assertThat(chunks).hasSizeGreaterThan(1);

        Supplier<LiveModel> received = () -> {
            LiveModel model = new LiveModel("model");
            chunks.forEach(chunk -> model.add(chunk, chunk.getChunk()));
            return model;
        };
        received.get(); // classes, once
        Measured<LiveModel> live = measured(received);
        assertThat(live.allocated()).isBetween(copies, copies + SMALL);
        Measured<ReplicaMean> thread =
                measured(() -> new ReplicaMean(live.result().replicas()));
        assertThat(thread.allocated()).isLessThan(SMALL);
        assertThat(live.result().replicas().predictors()).hasSize(1).hasOnlyElementsOfType(NetworkPredictor.class);
    }

    @ParameterizedTest
    @CsvSource({"8, 2", "54, 7", "784, 10"})
    void shouldHoldAnEnsemble(int inputs, int classes) {
        LearnerSpec spec = TestConfigs.ensemble(
                        "model.inputs",
                        String.valueOf(inputs),
                        "model.classes",
                        IntStream.range(0, classes).mapToObj(String::valueOf).collect(Collectors.joining(",")))
                .learner();
        EnsembleSize size = EnsembleSize.of(spec);
        Supplier<Learner> make = () -> ModelKind.of(spec).learner(spec, report -> {}, refused -> {});
        snapshot(make.get()); // classes, once

        Measured<Learner> learner = measured(make);
        long ring = 4L * MemberSpec.RECENT * (2 * inputs + 2); // the places in bins, too
        long held = 16 * size.newest() + 4 * size.averaged() + (inputs > MOST_BINNED ? ring / 2 : ring);
        assertThat(learner.allocated()).isBetween(held, held + 4 * SMALL);

        Measured<List<byte[]>> state = measured(() -> {
            StateWriter out = new StateWriter();
            learner.result().save(out);
            return out.chunks();
        });
        long stored = 4 * size.checkpoint();
        assertThat(state.result().stream().mapToLong(chunk -> chunk.length).sum())
                .isBetween(stored, stored + SMALL);
        assertThat(state.allocated()).isBetween(stored, 3 * stored + 4 * StateWriter.CHUNK_BYTES);

        Measured<List<ModelSnapshot>> snapshot = measured(() -> snapshot(learner.result()));
        assertThat(snapshot.allocated()).isBetween(4 * size.snapshot(), 8 * size.snapshot() + SMALL);

        Supplier<LiveModel> received = () -> {
            LiveModel model = new LiveModel("model");
            snapshot.result().forEach(chunk -> model.add(chunk, chunk.getChunk()));
            return model;
        };
        received.get(); // classes, once
        Measured<LiveModel> live = measured(received);
        assertThat(live.allocated()).isBetween(8 * size.snapshot(), 8 * size.snapshot() + 3 * SMALL);
        Measured<ReplicaMean> thread =
                measured(() -> new ReplicaMean(live.result().replicas()));
        assertThat(thread.allocated()).isLessThan(4 * SMALL);
    }

    private static List<ModelSnapshot> snapshot(Learner learner) {
        return new Snapshots("model", 0).chunks(learner.servedModel(), learner.servedScore());
    }

    private record Measured<T>(T result, long allocated) {}

    private static <T> Measured<T> measured(Supplier<T> work) {
        long thread = Thread.currentThread().getId();
        long before = THREADS.getThreadAllocatedBytes(thread);
        T result = work.get();
        return new Measured<>(result, THREADS.getThreadAllocatedBytes(thread) - before);
    }
}
