package io.millrace.input;

/**
 * An example as its record tells it. Mutable and used again for each record, so that decoding allocates nothing for it. Whoever takes
 * an example copies what it keeps.
 */
public final class DecodedExample {
    private float[] features;
    private float[] target;
    private float weight;
    private long eventTime;

    /**
     * Becomes another example; the arrays are not copied.
     *
     * @param features one for each input
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

    /** @return when the example happened, ms: the record's timestamp, unless the kind of records has another time in them */
    public long eventTime() {
        return eventTime;
    }
}
