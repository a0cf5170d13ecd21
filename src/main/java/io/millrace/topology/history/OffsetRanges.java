package io.millrace.topology.history;

import io.millrace.avro.OffsetRange;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Offsets in the order in which they are read, as ranges. Keeps only the newest ranges, because they must fit into a record. */
final class OffsetRanges {
    private final int most;
    private final Deque<OffsetRange> ranges = new ArrayDeque<>();

    /** @param most maximum number of ranges that are kept */
    OffsetRanges(int most) {
        this.most = most;
    }

    /**
     * Adds offsets that are larger than all added before.
     *
     * @param to the offset after the last one
     * @return the oldest range if it was dropped, else null
     */
    OffsetRange add(int stretch, long from, long to) {
        OffsetRange last = ranges.peekLast();
        if (last != null && last.getStretch() == stretch && last.getToOffset() == from) {
            ranges.removeLast();
            ranges.addLast(new OffsetRange(stretch, last.getFromOffset(), to));
            return null;
        }
        ranges.addLast(new OffsetRange(stretch, from, to));
        return ranges.size() > most ? ranges.removeFirst() : null;
    }

    List<OffsetRange> list() {
        return List.copyOf(ranges);
    }

    static void write(List<OffsetRange> ranges, FieldWriter out) throws IOException {
        out.writeInt(ranges.size());
        for (OffsetRange range : ranges) {
            out.writeInt(range.getStretch());
            out.writeLong(range.getFromOffset());
            out.writeLong(range.getToOffset());
        }
    }

    void read(FieldReader in) throws IOException {
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            ranges.addLast(new OffsetRange(in.readInt(), in.readLong(), in.readLong()));
        }
    }
}
