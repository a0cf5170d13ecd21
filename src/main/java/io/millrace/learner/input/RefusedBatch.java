package io.millrace.learner.input;

import java.util.List;

/**
 * A mini-batch that was not learned, because it would have damaged the weights.
 *
 * @param cause the reason, a sentence without full stop
 * @param examples the examples as they arrived
 */
public record RefusedBatch(String cause, List<Example> examples) {
    /**
     * One example of the mini-batch.
     *
     * @param features features of an {@code Example} in their unit, one for each input; null for declared features
     * @param record the bytes of the record as {@code InputRow.record} had them; null for an {@code Example}
     * @param target target as {@link Labels} encodes it, in its unit
     * @param weight weight as given
     * @param timestamp event time, ms
     * @param position place in its stream
     */
    public record Example(
            float[] features, byte[] record, float[] target, float weight, long timestamp, long position) {}
}
