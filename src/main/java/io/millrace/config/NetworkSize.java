package io.millrace.config;

import io.millrace.nn.layer.Layer;
import io.millrace.nn.layer.Table;
import io.millrace.nn.layer.Wiring;
import io.millrace.nn.network.Architecture;
import java.util.List;

/**
 * The size of the configured network, computed without building it, so that it also works for a network that is too large for arrays.
 *
 * @param parameters weights and biases; more than {@value #MOST} count as that many
 * @param widest units of the widest layer, or the number of features if that is larger
 * @param kept numbers of a row that a layer keeps in one array, in the layer that keeps most
 */
record NetworkSize(long parameters, long widest, long kept) {
    /** Far more than any array holds. With the largest layer added, and multiplied by the bytes of all copies, it does not overflow. */
    private static final long MOST = 10_000_000_000_000_000L;

    static NetworkSize of(Architecture architecture) {
        long parameters = architecture.tables().stream()
                .mapToLong(table -> (long) table.rows() * table.width())
                .sum();
        long widest = inputs(architecture);
        long kept = 0;
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
            parameters += layer.wiring().shared().isEmpty() ? layer.kind().parameters(width) : 0;
            parameters = Math.min(parameters, MOST);
            widest = Math.max(widest, layer.units());
            kept = Math.max(kept, layer.kind().kept());
        }
        return new NetworkSize(parameters, widest, kept);
    }

    private static long inputs(Architecture architecture) {
        return architecture.inputs()
                + architecture.tables().stream().mapToLong(Table::width).sum();
    }

    /** Number of outputs of layer {@code l}, counted from 1; 0 is the input. */
    private static long outputs(Architecture architecture, int l) {
        return l == 0 ? inputs(architecture) : architecture.layers().get(l - 1).units();
    }
}
