package io.millrace.nn.optimizer;

import io.millrace.nn.kernels.Kernels;
import java.util.Map;

/**
 * Updates the parameters with a gradient. Works elementwise on flat arrays of one layout. An implementation is an immutable value. All
 * state is in the {@link #moments()} and the step counter, which the {@code Trainer} keeps and a checkpoint saves.
 *
 * <p>Moments start at zero. They pass through {@code x + FLUSH - FLUSH}, which leaves numbers of ordinary size unchanged and rounds tiny
 * ones to multiples of 2^-123. So the moments of dead units never become denormals, which are a hundred times slower (Java cannot turn on
 * flush-to-zero).
 */
public interface Optimizer {
    /** See the class comment. */
    float FLUSH = Kernels.FLUSH;

    /** The lower-case name that {@link #of(String)} knows. */
    String name();

    /** Number of arrays of the parameters' length that the optimizer keeps between steps. */
    int moments();

    /**
     * Updates {@code parameters[from..to)} and their moments by one step. Allocates nothing.
     *
     * @param parameters read and written
     * @param gradient gradient of the objective with respect to the parameters, same layout, read only
     * @param moments {@link #moments()} arrays of the same layout, read and written
     * @param learningRate {@code > 0}
     * @param step number of this update, counted from 1
     */
    void update(
            float[] parameters, float[] gradient, float[][] moments, int from, int to, float learningRate, long step);

    /**
     * {@link #update(float[], float[], float[][], int, int, float, long)} of all ranges, with the same bits.
     *
     * @param kernels kernels of the calling thread
     */
    default void update(
            Kernels kernels,
            float[] parameters,
            float[] gradient,
            float[][] moments,
            Ranges ranges,
            float learningRate,
            long step) {
        for (int i = 0; i < ranges.size(); i++) {
            update(parameters, gradient, moments, ranges.from(i), ranges.to(i), learningRate, step);
        }
    }

    /** Whether the optimizer needs the gradient at {@link #lookAhead} instead of at the parameters. */
    default boolean looksAhead() {
        return false;
    }

    /**
     * Computes {@code ahead[from..to)}, the position for the next gradient, if the optimizer {@link #looksAhead()}.
     *
     * @param ahead overwritten, same layout as the parameters
     */
    default void lookAhead(float[] parameters, float[][] moments, float[] ahead, int from, int to) {
        throw new UnsupportedOperationException(name() + " takes its gradient at the parameters");
    }

    /**
     * The same update with the gradient of a single row, or null if there is no faster way than {@link #update}.
     *
     * @param moments the moments of the learner
     */
    default OuterUpdate outerUpdate(float[][] moments) {
        return null;
    }

    /**
     * Decoupled weight decay: the fraction of each weight (not bias) that a step with learning rate 1 subtracts, in addition to the
     * gradient. The trainer applies it before {@link #update}. Zero for most optimizers.
     */
    default double weightDecay() {
        return 0;
    }

    /**
     * The optimizer with this name and its default options.
     *
     * @throws IllegalArgumentException if the name is unknown; the message lists the known ones
     */
    static Optimizer of(String name) {
        return of(name, Map.of());
    }

    /**
     * The optimizer with this name.
     *
     * @param options hyper-parameters as text by name, for instance {@code alpha = 0.9}; absent ones take their default
     * @throws IllegalArgumentException if the name, an option or a value is unknown
     */
    static Optimizer of(String name, Map<String, String> options) {
        return Optimizers.FAMILY.create(name, options);
    }
}
