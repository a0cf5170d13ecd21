package io.millrace.nn.network;

import io.millrace.nn.layer.Block;
import io.millrace.nn.layer.Layout;
import io.millrace.nn.layer.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Carries parameters over to a network that reads further numbers behind those so far, and further tables behind those so far. The weights of
 * the new inputs are zero, so both networks compute the same until the next step. A pure function of two layouts.
 */
public final class Growth {
    /** Canonical floats that are carried over. */
    private record Part(int from, int to, int length) {}

    private final List<Part> parts = new ArrayList<>();
    private final int formerCount;
    private final int layerCount; // canonical floats of the larger network's layers, which are before its tables

    /**
     * Finds the place of each parameter.
     *
     * @param former the network so far
     * @param grown the same with further inputs
     * @throws IllegalArgumentException if the networks differ in something else, or a layer cannot read further inputs
     */
    public Growth(Architecture former, Architecture grown) {
        List<Table> tables = former.tables();
        if (grown.inputs() < former.inputs()
                || grown.tables().size() < tables.size()
                || !grown.tables().subList(0, tables.size()).equals(tables)
                || !grown.layers().equals(former.layers())
                || !grown.loss().equals(former.loss())) {
            throw new IllegalArgumentException("the network differs in more than inputs behind those so far");
        }
        Graph from = former.graph();
        Graph to = grown.graph();
        Layout place = to.layout();
        for (int l = 0; l < former.layers().size(); l++) {
            requireSharedRows(l, rows(l, former, from, to), rows(to.owner(l), former, from, to));
        }
        List<Block> blocks = from.layout().blocks();
        for (int i = 0; i < blocks.size(); i++) {
            Block block = blocks.get(i);
            Block target =
                    block.layer() == Block.TABLES ? place.blocks().get(i) : place.block(block.layer(), block.name());
            if (block.rows() == target.rows() && block.width() == target.width()) {
                parts.add(new Part(
                        block.canonicalOffset(),
                        target.canonicalOffset(),
                        target.canonicalEnd() - target.canonicalOffset()));
            } else {
                addRows(block, target, rows(block.layer(), former, from, to), from, to);
            }
        }
        formerCount = from.layout().count();
        layerCount = place.denseCount();
    }

    /** Which rows of the inputs of a layer are carried over, and to which. */
    private static List<Part> rows(int layer, Architecture former, Graph from, Graph to) {
        List<Part> rows = new ArrayList<>();
        int row = 0;
        int target = 0;
        for (int source : to.entering(layer)) {
            if (source == Graph.INPUT) {
                rows.add(new Part(row, target, former.inputs()));
                rows.add(new Part(
                        row + former.inputs(), target + to.width(Graph.INPUT), from.units(source) - former.inputs()));
            } else {
                rows.add(new Part(row, target, from.units(source)));
            }
            row += from.units(source);
            target += to.units(source);
        }
        return rows;
    }

    private static void requireSharedRows(int layer, List<Part> rows, List<Part> ofOwner) {
        if (!rows.equals(ofOwner) && rows.stream().anyMatch(part -> part.from() != part.to())) {
            throw new IllegalArgumentException(
                    "layer " + (layer + 1) + " shares weights and reads the input at another place");
        }
    }

    private void addRows(Block block, Block target, List<Part> rows, Graph from, Graph to) {
        if (block.width() != target.width()
                || block.rows() != from.inputsOf(block.layer())
                || target.rows() != to.inputsOf(block.layer())) {
            throw new IllegalArgumentException(
                    "layer " + (block.layer() + 1) + " has a " + block.name() + " that cannot take further inputs");
        }
        for (Part part : rows) {
            parts.add(new Part(
                    block.canonicalOffset() + part.from() * block.width(),
                    target.canonicalOffset() + part.to() * block.width(),
                    part.length() * block.width()));
        }
    }

    /** Canonical floats of the network so far. */
    public int formerCount() {
        return formerCount;
    }

    /**
     * Carries parameters or moments over.
     *
     * @param former canonical, of the network so far
     * @param grown canonical, of the network with further inputs; overwritten, except for the new tables
     */
    public void carry(float[] former, float[] grown) {
        Arrays.fill(grown, 0, layerCount, 0f);
        for (Part part : parts) {
            System.arraycopy(former, part.from(), grown, part.to(), part.length());
        }
    }
}
