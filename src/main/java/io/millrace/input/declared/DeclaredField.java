package io.millrace.input.declared;

import io.millrace.feature.Field;
import io.millrace.feature.value.BadValueException;
import io.millrace.feature.value.Slot;
import io.millrace.feature.value.Value;

/** A field with one value beside the features, and its slots. */
final class DeclaredField {
    private final Field field;
    private final String name;
    private final Slot[] slots;

    DeclaredField(Field field, FieldTree tree) {
        this.field = field;
        name = field.name();
        slots = field.paths().stream().map(tree::slot).toArray(Slot[]::new);
    }

    String name() {
        return name;
    }

    /**
     * The value of the first path that has one.
     *
     * @return null if none has
     */
    Value find() {
        for (Slot slot : slots) {
            if (!slot.isMissing()) {
                if (slot.size() > 1) {
                    throw new BadValueException(name + " has " + slot.size() + " values; one is needed");
                }
                return slot.get(0);
            }
        }
        return null;
    }

    /**
     * The same.
     *
     * @return null if none has, which the declaration allows
     * @throws BadValueException if it does not
     */
    Value get() {
        Value found = find();
        if (found == null && !field.optional()) {
            throw new BadValueException(field.missing());
        }
        return found;
    }
}
