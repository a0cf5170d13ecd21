package io.millrace.input;

import io.millrace.feature.InputRow;

/**
 * A decoded example. The object is mutable and is reused for each record, so that decoding does not allocate it. A caller that keeps an
 * example must copy it.
 */
public final class DecodedExample {
    private InputRow row;
    private float[] target;
    private float weight;
    private long eventTime;

    /**
     * Sets all values, which are not copied.
     *
     * @param row the features
     * @param target as {@code Labels} encodes it
     * @param weight scales the example's share of the gradient
     * @param eventTime ms
     */
    public void set(InputRow row, float[] target, float weight, long eventTime) {
        this.row = row;
        this.target = target;
        this.weight = weight;
        this.eventTime = eventTime;
    }

    /** @return the features */
    public InputRow row() {
        return row;
    }

    public float[] target() {
        return target;
    }

    public float weight() {
        return weight;
    }

    /** @return event time of the example, ms: the record's timestamp, unless this kind of record contains another time */
    public long eventTime() {
        return eventTime;
    }
}
