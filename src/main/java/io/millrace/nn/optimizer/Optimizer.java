package io.millrace.nn.optimizer;

import io.millrace.nn.kernels.Kernels;
import java.util.Map;

/**
 * How a gradient moves the parameters. Elementwise, on flat arrays of one layout; an implementation is an immutable value, all
 * its state is in the {@link #moments()} and the step counter, which the {@code Trainer} keeps and a checkpoint saves.
 *
 * <p>Moments start at zero. They pass through {@code x + FLUSH - FLUSH}: it leaves numbers of ordinary size as they are and
 * rounds tiny ones to multiples of 2^-123, so that the moments of dead units never decay into the denormals, which cost a hundred
 * times (Java cannot switch on flush-to-zero).
 */
public interface Optimizer {
    /** See the class comment. */
    float FLUSH = Kernels.FLUSH;

    /** The lower-case name that {@link #of(String)} knows. */
    String name();

    /** How many arrays of the parameters' length it keeps between steps. */
    int moments();

    /**
     * Moves {@code parameters[from..to)} and their moments by one step. Allocates nothing.
     *
     * @param parameters read and written
     * @param gradient of the objective by the parameters, same layout, read only
     * @param moments {@link #moments()} arrays of the same layout, read and written
     * @param learningRate {@code > 0}
     * @param step number of this update, counted from 1
     */
    void update(
            float[] parameters, float[] gradient, float[][] moments, int from, int to, float learningRate, long step);

    /** Whether it takes the gradient not at the parameters but at {@link #lookAhead}. */
    default boolean looksAhead() {
        return false;
    }

    /**
     * Where the next gradient is to be taken, if it {@link #looksAhead()}.
     *
     * @param ahead overwritten, same layout as the parameters
     */
    default void lookAhead(float[] parameters, float[][] moments, float[] ahead) {
        throw new UnsupportedOperationException(name() + " takes its gradient at the parameters");
    }

    /**
     * The same update by the gradient of a single row, or null if there is no faster way than {@link #update}.
     *
     * @param moments those of the learner
     */
    default OuterUpdate outerUpdate(float[][] moments) {
        return null;
    }

    /**
     * Part of each weight (not bias) that a unit learning rate takes away, apart from the gradient; the trainer does it, before
     * {@link #update}. Zero for most.
     */
    default double weightDecay() {
        return 0;
    }

    /**
     * The optimizer of that name with its default options.
     *
     * @throws IllegalArgumentException if the name is unknown; the message lists the known ones
     */
    static Optimizer of(String name) {
        return of(name, Map.of());
    }

    /**
     * The optimizer of that name.
     *
     * @param options hyper-parameters as text by name, for instance {@code alpha = 0.9}; absent ones take their default
     * @throws IllegalArgumentException if the name, an option or a value is unknown
     */
    static Optimizer of(String name, Map<String, String> options) {
        return Optimizers.FAMILY.create(name, options);
    }
}
