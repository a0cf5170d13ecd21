package io.millrace.feature;

/**
 * A field that enters the model.
 *
 * @param field where it is
 * @param type how it enters
 */
public record Feature(Field field, FeatureType type) {
    /** Whether an input says that the value is missing. Of a table, row 0 says it. */
    boolean hasIndicator() {
        return field.optional() && type.table(field) == null;
    }

    /** As in a declaration. */
    @Override
    public String toString() {
        return field + ": " + type;
    }
}
