package io.millrace.nn;

/** The learning rate as a function of the updates made. Implementations are immutable values. */
public interface Schedule {
    /**
     * The rate of the update after {@code updates} of them.
     *
     * @param updates made so far, {@code >= 0}: {@link Trainer#steps()}
     */
    float learningRate(long updates);
}
