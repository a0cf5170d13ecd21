package io.millrace.cli.command;

import io.millrace.nn.layer.Block;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.layer.Wiring;
import io.millrace.nn.network.Architecture;
import io.millrace.nn.network.LayerKinds;
import io.millrace.nn.network.Network;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The layers of a network as a table: what they compute, the shape of their output, their parameters, and the multiplications for one row. */
final class LayerTable {
    private record Line(String layer, String output, long parameters, long multiplications) {}

    private LayerTable() {}

    static void print(Network network, PrintWriter out) {
        List<Line> lines = lines(network);
        int widest = lines.stream().mapToInt(line -> line.layer.length()).max().orElse(0);
        String form = "   %-" + Math.max(widest, 5) + "s  %12s  %12s  %15s";
        out.println(String.format(Locale.ROOT, form, "layer", "output", "parameters", "multiplications"));
        for (Line line : lines) {
            out.println(
                    String.format(Locale.ROOT, form, line.layer, line.output, line.parameters, line.multiplications));
        }
    }

    private static List<Line> lines(Network network) {
        Architecture architecture = network.architecture();
        List<Line> lines = new ArrayList<>();
        if (!architecture.tables().isEmpty()) {
            lines.add(new Line("tables", "", parameters(network, Block.TABLES), 0));
        }
        for (int l = 0; l < architecture.layers().size(); l++) {
            Layer layer = architecture.layers().get(l);
            lines.add(new Line(
                    l + 1 + ": " + layer.kind().written()
                            + (LayerKinds.showsActivation(layer)
                                    ? " " + layer.activation().name()
                                    : "")
                            + (layer.normalized() ? ", batch norm" : "")
                            + (layer.wiring().equals(Wiring.CHAIN) ? "" : " (" + layer.wiring() + ")"),
                    layer.kind().output().toString(),
                    parameters(network, l),
                    layer.kind().multiplications(architecture.inputsOf(l))));
        }
        lines.add(new Line(
                "all",
                "",
                network.parameterCount(),
                lines.stream().mapToLong(Line::multiplications).sum()));
        return lines;
    }

    private static long parameters(Network network, int layer) {
        return network.layout().blocks().stream()
                .filter(block -> block.layer() == layer)
                .mapToLong(block -> (long) block.rows() * block.width())
                .sum();
    }
}
