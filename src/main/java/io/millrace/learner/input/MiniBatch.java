package io.millrace.learner.input;

import io.millrace.feature.InputLayout;
import io.millrace.feature.InputRow;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import io.millrace.nn.layer.Tokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The open window of examples that wait to be learned, stored in primitive arrays. It is full at {@code size} examples, and it also closes
 * when event time has advanced by {@code windowMs} since it opened. {@link StreamTime} determines when it opens. Allocates nothing after
 * construction.
 */
public final class MiniBatch {
    /** {@code [size x width]}, of declared features only once they are scaled. A shorter sequence begins with NaN. */
    public final float[] inputs;

    public final double[] numbers; // [size x width] of declared features as they arrived; else null
    public final Tokens tokens; // of declared features; else null
    public final float[] targets; // [size x targetWidth]
    public final float[] weights; // [size]
    public final long[] timestamps; // [size], ms
    public final long[] positions; // [size], places in the stream
    private final int size;
    private final int width;
    private final int targetWidth;
    private final long windowMs;
    private int rows;
    private long openedAt;
    private final StreamTime streamTime;
    private final InputLayout layout; // null for Examples
    final byte[][] records; // of the rows of declared features; else null

    /** A mini-batch of {@code Example}s; see {@link #MiniBatch(int, int, int, long, long, InputLayout)}. */
    public MiniBatch(int size, int width, int targetWidth, long windowMs, long stepMs) {
        this(size, width, targetWidth, windowMs, stepMs, null);
    }

    /**
     * @param stepMs how far a single example can move stream time forward
     * @param layout of declared features; null for {@code Example}s
     */
    public MiniBatch(int size, int width, int targetWidth, long windowMs, long stepMs, InputLayout layout) {
        this.layout = layout;
        numbers = layout == null ? null : new double[size * width];
        tokens = layout == null ? null : new Tokens(size, layout.tables().size());
        records = layout == null ? null : new byte[size][];
        this.size = size;
        this.width = width;
        this.targetWidth = targetWidth;
        this.windowMs = windowMs;
        inputs = new float[size * width];
        targets = new float[size * targetWidth];
        weights = new float[size];
        streamTime = new StreamTime(stepMs);
        timestamps = new long[size];
        positions = new long[size];
    }

    /** The mini-batch of a learner. */
    public static MiniBatch of(LearnerSpec spec) {
        return new MiniBatch(
                spec.batchSize(),
                spec.architecture().inputs(),
                spec.targetWidth(),
                spec.batchWindowMs(),
                spec.batchStepMs(),
                spec.layout());
    }

    /**
     * Moves stream time forward. Must be called first for each record. If a record ahead of stream time opened the window and the next record
     * confirms its time, the start of the window moves to that time. If stream time moves back before the start of the window, the start
     * moves to stream time.
     */
    public void advance(long timestamp) {
        long agreed = streamTime.advance(timestamp);
        if (rows == 1) {
            openedAt = Math.max(openedAt, agreed);
        }
        openedAt = Math.min(openedAt, streamTime.now());
    }

    /** Whether a record with this event time is beyond the open window. Late records do not close the window. */
    public boolean closesBefore(long timestamp) {
        return rows > 0 && timestamp - openedAt >= windowMs;
    }

    /** Copies an example into the mini-batch. The window opens at stream time. */
    public void add(InputRow row, float[] target, float weight, long timestamp, long position) {
        if (rows == 0) {
            openedAt = streamTime.now();
            if (tokens != null) {
                tokens.clear();
            }
        }
        if (numbers == null) {
            int count = row.features().length;
            Arrays.fill(inputs, rows * width, (rows + 1) * width - count, Float.NaN);
            System.arraycopy(row.features(), 0, inputs, (rows + 1) * width - count, count);
        } else {
            System.arraycopy(row.numbers(), 0, numbers, rows * width, width);
            tokens.add(row.ids(), row.ends());
            records[rows] = row.record();
        }
        System.arraycopy(target, 0, targets, rows * targetWidth, targetWidth);
        weights[rows] = weight;
        timestamps[rows] = timestamp;
        positions[rows] = position;
        rows++;
    }

