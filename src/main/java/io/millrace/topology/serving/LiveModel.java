package io.millrace.topology.serving;

import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSnapshotKey;
import io.millrace.learner.Predictor;
import io.millrace.topology.snapshot.SnapshotAssembler;
import io.millrace.topology.snapshot.Snapshots;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The newest weights of each replica of one model. The thread that receives snapshots writes it, and the threads that predict read it: they
 * see a new version completely or not at all.
 */
public final class LiveModel {
    /** A share this small does not change a float, so the replica is not used. */
    private static final double LEAST_SHARE = 0x1p-25;

    private static final long NONE = -1;

    /**
     * A replica that answers.
     *
     * @param predictor with its newest version; each thread makes its own from it
     * @param share of the replica in an answer; all shares add up to 1
     * @param learner what its versions have in common, and those of a learner that was started over do not: an identity
     * @param brought number of examples that the version has learned since the one before; -1: not known
     */
    record Part(Predictor predictor, double share, Object learner, long brought) {}

    /**
     * The replicas that answer together.
     *
     * @param parts ordered by partition
     * @param version number of examples learned, summed over the models
     */
    public record Replicas(List<Part> parts, long version) {
        static Replicas of(Collection<Replica> replicas) {
            double total = replicas.stream().mapToDouble(Replica::weight).sum();
            double equal = 1.0 / replicas.size();
            return new Replicas(
                    replicas.stream()
                            .map(replica -> new Part(
                                    replica.predictor(),
                                    total > 0 ? share(replica.weight() / total) : equal,
                                    replica.learner(),
                                    replica.brought()))
                            .toList(),
                    replicas.stream().mapToLong(Replica::version).sum());
        }

        /** The predictors, ordered by partition. */
        public List<Predictor> predictors() {
            return parts.stream().map(Part::predictor).toList();
        }

        List<Double> shares() {
            return parts.stream().map(Part::share).toList();
        }

        private static double share(double exact) {
            return exact < LEAST_SHARE ? 0 : exact;
        }
    }

    private final String name;
    private final SnapshotAssembler assembler = new SnapshotAssembler();
    private final Map<Integer, Replica> newest = new TreeMap<>();
    private volatile Replicas replicas = Replicas.of(List.of());
    private volatile long newestEvent = NONE;
    private volatile long writtenAt = NONE;

    public LiveModel(String name) {
        this.name = name;
    }

    /** Name of the model. */
    public String name() {
        return name;
    }

    /**
     * Adds a chunk. The last missing chunk of a version makes it the newest of its partition. Replicas may have different shapes (hidden
     * layers, classes, standardisation), for instance after a change of the configuration. Then only those answer that have the shape of
     * the one written last.
     *
     * @param offset of the chunk in the topic
     * @return whether it completed a version
     * @throws IllegalStateException when the version is damaged
     * @throws IllegalArgumentException when its specification is not valid
     */
    public synchronized boolean add(ModelSnapshot chunk, long offset) {
        Optional<List<ModelSnapshot>> complete = assembler.add(chunk);
        if (complete.isPresent()) {
            List<ModelSnapshot> chunks = complete.get();
            // refuses a model whose parts do not fit together, before it can answer a request
            put(chunk.getPartition(), new Replica(Snapshots.model(chunks).predictor(), offset), chunks.get(0));
            newestEvent = Math.max(newestEvent, chunks.get(0).getStreamTime());
        }
        return complete.isPresent();
    }

    /** @param time timestamp of the record that completed the newest version, ms */
    void written(long time) {
        writtenAt = time;
    }

    /** Timestamp of the record that completed the newest version, ms; negative: no version has come yet. */
    long writtenAt() {
        return writtenAt;
    }

    /** Newest event time that a version so far has learned, ms; negative: not known. */
    long newestEvent() {
        return newestEvent;
    }

    /**
     * Removes a deleted chunk. If it belongs to a newest version, its replica is removed: older versions are deleted as newer ones arrive,
     * but the newest is deleted only by a reset.
     */
    public synchronized void remove(ModelSnapshotKey key) {
        assembler.remove(key);
        Replica replica = newest.get(key.getPartition());
        if (replica != null && replica.version() == key.getVersion()) {
            retire(key.getPartition());
            refresh();
        }
    }

    private void retire(int partition) {
        newest.remove(partition);
        newest.values().forEach(other -> other.forget(partition));
    }

    private void put(int partition, Replica replica, ModelSnapshot head) {
        Replica former = newest.get(partition);
        if (former != null && replica.isNextOf(former)) {
            replica.follows(former);
            long examples = replica.version() - former.version();
            newest.values().forEach(other -> other.misses(partition, examples));
        } else {
            retire(partition);
            int count = newest.size() + 1;
            newest.values().forEach(other -> other.missesUnseen(partition, replica, head, count));
        }
        newest.put(partition, replica);
        refresh();
    }

    private void refresh() {
        Optional<Replica> last = newest.values().stream().max(Comparator.comparingLong(Replica::offset));
        replicas = Replicas.of(newest.values().stream()
                .filter(replica -> replica.model().answersAs(last.get().model()))
                .toList());
    }

    public Replicas replicas() {
        return replicas;
    }
}
