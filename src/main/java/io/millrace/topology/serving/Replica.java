package io.millrace.topology.serving;

import io.millrace.avro.ModelSnapshot;
import io.millrace.learner.Model;
import io.millrace.learner.Predictor;
import java.util.HashMap;
import java.util.Map;

/**
 * The newest version of a partition, and how far each other partition has learned on without it. A replica counts as many examples as it
 * has learned, and a tenth of them for each {@value #ROUND} examples, after the first {@value #ROUND}, that another partition has learned
 * since. A version of another counts {@value #ROUND} at most: replicas publish in turn, so one that does so has full weight however much
 * is learned in between. Follows from the order, the offsets and the numbers of the versions in the topic alone. For one thread.
 */
final class Replica {
    private static final int ROUND = 1_000;
    /** Examples that a replica must learn, from one of its versions to the next, so as to be level with the others again. */
    private static final double LEVEL = 100;

    private static final double FADE = 0.1;

    private final Predictor predictor;
    private final long offset;
    private final Map<Integer, Double> behind = new HashMap<>(); // by partition: examples, a version at most one round

    /** @param offset of the record that completed its newest version */
    Replica(Predictor predictor, long offset) {
        this.predictor = predictor;
        this.offset = offset;
    }

    Predictor predictor() {
        return predictor;
    }

    Model model() {
        return predictor.model();
    }

    long version() {
        return model().version();
    }

    long offset() {
        return offset;
    }

    /** Whether this goes on from another version, rather than being a model that was begun anew. */
    boolean isNextOf(Replica former) {
        return version() >= former.version() && model().answersAs(former.model());
    }

    /** This is the next version of a replica: it catches up, the more the more it has learned since the one before. */
    void follows(Replica former) {
        double left = 1 - Math.min(1, (version() - former.version()) / LEVEL);
        former.behind.forEach((other, examples) -> behind.put(other, left * examples));
    }

    /** Another partition has published a version after one that was known. */
    void misses(int other, double examples) {
        behind.merge(other, Math.min(ROUND, examples), Double::sum);
    }

    /**
     * A version of another partition came that is the first one known of it. In a compacted topic the ones before are gone: then the
     * other may have published several since this replica did. It is taken to have learned as much by then as this one had, or evenly since
     * the topic began, whichever makes it further ahead.
     *
     * @param head chunk 0 of that version
     * @param replicas that publish in turn
     */
    void missesUnseen(int other, Replica now, ModelSnapshot head, int replicas) {
        double distance = now.offset - offset;
        double ahead = Math.max(now.version() - version(), now.version() * (distance / (now.offset + 1.0)));
        boolean first = head.getPredecessor() == null && !head.getLineage().isEmpty();
        double records =
                2.0 * (head.getChunks() + head.getStateChunks()) + 1; // its own, deletions of an older one, a marker
        double versions = first ? 1 : Math.max(1, distance / (records * replicas));
        behind.put(other, Math.min(Math.max(0, first ? now.version() : ahead), ROUND * versions));
    }

    /** Another partition has no version any more, or has begun anew. */
    void forget(int other) {
        behind.remove(other);
    }

    /** How many examples it counts. */
    double weight() {
        double most =
                behind.values().stream().mapToDouble(examples -> examples).max().orElse(0);
        return Math.max(0, version()) * Math.pow(FADE, Math.max(0, most / ROUND - 1));
    }
}
