package io.millrace.input;

/**
 * A decoded example. The object is mutable and is reused for each record, so that decoding does not allocate it. A caller that keeps an
 * example must copy it.
 */
public final class DecodedExample {
    private float[] features;
    private float[] target;
    private float weight;
    private long eventTime;

    /**
     * Sets all values; the arrays are not copied.
     *
     * @param features one value for each input
     * @param target as {@code Labels} encodes it
     * @param weight scales the example's share of the gradient
     * @param eventTime ms
     */
    public void set(float[] features, float[] target, float weight, long eventTime) {
        this.features = features;
        this.target = target;
        this.weight = weight;
        this.eventTime = eventTime;
    }

    public float[] features() {
        return features;
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
