package io.millrace.learner.input;

import java.util.List;

/**
 * A mini-batch that was not learned, because it would have done harm.
 *
 * @param cause what was wrong, a sentence without full stop
 * @param examples as they came
 */
public record RefusedBatch(String cause, List<Example> examples) {
    /**
     * One example of it.
     *
     * @param features in their unit, one for each input
     * @param target as {@link Labels} encodes it, in its unit
     * @param weight as given
     * @param timestamp event time, ms
     * @param position place in its stream
     */
    public record Example(float[] features, float[] target, float weight, long timestamp, long position) {}
}
