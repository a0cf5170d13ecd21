package io.millrace.config;

import io.millrace.nn.layer.Layer;
import io.millrace.nn.layer.Wiring;
import io.millrace.nn.network.Architecture;
import java.util.List;

/**
 * How large the configured network is, told without building it: one that is too large for arrays has a size, too.
 *
 * @param parameters weights and biases
 * @param widest units of the widest layer, or features
 */
record NetworkSize(long parameters, long widest) {

    static NetworkSize of(Architecture architecture) {
        long parameters = 0;
        long widest = architecture.inputs();
        List<Layer> layers = architecture.layers();
        for (int l = 0; l < layers.size(); l++) {
            Layer layer = layers.get(l);
            List<String> names = layer.wiring().inputs();
            long width = names.isEmpty()
                    ? outputs(architecture, l)
                    : names.stream()
                            .mapToLong(name ->
                                    outputs(architecture, name.equals(Wiring.INPUT) ? 0 : Integer.parseInt(name)))
                            .sum();
            parameters += layer.wiring().shared().isEmpty() ? (width + 1) * layer.units() : 0;
            widest = Math.max(widest, layer.units());
        }
        return new NetworkSize(parameters, widest);
    }

    /** Width of what layer {@code l} gives, counted from 1; 0 is the input. */
    private static long outputs(Architecture architecture, int l) {
        return l == 0 ? architecture.inputs() : architecture.layers().get(l - 1).units();
    }
}
