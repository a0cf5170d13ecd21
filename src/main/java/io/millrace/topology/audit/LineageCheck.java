package io.millrace.topology.audit;

import io.millrace.avro.ModelSnapshot;
import io.millrace.topology.cluster.RecordsDeletedException;
import io.millrace.topology.history.LineageHash;
import io.millrace.topology.snapshot.Snapshots;
import io.millrace.topology.snapshot.StoredSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Checks versions without a replay: checksums, and whether each version follows from the one before. */
public final class LineageCheck {
    private LineageCheck() {}

    /**
     * @param versions all versions of one replica, the oldest first
     * @param states gives the state that a version carries, for instance {@code SnapshotTopic.state}
     * @return the faults, each as a sentence without full stop
     */
    public static List<String> faults(List<StoredSnapshot> versions, Function<StoredSnapshot, List<byte[]>> states) {
        List<String> faults = new ArrayList<>();
        ModelSnapshot before = null;
        for (StoredSnapshot version : versions) {
            ModelSnapshot head = version.head();
            List<byte[]> state = List.of();
            boolean gone = false;
            try {
                state = states.apply(version);
                faults.addAll(Snapshots.damages(version.chunks()));
            } catch (RecordsDeletedException e) {
                gone = true; // a version that was deleted in the meantime is not checked, although its head was read
                // before
            }
            if (head.getLineage().isEmpty()) {
                continue; // an older Millrace wrote it
            }
            if (!LineageHash.fingerprint(head.getLineageFormat(), head.getConfigurations())
                    .equals(head.getFingerprint())) {
                faults.add(
                        "version " + head.getVersion() + " carries configurations that do not match its fingerprint");
            }
            if (!LineageHash.knows(head.getLineageFormat())) {
                faults.add("version " + head.getVersion() + " has a lineage of format " + head.getLineageFormat()
                        + ", this Millrace knows those up to " + LineageHash.NEWEST
                        + ": verify it with the Millrace that wrote it, or a newer one");
            } else if (!LineageHash.of(head).equals(head.getLineage())) {
                faults.add("version " + head.getVersion()
                        + " has been altered: its lineage does not follow from what it says of itself");
            }
            if (!gone && head.getLineageFormat() > 1 && head.getStateChunks() > 0 && state.isEmpty()) {
                faults.add("version " + head.getVersion() + " lacks a chunk of the state that it says it carries");
            }
            if (stateAltered(head, state)) {
                faults.add("the state that version " + head.getVersion()
                        + " carries has been altered: its hash is not the one that the version names");
            }
            if (before != null && !before.getLineage().equals(head.getPredecessor())) {
                faults.add("version " + head.getVersion() + " does not follow version " + before.getVersion()
                        + ": it names another predecessor. One of them was replaced, or one in between deleted, or the model was"
                        + " started over");
            }
            before = head;
        }
        return faults;
    }

    /**
     * Finds where an older Millrace began to read another topic. It did not record which topic it read, but offsets that decrease show another one.
     *
     * @param versions versions of one replica, the oldest first
     * @return the newest versions, from the last such change on
     */
    public static List<StoredSnapshot> afterUnnotedTopic(List<StoredSnapshot> versions) {
        int from = 0;
        long before = -1;
        for (int i = 0; i < versions.size(); i++) {
            ModelSnapshot head = versions.get(i).head();
            if (head.getNextOffset() < 0) {
                continue; // does not contain its offsets
            }
            long next = VersionHistory.next(head);
            if (next < before) {
                from = i;
            }
            before = next;
        }
        return versions.subList(from, versions.size());
    }

    /** Whether a state differs from the one that its version was published with. Versions of the first format do not contain a hash of it. */
    static boolean stateAltered(ModelSnapshot head, List<byte[]> state) {
        return head.getLineageFormat() > 1
                && !state.isEmpty()
                && !LineageHash.ofState(state).equals(head.getStateSha256());
    }
}
