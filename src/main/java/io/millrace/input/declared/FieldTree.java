package io.millrace.input.declared;

import io.millrace.feature.Path;
import io.millrace.feature.Path.Step;
import io.millrace.feature.value.Slot;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The declared paths as a tree of names, with a slot for the values at each. Decoders walk it along with a record. */
final class FieldTree {
    private final Map<Path, Slot> slots = new LinkedHashMap<>();
    private final FieldNode root = new FieldNode();
    private Slot[] all = {};

    /** The slot of a path; uses of the same path share it. */
    Slot slot(Path path) {
        return slots.computeIfAbsent(path, key -> {
            Slot slot = new Slot();
            if (path.source() == Path.Source.VALUE) {
                FieldNode node = root;
                for (Step step : path.steps()) {
                    node = node.child(step.name());
                }
                node.add(slot);
            }
            return slot;
        });
    }

    /** Ends the construction, after the last path has its slot. */
    void close() {
        root.close();
        all = slots.values().toArray(Slot[]::new);
    }

    /** The slots of paths that are not in the value: the key, the timestamp and headers. */
    Map<Path, Slot> others() {
        Map<Path, Slot> others = new HashMap<>(slots);
        others.keySet().removeIf(path -> path.source() == Path.Source.VALUE);
        return others;
    }

    /** Forgets the values of the last record. */
    void clear() {
        for (Slot slot : all) {
            slot.clear();
        }
    }

    /** The node of the record itself. */
    FieldNode root() {
        return root;
    }
}
