package io.millrace.feature;

import io.millrace.feature.value.Zone;

/**
 * The field with the event time of a record.
 *
 * @param field where it is; if it is optional and missing, the record's timestamp counts
 * @param zone whose clocks show it, where it names no zone
 */
public record EventTime(Field field, Zone zone) {
    /** As in a declaration. */
    @Override
    public String toString() {
        return zone.equals(Zone.UTC) ? field.toString() : field + ", " + zone;
    }
}
