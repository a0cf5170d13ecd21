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
     * @param models newest model of each partition, by partition
     * @param version examples learned, summed over the models
     */
    record Replicas(List<Model> models, long version) {
        static Replicas of(Collection<Model> models) {
            return new Replicas(
                    List.copyOf(models),
                    models.stream().mapToLong(Model::version).sum());
        }
    }

    private final String name;
    private final SnapshotAssembler assembler = new SnapshotAssembler();
    private final Map<Integer, Model> newest = new TreeMap<>();
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
            Model model = Snapshots.model(complete.get());
            new Predictor(model); // refuses what does not fit together, before it can answer anybody
            update(chunk.getPartition(), model);
        }
    }

    synchronized void remove(ModelSnapshotKey key) {
        assembler.remove(key);
    }

    private void update(int partition, Model model) {
        newest.put(partition, model);
        List<Model> together = new ArrayList<>(newest.values());
        together.removeIf(
                other -> other.architecture().inputs() != model.architecture().inputs()
                        || other.scores() != model.scores()
                        || other.task() != model.task()
                        || !other.classes().equals(model.classes()));
        replicas = Replicas.of(together);
    }

    Replicas replicas() {
        return replicas;
    }
}
