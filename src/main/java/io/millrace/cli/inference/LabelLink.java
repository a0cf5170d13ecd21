package io.millrace.cli.inference;

import java.util.HashMap;
import java.util.Map;

/** Whether the values of a field tell the label: they repeat it, or each of them goes with one label and each label with one of them. */
final class LabelLink {
    private static final int FEW_PAIRS = 10; // with fewer, nothing is certain
    private static final int MOST_VALUES = 1000;

    /** Below so many records for each value, a link may be an accident: every unique number goes with one label. */
    private static final int RECORDS_PER_VALUE = 5;

    private final Map<Object, Object> labelOf = new HashMap<>();
    private final Map<Object, Object> valueOf = new HashMap<>();
    private boolean repeats = true;
    private boolean oneToOne = true;
    private long pairs;

    void add(Object value, Object label) {
        pairs++;
        repeats &= value.equals(label);
        if (oneToOne) {
            Object knownLabel = labelOf.putIfAbsent(value, label);
            Object knownValue = valueOf.putIfAbsent(label, value);
            oneToOne = (knownLabel == null || knownLabel.equals(label))
                    && (knownValue == null || knownValue.equals(value))
                    && labelOf.size() <= MOST_VALUES;
            if (!oneToOne) {
                labelOf.clear();
                valueOf.clear();
            }
        }
    }

    /** Why the field tells the label, a sentence without full stop whose subject is the field; null if it does not. */
    String reason() {
        if (pairs < FEW_PAIRS) {
            return null;
        }
        if (repeats) {
            return "repeats the label in every record";
        }
        boolean certain = oneToOne && labelOf.size() > 1 && pairs >= (long) RECORDS_PER_VALUE * labelOf.size();
        return certain ? "tells the label: each of its " + labelOf.size() + " values goes with one label" : null;
    }
}
