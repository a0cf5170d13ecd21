package io.millrace.nn.layer;

import io.millrace.nn.optimizer.Ranges;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The places of the parameters, or of the state, of a network in two layouts.
 *
 * <p><b>Padded</b>, in memory: layer by layer its {@link Block}s in one flat array, each row of a block rounded up to a multiple of 16
 * floats, so that vectors of 4, 8 or 16 floats need no tail. A narrow matrix is turned: its columns are rows there. Padding is zero and stays
 * zero.
 *
 * <p><b>Canonical</b>, in saved state and snapshots: the same without padding.
 */
public final class Layout {
    /** Floats of the widest vector, to which rows are padded. */
    private static final int LANES = 16;

    private final List<Block> blocks;
    private final int length;
    private final int count;
    private final int denseLength;
    private final int denseCount;

    private Layout(List<Block> blocks) {
        this.blocks = List.copyOf(blocks);
        Block last = blocks.isEmpty() ? null : blocks.get(blocks.size() - 1);
        length = last == null ? 0 : last.end();
        count = last == null ? 0 : last.canonicalEnd();
        List<Block> dense =
                blocks.stream().filter(block -> block.layer() != Block.TABLES).toList();
        denseLength = dense.stream().mapToInt(Block::end).max().orElse(0);
        denseCount = dense.stream().mapToInt(Block::canonicalEnd).max().orElse(0);
    }

    /** A width rounded up to that of a padded row. */
    public static int pad(int width) {
        return (width + LANES - 1) & -LANES;
    }

    /** All blocks in their order. */
    public List<Block> blocks() {
        return blocks;
    }

    /**
     * A block by its name.
     *
     * @param layer counted from 0
     * @throws IllegalArgumentException if the layer has no block with this name, for instance because it shares those of another layer
     */
    public Block block(int layer, String name) {
        return blocks.stream()
                .filter(b -> b.layer() == layer && b.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("layer " + (layer + 1) + " has no " + name + " of its own"));
    }

    /** Names a canonical float, for example {@code layer 2, weight [3][0]}. Layers count from 1, as in settings, rows and columns from 0. */
    public String nameOf(int canonical) {
        for (Block block : blocks) {
            if (canonical >= block.canonicalOffset() && canonical < block.canonicalEnd()) {
                int at = canonical - block.canonicalOffset();
                String row = block.matrix() || block.rows() > 1 ? "[" + at / block.width() + "]" : "";
                String layer = block.layer() == Block.TABLES ? "" : "layer " + (block.layer() + 1) + ", ";
                return layer + block.name() + " " + row + "[" + at % block.width() + "]";
            }
        }
        return "no layer";
    }

    /** Floats of the padded array. */
    public int length() {
        return length;
    }

    /** Floats of the padded array before the embedding tables. */
    public int denseLength() {
        return denseLength;
    }

    /** The range of the padded array before the embedding tables. */
    public Ranges denseRange() {
        return Ranges.all(denseLength)
                .withTurned(blocks.stream()
                        .filter(Block::turned)
                        .map(block -> new Ranges.Turned(block.offset(), block.width(), block.stride()))
                        .toArray(Ranges.Turned[]::new));
    }

    /** Floats of the canonical array before the embedding tables. */
    public int denseCount() {
        return denseCount;
    }

    /** Floats of the canonical array. */
    public int count() {
        return count;
    }

    /**
     * Copies the canonical floats {@code from..from + length} out of a padded array.
     *
     * @throws IndexOutOfBoundsException if a range does not fit
     */
    public void toCanonical(float[] padded, int from, int length, float[] canonical, int canonicalStart) {
        copy(padded, from, length, canonical, canonicalStart, true);
    }

    /**
     * Copies one row of a block to its place in a canonical array.
     *
     * @param row index of its first float in the padded array
     */
    public void rowToCanonical(float[] padded, int row, float[] canonical) {
        int b = blocks.size() - 1;
        while (row < blocks.get(b).offset()) {
            b--;
        }
        Block block = blocks.get(b);
        int index = (row - block.offset()) / block.stride();
        System.arraycopy(padded, row, canonical, block.canonicalOffset() + index * block.width(), block.width());
    }

    /**
     * Copies the canonical floats {@code from..from + length} into a padded array. Padding is left as it is.
     *
     * @throws IndexOutOfBoundsException if a range does not fit
     */
    public void fromCanonical(float[] canonical, int canonicalStart, int from, int length, float[] padded) {
        copy(padded, from, length, canonical, canonicalStart, false);
    }

    private void copy(float[] padded, int from, int length, float[] canonical, int canonicalStart, boolean out) {
        Objects.checkFromIndexSize(from, length, count);
        int position = from;
        int end = from + length;
        for (int b = 0; position < end; b++) { // by index: an iterator is an allocation
            Block block = blocks.get(b);
            while (position < end && position < block.canonicalEnd()) {
                int row = (position - block.canonicalOffset()) / block.width();
                int column = (position - block.canonicalOffset()) % block.width();
                int n = Math.min(block.width() - column, end - position);
                int p = block.index(row, column);
                int c = canonicalStart + position - from;
                if (block.turned()) {
                    copyTurned(padded, p, block.stride(), canonical, c, n, out);
                } else if (out) {
                    System.arraycopy(padded, p, canonical, c, n);
                } else {
                    System.arraycopy(canonical, c, padded, p, n);
                }
                position += n;
            }
        }
    }

    private static void copyTurned(
            float[] padded, int p, int stride, float[] canonical, int c, int length, boolean out) {
        for (int j = 0; j < length; j++) {
            if (out) {
                canonical[c + j] = padded[p + j * stride];
            } else {
                padded[p + j * stride] = canonical[c + j];
            }
        }
    }

    /** Collects blocks, layer by layer. */
    public static final class Builder {
        private final List<Block> blocks = new ArrayList<>();
        private final Map<Integer, List<Block>> byLayer = new HashMap<>();
        private long length;
        private int count;
        private Integer tooLarge; // the first layer whose blocks an array does not hold

        /** The blocks of a layer of its own. */
        public Blocks of(int layer) {
            List<Block> own = byLayer.computeIfAbsent(layer, l -> new ArrayList<>());
            return (name, matrix, turned, rows, width) -> {
                own.add(add(layer, name, matrix, turned, rows, width));
                return own.get(own.size() - 1);
            };
        }

        /** The blocks of a layer of the same kind, in the same order, for one that shares them. */
        public Blocks sharedWith(int owner) {
            Iterator<Block> others = byLayer.get(owner).iterator();
            return (name, matrix, turned, rows, width) -> others.next();
        }

        private Block add(int layer, String name, boolean matrix, boolean turned, int rows, int width) {
            Block block = new Block(layer, name, matrix, turned, rows, width, (int) length, count);
            length += (long) (turned ? width : rows)
                    * (((turned ? rows : width) + (LANES - 1L))
                            & -LANES); // as pad, which would overflow before the check
            count += rows * width;
            if (tooLarge == null && length > Integer.MAX_VALUE - LANES) {
                tooLarge = layer;
            }
            blocks.add(block);
            return block;
        }

        /**
         * The layout of all blocks.
         *
         * @throws IllegalArgumentException if an array does not hold them
         */
        public Layout build() {
            if (tooLarge != null) {
                throw new IllegalArgumentException("the network has over 2^31 parameters: make "
                        + (tooLarge == Block.TABLES ? "its tables smaller" : "layer " + (tooLarge + 1) + " narrower"));
            }
            return new Layout(blocks);
        }
    }
}
