package io.millrace.topology.serving;

import io.millrace.avro.ModelSnapshot;
import io.millrace.learner.Model;
import io.millrace.learner.Predictor;
import java.util.HashMap;
import java.util.Map;

/**
 * The newest version of a partition, and how many examples each other partition has learned since. The weight of a replica is the number of
 * examples that it has learned. After the first {@value #ROUND} examples that another partition has learned since, each further {@value
 * #ROUND} reduce the weight to a tenth. A version of another partition counts as {@value #ROUND} examples at most: replicas publish in
 * turn, and a replica that does so keeps its full weight, however much is learned in between. The weight depends only on the order, the
 * offsets and the numbers of the versions in the topic. For one thread.
 */
final class Replica {
    private static final int ROUND = 1_000;
    /** Examples that a replica must learn between two of its versions to be level with the others again. */
    private static final double LEVEL = 100;

    private static final double FADE = 0.1;

    private final Predictor predictor;
    private final long offset;
    private Object learner = new Object(); // the same for all versions of one
    private long brought = -1;
    private final Map<Integer, Double> behind = new HashMap<>(); // examples by partition; one round at most per version

    /** @param offset offset of the record that completed its newest version */
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

    /** Whether this version continues another one; false for a model that was started over. */
    boolean isNextOf(Replica former) {
        return version() >= former.version() && model().answersAs(former.model());
    }

    /** What its versions have in common, and those of another learner do not: an identity. */
    Object learner() {
        return learner;
    }

    /** Number of examples learned since the version before; -1: not known. */
    long brought() {
        return brought;
    }

    /** Takes over the lag of the replica's previous version. The more it has learned since then, the less lag remains. */
    void follows(Replica former) {
        learner = former.learner;
        brought = version() - former.version();
        double left = 1 - Math.min(1, (version() - former.version()) / LEVEL);
        former.behind.forEach((other, examples) -> behind.put(other, left * examples));
    }

    /** Counts a version of another partition that follows a known one. */
    void misses(int other, double examples) {
        behind.merge(other, Math.min(ROUND, examples), Double::sum);
    }

    /**
     * Counts the first known version of another partition. In a compacted topic its earlier versions may be deleted, so the other partition
     * may have published several since this replica did. There are two estimates: that the other partition had learned as much by then as
     * this one, or that it has learned evenly since the topic began. The one that puts it further ahead counts.
     *
     * @param head chunk 0 of that version
     * @param replicas number of replicas that publish in turn
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

    /** Forgets another partition, which has no version any more or was started over. */
    void forget(int other) {
        behind.remove(other);
    }

    /** The weight, in examples. */
    double weight() {
        double most =
                behind.values().stream().mapToDouble(examples -> examples).max().orElse(0);
        return Math.max(0, version()) * Math.pow(FADE, Math.max(0, most / ROUND - 1));
    }
}
