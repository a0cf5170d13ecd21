package io.millrace.input.declared;

import io.millrace.feature.value.Slot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A place in records: the slots that want its value, and the declared places inside of it. An array is in the place of each of its items, so
 * that a slot gets a value from each.
 */
final class FieldNode {
    private final Map<String, FieldNode> children = new LinkedHashMap<>();
    private final List<Slot> here = new ArrayList<>();
    private FieldNode[] inside;
    private Slot[] slots;
    private Slot[] subtree; // slots of this node and of those inside
    private int[] marks;

    /** The place of a name inside of this one, made if it is new. */
    FieldNode child(String name) {
        return children.computeIfAbsent(name, key -> new FieldNode());
    }

    /** Adds a slot. */
    void add(Slot slot) {
        here.add(slot);
    }

    /** Ends the construction of this node and those inside. */
    void close() {
        inside = children.values().toArray(FieldNode[]::new);
        slots = here.toArray(Slot[]::new);
        List<Slot> below = new ArrayList<>(here);
        for (FieldNode child : inside) {
            child.close();
            below.addAll(List.of(child.subtree));
        }
        subtree = below.toArray(Slot[]::new);
        marks = new int[subtree.length];
    }

    /** The place of a name inside of this one; null if nothing in it is declared. */
    FieldNode find(String name) {
        return children.get(name);
    }

    /** The places inside, by name. */
    Map<String, FieldNode> children() {
        return children;
    }

    /** Slots that want the value here. */
    Slot[] slots() {
        return slots;
    }

    /** Begins to read the fields of a record or the entries of a map: see {@link #again}. */
    void begin() {
        for (FieldNode child : inside) {
            for (int i = 0; i < child.subtree.length; i++) {
                child.marks[i] = child.subtree[i].size();
            }
        }
    }

    /** Begins to read the field that this node is, maybe again: of two fields with the same name, the last one counts. */
    void again() {
        for (int i = 0; i < subtree.length; i++) {
            subtree[i].truncate(marks[i]);
        }
    }
}
