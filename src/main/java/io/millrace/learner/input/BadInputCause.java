package io.millrace.learner.input;

import java.util.Locale;

/** What is wrong with a record, as one of few codes that can be counted. The sentence of a {@link BadInputException} says it exactly. */
public enum BadInputCause {
    /** It has no value, or its bytes are not what the schema or the format says. */
    RECORD,
    /** Its schema is unknown, or could not be fetched. */
    SCHEMA,
    /** A feature is missing, cannot be read, or is no finite number. */
    FEATURE,
    /** The label does not fit the task. */
    LABEL,
    /** The weight is no number in its range. */
    WEIGHT,
    /** The event time cannot be read, or is before 1970. */
    TIME,
    /** A number is far larger than all before it. */
    OUTLIER,
    /** The features are so large that the model gives no finite number. */
    OVERFLOW,
    /** Learning its mini-batch would have damaged the weights. */
    REFUSED_BATCH,
    /** The record, or its key and headers, are too large for the topic that must hold them. */
    SIZE,
    /** It has no key, and the topic of the answers demands one. */
    KEY;

    /** Its name in metrics. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
