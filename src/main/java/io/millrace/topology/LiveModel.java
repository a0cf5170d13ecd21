package io.millrace.topology;

import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSnapshotKey;
import io.millrace.learner.Model;
import io.millrace.learner.Predictor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The newest weights of each replica of one model. Written by the thread that receives snapshots, read by those that predict:
 * they see a new version whole or not at all.
 */
final class LiveModel {
    /**
     * The replicas that answer together.
     *
     * @param predictors with the newest model of each partition, by partition; each thread takes its own from them
     * @param version examples learned, summed over the models
     */
    record Replicas(List<Predictor> predictors, long version) {
        static Replicas of(Collection<Predictor> predictors) {
            return new Replicas(
                    List.copyOf(predictors),
                    predictors.stream()
                            .mapToLong(predictor -> predictor.model().version())
                            .sum());
        }
    }

    private final String name;
    private final SnapshotAssembler assembler = new SnapshotAssembler();
    private final Map<Integer, Predictor> newest = new TreeMap<>();
    private volatile Replicas replicas = Replicas.of(List.of());

    LiveModel(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /**
     * Takes a chunk in. The last one of a version makes it the newest of its partition. One that answers another question than the
     * others (other inputs or classes, as after a change of the configuration) retires those others.
     *
     * @throws IllegalStateException when the version is damaged
     * @throws IllegalArgumentException when its specification makes no sense
     */
    synchronized void add(ModelSnapshot chunk) {
        Optional<List<ModelSnapshot>> complete = assembler.add(chunk);
        if (complete.isPresent()) {
            // refuses what does not fit together, before it can answer anybody
            update(chunk.getPartition(), new Predictor(Snapshots.model(complete.get())));
        }
    }

    synchronized void remove(ModelSnapshotKey key) {
        assembler.remove(key);
    }

    private void update(int partition, Predictor predictor) {
        newest.put(partition, predictor);
        List<Predictor> together = new ArrayList<>(newest.values());
        together.removeIf(other -> !answersAlike(other.model(), predictor.model()));
        replicas = Replicas.of(together);
    }

    private static boolean answersAlike(Model one, Model other) {
        return one.architecture().inputs() == other.architecture().inputs()
                && one.scores() == other.scores()
                && one.task() == other.task()
                && one.classes().equals(other.classes());
    }

    Replicas replicas() {
        return replicas;
    }
}
