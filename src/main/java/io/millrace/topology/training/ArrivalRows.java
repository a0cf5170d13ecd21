package io.millrace.topology.training;

import io.millrace.feature.InputLayout;
import io.millrace.feature.InputRow;
import io.millrace.input.DecodedExample;
import io.millrace.topology.record.RecordKey;
import java.util.Arrays;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/**
 * Copies of arrivals in flat arrays, one for each part of an arrival. So many arrivals are copied with few calls, and a processor fetches ahead what another one has
 * written; behind references it would wait for one cache line after the other. Allocates nothing for an example.
 */
final class ArrivalRows {
    private final int count;
    private final int width;
    private final int tables;
    private final int targetWidth;
    private final FixedKeyRecord<RecordKey, byte[]>[] records;
    private final long[] positions;
    private final long[] eventTimes;
    private final float[] weights;
    private final float[] targets; // [count x targetWidth]
    private final float[] features; // [count x width] of Examples; else null
    private final double[] numbers; // [count x width] of declared features; else null
    private final int[] ends; // [count x tables], in the ids of the row
    private int[] ids; // [count x mostIds]
    private int mostIds; // that a row has room for
    private final byte[][] values; // what InputRow.record has
    private final Arrival[] others; // those that are no examples, and examples of another shape; else null

    private final Arrival got = new Arrival();
    private final DecodedExample example = new DecodedExample();
    private final InputRow row;
    private final float[] target;

    /**
     * @param count how many
     * @param layout of declared features; null for {@code Example}s
     * @param width how many features or numbers an example has
     */
    @SuppressWarnings({"unchecked", "rawtypes"})
    ArrivalRows(int count, InputLayout layout, int width, int targetWidth) {
        this.count = count;
        this.width = width;
        this.targetWidth = targetWidth;
        tables = layout == null ? 0 : layout.tables().size();
        records = new FixedKeyRecord[count];
        positions = new long[count];
        eventTimes = new long[count];
        weights = new float[count];
        targets = new float[count * targetWidth];
        features = layout == null ? new float[count * width] : null;
        numbers = layout == null ? null : new double[count * width];
        ends = new int[count * tables];
        mostIds = tables;
        ids = new int[count * mostIds];
        values = new byte[count][];
        others = new Arrival[count];
        row = layout == null ? new InputRow().features(new float[width]) : new InputRow(layout);
        target = new float[targetWidth];
    }

    /**
     * Copies an arrival to a place.
     *
     * @return whether a row has room for all its ids; if not, nothing was done
     */
    boolean put(int at, Arrival arrival) {
        if (!isPlain(arrival)) {
            others[at] = copy(arrival);
            return true;
        }
        InputRow from = arrival.example.row();
        if (tables > 0 && !putIds(from, at)) {
            return false;
        }
        records[at] = arrival.record;
        positions[at] = arrival.position;
        eventTimes[at] = arrival.example.eventTime();
        weights[at] = arrival.example.weight();
        System.arraycopy(arrival.example.target(), 0, targets, at * targetWidth, targetWidth);
        if (features == null) {
            System.arraycopy(from.numbers(), 0, numbers, at * width, width);
            values[at] = from.record();
        } else {
            System.arraycopy(from.features(), 0, features, at * width, width);
        }
        return true;
    }

    private boolean putIds(InputRow from, int at) {
        int size = from.ends()[tables - 1];
        if (size > mostIds) {
            return false;
        }
        System.arraycopy(from.ids(), 0, ids, at * mostIds, size);
        System.arraycopy(from.ends(), 0, ends, at * tables, tables);
        return true;
    }

    private boolean isPlain(Arrival arrival) {
        DecodedExample example = arrival.example;
        return example != null
                && arrival.missingInSource == 0
                && example.target().length == targetWidth
                && (features == null || example.row().features().length == width);
    }

    private static Arrival copy(Arrival arrival) {
        Arrival copy = new Arrival();
        copy.record = arrival.record;
        copy.position = arrival.position;
        copy.fault = arrival.fault;
        copy.missingInSource = arrival.missingInSource;
        if (arrival.example != null) {
            DecodedExample example = arrival.example;
            copy.example = new DecodedExample();
            copy.example.set(example.row().copy(), example.target().clone(), example.weight(), example.eventTime());
        }
        return copy;
    }

    /** Makes room for the ids of an arrival. What the rows hold is lost. */
    void widenFor(Arrival arrival) {
        widen(Math.max(2 * mostIds, arrival.example.row().ends()[tables - 1]));
    }

    private void widen(int wider) {
        mostIds = wider;
        ids = new int[Math.multiplyExact(count, mostIds)];
    }

    /**
     * Takes rows out of others of the same shape and puts them into the first places of these.
     *
     * @param from loses its references to what the rows refer to
     * @param at the first place there
     */
    void take(ArrivalRows from, int at, int rows) {
        move(from.records, at, records, rows);
        move(from.others, at, others, rows);
        System.arraycopy(from.positions, at, positions, 0, rows);
        System.arraycopy(from.eventTimes, at, eventTimes, 0, rows);
        System.arraycopy(from.weights, at, weights, 0, rows);
        System.arraycopy(from.targets, at * targetWidth, targets, 0, rows * targetWidth);
        if (features == null) {
            System.arraycopy(from.numbers, at * width, numbers, 0, rows * width);
            move(from.values, at, values, rows);
            if (mostIds != from.mostIds) {
                widen(from.mostIds);
            }
            System.arraycopy(from.ids, at * mostIds, ids, 0, rows * mostIds);
            System.arraycopy(from.ends, at * tables, ends, 0, rows * tables);
        } else {
            System.arraycopy(from.features, at * width, features, 0, rows * width);
        }
    }

    private static <T> void move(T[] from, int at, T[] to, int count) {
        System.arraycopy(from, at, to, 0, count);
        Arrays.fill(from, at, at + count, null); // a record may be large
    }

    /**
     * Gives the arrival at a place; only once, since its references are removed.
     *
     * @return valid until the next call
     */
    Arrival get(int at) {
        Arrival other = others[at];
        if (other != null) {
            others[at] = null;
            return other;
        }
        System.arraycopy(targets, at * targetWidth, target, 0, targetWidth);
        if (features == null) {
            System.arraycopy(numbers, at * width, row.numbers(), 0, width);
            row.record(values[at]);
            values[at] = null;
            getIds(at);
        } else {
            System.arraycopy(features, at * width, row.features(), 0, width);
        }
        example.set(row, target, weights[at], eventTimes[at]);
        got.record = records[at];
        got.position = positions[at];
        got.example = example;
        records[at] = null;
        return got;
    }

    private void getIds(int at) {
        row.clear();
        int id = 0;
        for (int t = 0; t < tables; t++) {
            int end = ends[at * tables + t];
            while (id < end) {
                row.id(ids[at * mostIds + id++]);
            }
            row.endOfTable(t);
        }
    }
}
