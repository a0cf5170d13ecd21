package io.millrace.topology.training;

import io.millrace.config.StreamsProperties;
import io.millrace.feature.InputLayout;
import io.millrace.feature.InputRow;
import io.millrace.input.DecodedExample;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.topology.record.RecordKey;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/**
 * Arrivals on their way from the stream thread to the learner's thread, copied into flat arrays. What one processor writes another one must
 * fetch, cache line after cache line. From flat arrays it fetches them ahead; behind references it would wait for one after the other, for longer
 * than a small network learns. So the reader touches no object of a record unless the record is bad or an event is said with it. The caller counts the
 * arrivals, sees to it that one thread puts and one takes, and makes what was put visible. Allocates nothing for an example.
 */
final class ArrivalRing {
    /** About as many as a poll of the consumer returns: what the learner's thread has to do while the stream thread polls again. */
    private static final int MOST_ROWS = 4096;

    private static final int LEAST_ROWS = 8;
    /** As long as a fetch of the consumer, for the same reason. */
    private static final int BYTES = StreamsProperties.FETCH_BYTES;

    private final int width;
    private final int tables;
    private final int targetWidth;
    private final int capacity; // a power of two
    private final FixedKeyRecord<RecordKey, byte[]>[] records;
    private final long[] positions;
    private final long[] eventTimes;
    private final float[] weights;
    private final float[] targets; // [capacity x targetWidth]
    private final float[] features; // [capacity x width] of Examples; else null
    private final double[] numbers; // [capacity x width] of declared features; else null
    private final int[] ends; // [capacity x tables], in the ids of the row
    private int[] ids; // [capacity x mostIds]
    private int mostIds; // that a row has room for
    private final byte[][] values; // what InputRow.record has
    private final Arrival[] others; // those that are no examples, and examples of another shape; else null

    private final Arrival taken = new Arrival();
    private final DecodedExample example = new DecodedExample();
    private final InputRow row;
    private final float[] target;

    /** A ring for the examples of a learner. */
    static ArrivalRing of(LearnerSpec spec) {
        return new ArrivalRing(spec.layout(), spec.architecture().inputs(), spec.targetWidth());
    }

    /** @param layout of declared features; null for {@code Example}s */
    @SuppressWarnings({"unchecked", "rawtypes"})
    ArrivalRing(InputLayout layout, int width, int targetWidth) {
        this.width = width;
        this.targetWidth = targetWidth;
        tables = layout == null ? 0 : layout.tables().size();
        int rows = BYTES / (Math.max(1, width) * (layout == null ? Float.BYTES : Double.BYTES));
        capacity = Math.max(LEAST_ROWS, Math.min(MOST_ROWS, Integer.highestOneBit(Math.max(1, rows))));
        records = new FixedKeyRecord[capacity];
        positions = new long[capacity];
        eventTimes = new long[capacity];
        weights = new float[capacity];
        targets = new float[capacity * targetWidth];
        features = layout == null ? new float[capacity * width] : null;
        numbers = layout == null ? null : new double[capacity * width];
        ends = new int[capacity * tables];
        mostIds = tables;
        ids = new int[capacity * mostIds];
        values = new byte[capacity][];
        others = new Arrival[capacity];
        row = layout == null ? new InputRow().features(new float[width]) : new InputRow(layout);
        target = new float[targetWidth];
    }

    /** How many arrivals it holds. */
    int capacity() {
        return capacity;
    }

    /**
     * Copies an arrival into the ring.
     *
     * @param number how many were put before; the one that is {@link #capacity} smaller is overwritten
     * @return whether it has room for all ids; if not, nothing was done
     */
    boolean put(long number, Arrival arrival) {
        int at = (int) number & capacity - 1;
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
        int count = from.ends()[tables - 1];
        if (count > mostIds) {
            return false;
        }
        System.arraycopy(from.ids(), 0, ids, at * mostIds, count);
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

    /** Makes room for the ids of an arrival. The ring must be empty, and nobody take. */
    void widenFor(Arrival arrival) {
        mostIds = Math.max(2 * mostIds, arrival.example.row().ends()[tables - 1]);
        ids = new int[Math.multiplyExact(capacity, mostIds)];
    }

    /**
     * Takes an arrival out.
     *
     * @param number how many were taken before
     * @return valid until the next call
     */
    Arrival take(long number) {
        int at = (int) number & capacity - 1;
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
            takeIds(at);
        } else {
            System.arraycopy(features, at * width, row.features(), 0, width);
        }
        example.set(row, target, weights[at], eventTimes[at]);
        taken.record = records[at];
        taken.position = positions[at];
        taken.example = example;
        records[at] = null; // a record may be large
        return taken;
    }

    private void takeIds(int at) {
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
