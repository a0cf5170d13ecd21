package io.millrace.nn.network;

import io.millrace.nn.layer.Block;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.layer.Layout;
import io.millrace.nn.layer.SparseDense;
import io.millrace.nn.layer.Table;
import io.millrace.nn.layer.TableNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Carries parameters over to a network that reads further numbers, tables or sparse inputs, each behind those so far. The weights of the new
 * inputs are zero, so both networks compute the same until the next step. A pure function of two layouts.
 */
public final class Growth {
    /** Canonical floats that are carried over. */
    private record Part(int from, int to, int length) {}

    private final List<Part> parts = new ArrayList<>();
    private final int formerCount;
    private final int newTables; // where those of the larger network begin
    private final int behindNewTables;

    /** Finds the place of each parameter of networks that see the numbers once. */
    public Growth(Architecture former, Architecture grown) {
        this(former, grown, 1);
    }

    /**
     * Finds the place of each parameter.
     *
     * @param former the network so far
     * @param grown the same, or with further inputs
     * @param views how many equal groups the numbers consist of. Further numbers are behind those of each group
     * @throws IllegalArgumentException if the networks differ in something else, or a layer cannot read further inputs
     */
    public Growth(Architecture former, Architecture grown, int views) {
        List<Table> tables = former.tables();
        if (grown.inputs() < former.inputs()
                || grown.tables().size() < tables.size()
                || !grown.tables().subList(0, tables.size()).equals(tables)
                || !alike(former.layers(), grown.layers())
                || !grown.loss().equals(former.loss())) {
            throw new IllegalArgumentException("the network differs in more than inputs behind those so far");
        }
        Graph from = former.graph();
        Graph to = grown.graph();
        Layout place = to.layout();
        for (int l = 0; l < former.layers().size(); l++) {
            requireSharedRows(l, rows(l, views, from, to), rows(to.owner(l), views, from, to));
        }
        for (Block block : from.layout().blocks()) {
            if (block.layer() == Block.TABLES) {
                continue;
            }
            Block target = place.block(block.layer(), block.name());
            if (block.rows() == target.rows() && block.width() == target.width()) {
                addWhole(block, target);
            } else {
                addRows(block, target, rows(block.layer(), views, from, to), from, to);
            }
        }
        List<Block> grownTables = tables(to);
        List<Block> formerTables = tables(from);
        int added = grown.tables().size() - tables.size();
        for (int t = 0; t < formerTables.size(); t++) { // those of sparse inputs are behind those of the input
            addWhole(formerTables.get(t), grownTables.get(t < tables.size() ? t : t + added));
        }
        formerCount = from.layout().count();
        newTables = end(grownTables, tables.size(), place);
        behindNewTables = end(grownTables, grown.tables().size(), place);
    }

    /** Whether the layers differ at most in the number of their sparse inputs, of which the larger network has no fewer. */
    private static boolean alike(List<Layer> former, List<Layer> grown) {
        boolean alike = former.size() == grown.size();
        for (int l = 0; alike && l < former.size(); l++) {
            Layer layer = former.get(l);
            if (layer.kind() instanceof SparseDense less
                    && grown.get(l).kind() instanceof SparseDense more
                    && less.sparse() < more.sparse()) {
                layer = new Layer(
                        new SparseDense(less.units(), more.sparse()),
                        layer.activation(),
                        layer.batchNorm(),
                        layer.inputDropout(),
                        layer.wiring());
            }
            alike = layer.equals(grown.get(l));
        }
        return alike;
    }

    private static List<Block> tables(Graph graph) {
        return graph.tables().stream().map(TableNode::block).toList();
    }

    /** Where the first so many tables end. */
    private static int end(List<Block> tables, int count, Layout layout) {
        return count == 0 ? layout.denseCount() : tables.get(count - 1).canonicalEnd();
    }

    /** Carries a block over to the beginning of another. */
    private void addWhole(Block block, Block target) {
        parts.add(new Part(
                block.canonicalOffset(), target.canonicalOffset(), block.canonicalEnd() - block.canonicalOffset()));
    }

    /** Which rows of the inputs of a layer are carried over, and to which. */
    private static List<Part> rows(int layer, int views, Graph from, Graph to) {
        List<Part> rows = new ArrayList<>();
        int numbers = from.width(Graph.INPUT);
        int grownNumbers = to.width(Graph.INPUT);
        int row = 0;
        int target = 0;
        for (int source : to.entering(layer)) {
            if (source == Graph.INPUT) {
                for (int view = 0; view < views; view++) {
                    rows.add(new Part(
                            row + view * (numbers / views), target + view * (grownNumbers / views), numbers / views));
                }
                rows.add(new Part(row + numbers, target + grownNumbers, from.units(source) - numbers));
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
        Arrays.fill(grown, 0, newTables, 0f);
        Arrays.fill(grown, behindNewTables, grown.length, 0f);
        for (Part part : parts) {
            System.arraycopy(former, part.from(), grown, part.to(), part.length());
        }
    }
}