    int width() {
        return width;
    }

    public int rows() {
        return rows;
    }

    public boolean full() {
        return rows == size;
    }

    /** Event time at which the window was opened, ms. */
    public long openedAt() {
        return openedAt;
    }

    public StreamTime streamTime() {
        return streamTime;
    }

    /** The examples as they arrived. They must not be scaled at this time. */
    public List<RefusedBatch.Example> examples() {
        List<RefusedBatch.Example> examples = new ArrayList<>(rows);
        for (int i = 0; i < rows; i++) {
            examples.add(new RefusedBatch.Example(
                    numbers == null ? features(i) : null,
                    records == null ? null : records[i],
                    Arrays.copyOfRange(targets, i * targetWidth, (i + 1) * targetWidth),
                    weights[i],
                    timestamps[i],
                    positions[i]));
        }
        return examples;
    }

    public void clear() {
        rows = 0;
    }

    public void saveRows(StateWriter out) {
        out.putInt(rows);
        out.putLong(openedAt);
        if (numbers == null) {
            out.putFloats(inputs, rows * width);
        } else {
            new DeclaredRows(this).save(out);
        }
        out.putFloats(targets, rows * targetWidth);
        out.putFloats(weights, rows);
        for (int i = 0; i < rows; i++) {
            out.putLong(timestamps[i]);
            out.putLong(positions[i]);
        }
    }

    public void restoreRows(StateReader in) {
        int saved = in.getInt();
        if (saved < 0 || saved >= size) {
            throw new IllegalStateException(
                    "the saved mini-batch holds " + saved + " examples, too many for a batch size of " + size
                            + ": set batch.size above " + saved + "; it can be lowered while no example waits");
        }
        openedAt = in.getTime();
        if (numbers == null) {
            in.getFloats(inputs, saved * width);
        } else {
            new DeclaredRows(this).restore(in, saved);
        }
        in.getFloats(targets, saved * targetWidth);
        in.getFloats(weights, saved);
        for (int i = 0; i < saved; i++) {
            timestamps[i] = in.getTime();
            positions[i] = in.getCount();
        }
        rows = saved;
    }

    /** Takes the rows of a mini-batch that has fewer features. The others have no values: numbers are missing, and no ids are named. */
    public void takeRows(MiniBatch fewer) {
        List<RefusedBatch.Example> examples = fewer.examples();
        for (int i = 0; i < examples.size(); i++) {
            RefusedBatch.Example example = examples.get(i);
            add(widened(fewer.row(i)), example.target(), example.weight(), example.timestamp(), example.position());
        }
        openedAt = fewer.openedAt;
    }

    private InputRow widened(InputRow row) {
        InputRow wide = new InputRow(layout);
        Arrays.fill(wide.numbers(), Double.NaN);
        System.arraycopy(row.numbers(), 0, wide.numbers(), 0, row.numbers().length);
        int id = 0;
        for (int t = 0; t < wide.ends().length; t++) {
            while (t < row.ends().length && id < row.ends()[t]) {
                wide.id(row.ids()[id++]);
            }
            wide.endOfTable(t);
        }
        wide.record(row.record());
        return wide;
    }

    /** The features of an {@code Example}, without the padding of a shorter sequence. */
    private float[] features(int i) {
        int from = i * width;
        int end = from + width;
        while (from < end && Float.isNaN(inputs[from])) {
            from++;
        }
        return Arrays.copyOfRange(inputs, from, end);
    }

    /** The features of a row as they arrived, which must not be scaled at this time. */
    InputRow row(int i) {
        if (numbers == null) {
            return new InputRow().features(features(i));
        }
        InputRow row = new InputRow(layout);
        System.arraycopy(numbers, i * width, row.numbers(), 0, width);
        row.clear();
        for (int t = 0; t < row.ends().length; t++) {
            for (int k = tokens.start(i, t); k < tokens.end(i, t); k++) {
                row.id(tokens.id(k));
            }
            row.endOfTable(t);
        }
        row.record(records[i]);
        return row;
    }
}
