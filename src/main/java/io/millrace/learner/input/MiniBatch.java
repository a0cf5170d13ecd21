package io.millrace.learner.input;

import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The open window of examples that wait to be learned, stored in primitive arrays. It is full at {@code size} examples, and it also closes
 * when event time has advanced by {@code windowMs} since it opened. {@link StreamTime} determines when it opens. Allocates nothing after
 * construction.
 */
public final class MiniBatch {
    public final float[] inputs; // [size x width]
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

    /** @param stepMs how far a single example can move stream time forward */
    public MiniBatch(int size, int width, int targetWidth, long windowMs, long stepMs) {
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
    public void add(float[] features, float[] target, float weight, long timestamp, long position) {
        if (rows == 0) {
            openedAt = streamTime.now();
        }
        System.arraycopy(features, 0, inputs, rows * width, width);
        System.arraycopy(target, 0, targets, rows * targetWidth, targetWidth);
        weights[rows] = weight;
        timestamps[rows] = timestamp;
        positions[rows] = position;
        rows++;
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
                    Arrays.copyOfRange(inputs, i * width, (i + 1) * width),
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
        out.putFloats(inputs, rows * width);
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
        openedAt = in.getCount();
        in.getFloats(inputs, saved * width);
        in.getFloats(targets, saved * targetWidth);
        in.getFloats(weights, saved);
        for (int i = 0; i < saved; i++) {
            timestamps[i] = in.getCount();
            positions[i] = in.getCount();
        }
        rows = saved;
    }
}
