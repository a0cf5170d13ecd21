package io.millrace.topology;

import io.millrace.avro.ModelSnapshot;
import java.util.ArrayList;
import java.util.List;

/** Checks of versions that need no replay: checksums, and whether each follows from the one before. */
final class Line {
    private Line() {}

    /**
     * @param versions of one replica, the oldest first, none left out in between
     * @return what is wrong, a sentence without full stop each
     */
    static List<String> faults(List<StoredSnapshot> versions) {
        List<String> faults = new ArrayList<>();
        ModelSnapshot before = null;
        for (StoredSnapshot version : versions) {
            faults.addAll(Snapshots.damages(version.chunks()));
            ModelSnapshot head = version.head();
            if (head.getLineage().isEmpty()) {
                continue; // an older Millrace wrote it
            }
            if (!Lineage.fingerprint(head.getConfigurations()).equals(head.getFingerprint())) {
                faults.add("version " + head.getVersion() + " carries other configurations than its fingerprint says");
            }
            if (!Lineage.hash(head).equals(head.getLineage())) {
                faults.add("version " + head.getVersion()
                        + " has been altered: its lineage does not follow from what it says of" + " itself");
            }
            if (before != null && !before.getLineage().equals(head.getPredecessor())) {
                faults.add("version " + head.getVersion() + " does not follow version " + before.getVersion()
                        + ": it names another predecessor. One of them was replaced, or one in between deleted, or the model"
                        + " was started anew");
            }
            before = head;
        }
        return faults;
    }
}
