package io.millrace.nn.network;

import io.millrace.nn.layer.Dense;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.layer.LayerKind;
import io.millrace.nn.layer.LayerNorm;
import io.millrace.nn.layer.Wiring;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes the layers of a network as {@link LayersParser} reads them; the output layer is left out if it reads the last of them alone. Layers that others name get the names h1, h2 and so on. */
public final class LayersWriter {
    private LayersWriter() {}

    /** The hidden layers on one line; empty if there are none. */
    public static String write(Architecture architecture) {
        List<Layer> layers = architecture.layers();
        Set<String> named = named(layers);
        List<String> items = new ArrayList<>();
        for (int l = 0; l < layers.size(); l++) {
            Layer layer = layers.get(l);
            if (layer.dropsInputs()) {
                items.add("dropout(" + BigDecimal.valueOf(layer.inputDropout()).toPlainString() + ")");
            }
            boolean output = l + 1 == layers.size();
            if (output && layer.wiring().equals(Wiring.CHAIN)) {
                continue;
            }
            if (!output && flattens(layers, l)) {
                items.add(LayersParser.FLATTEN);
            }
            String name = String.valueOf(l + 1);
            items.add((named.contains(name) ? called(name) + ": " : "") + write(layer, output));
        }
        return String.join(", ", items);
    }

    /** A layer in a few words: a dense one as its number of units, others as they are written, and the activation if it is worth a word. */
    public static String brief(Layer layer) {
        return (layer.kind() instanceof Dense ? layer.units() : layer.kind().written())
                + (LayerKinds.showsActivation(layer) ? " " + layer.activation().name() : "");
    }

    private static boolean flattens(List<Layer> layers, int l) {
        LayerKind kind = layers.get(l).kind();
        return l > 0
                && (kind instanceof Dense
                        || kind instanceof LayerNorm && kind.output().isFlat())
                && layers.get(l).wiring().inputs().isEmpty()
                && !layers.get(l - 1).kind().output().isFlat();
    }

    private static String write(Layer layer, boolean output) {
        Wiring wiring = layer.wiring();
        StringBuilder text =
                new StringBuilder(output ? Wiring.OUTPUT : layer.kind().written());
        if (!wiring.shared().isEmpty()) {
            String shared = "share=" + called(wiring.shared()) + ")";
            int last = text.length() - 1;
            if (text.charAt(last) == ')') {
                text.replace(last, text.length(), ", " + shared);
            } else {
                text.append('(').append(shared);
            }
        }
        if (!output && LayerKinds.showsActivation(layer)) {
            text.append(' ').append(layer.activation().name());
        }
        wiring.residuals().forEach(name -> text.append(" + ").append(called(name)));
        if (!wiring.inputs().isEmpty()) {
            text.append(
                    wiring.inputs().stream().map(LayersWriter::called).collect(Collectors.joining(", ", " [", "]")));
        }
        return text.toString();
    }

    private static Set<String> named(List<Layer> layers) {
        Set<String> named = new HashSet<>();
        for (Layer layer : layers) {
            named.addAll(layer.wiring().inputs());
            named.addAll(layer.wiring().residuals());
            named.add(layer.wiring().shared());
        }
        return named;
    }

    private static String called(String name) {
        return name.equals(Wiring.INPUT) ? name : "h" + name;
    }
}
