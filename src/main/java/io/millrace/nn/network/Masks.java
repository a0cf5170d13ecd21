package io.millrace.nn.network;

import io.millrace.nn.layer.Layer;
import io.millrace.nn.layer.Mask;
import io.millrace.nn.layer.Shape;
import io.millrace.nn.layer.Wiring;
import java.util.List;

/** The masks of the sequences in a network, layer by layer, if its input is a sequence. */
final class Masks {
    private final List<Layer> layers;
    private final Shape sequence;
    private final Mask input;
    private final Mask[] outputs; // per layer

    /** @param inputs width of a row; 0 if vectors of tables follow, so that it is no sequence */
    Masks(int inputs, List<Layer> layers) {
        this.layers = layers;
        sequence = sequence(inputs);
        input = sequence == null ? Mask.NONE : Mask.ofInput(sequence);
        outputs = new Mask[layers.size()];
    }

    private Shape sequence(int inputs) {
        for (int l = 0; l < layers.size(); l++) {
            List<String> from = layers.get(l).wiring().inputs();
            boolean readsInput = l == 0 && from.isEmpty() || from.equals(List.of(Wiring.INPUT));
            Shape in = layers.get(l).kind().in();
            if (readsInput && in != null && in.isSequence() && in.size() == inputs) {
                return in;
            }
        }
        return null;
    }

    /** The shape of the input, as the first layer has it that reads it as a sequence; null if none does. */
    Shape sequence() {
        return sequence;
    }

    /**
     * The mask of what enters a layer. To be called layer by layer.
     *
     * @param sources the layers that it reads, or {@link Graph#INPUT}; several are concatenated, which is no sequence
     */
    Mask entering(int layer, int[] sources) {
        int source = sources[0];
        Mask mask = sources.length > 1 ? Mask.NONE : source == Graph.INPUT ? input : outputs[source];
        outputs[layer] = mask.behind(layers.get(layer).kind());
        return mask;
    }
}
