package io.millrace.nn.initializer;

import java.util.Map;

/** How the weights of a layer start. Biases start at zero. Implementations are immutable values. */
public interface Initializer {
    /** The lower-case name that {@link #of} knows. */
    String name();

    /**
     * The first value of one weight. Called for {@code W[0][0], W[0][1], ...}, inputs outermost. Each layer has its own random stream, so a
     * seed gives the same weights on every machine.
     *
     * @param random random stream of the layer
     * @param inputs width of the layer below (fan-in)
     * @param outputs units of the layer (fan-out)
     */
    float weight(SplitMix64 random, int inputs, int outputs);

    /**
     * The initializer of that name.
     *
     * @throws IllegalArgumentException if the name is unknown; the message lists the known ones
     */
    static Initializer of(String name) {
        return Initializers.FAMILY.create(name, Map.of());
    }
}
