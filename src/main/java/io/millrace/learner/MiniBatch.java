package io.millrace.learner;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The open window of examples that wait to be learned, as blocks of primitives. Full at {@code size} examples; closed, too,
 * when event time has gone on by {@code windowMs} since it was opened. Allocates nothing after construction.
 */
final class MiniBatch {
    final float[] inputs; // [size x width]
    final float[] targets; // [size x targetWidth]
    final float[] weights; // [size]
    final long[] timestamps; // [size], ms
    final long[] positions; // [size], places in the stream
    private final int size;
    private final int width;
    private final int targetWidth;
    private final long windowMs;
    private int rows;
    private long openedAt;
    private long streamTime; // no example is from before 1970

    MiniBatch(int size, int width, int targetWidth, long windowMs) {
        this.size = size;
        this.width = width;
        this.targetWidth = targetWidth;
        this.windowMs = windowMs;
        inputs = new float[size * width];
        targets = new float[size * targetWidth];
        weights = new float[size];
        timestamps = new long[size];
        positions = new long[size];
    }

    /** Whether a record of this event time lies beyond the open window. Late records do not close it. */
    boolean closesBefore(long timestamp) {
        return rows > 0 && timestamp - openedAt >= windowMs;
    }

    /** Copies an example in. The window opens at stream time, the highest event time so far, which never runs back. */
    void add(float[] features, float[] target, float weight, long timestamp, long position) {
        streamTime = Math.max(streamTime, timestamp);
        if (rows == 0) {
            openedAt = streamTime;
        }
        System.arraycopy(features, 0, inputs, rows * width, width);
        System.arraycopy(target, 0, targets, rows * targetWidth, targetWidth);
        weights[rows] = weight;
        timestamps[rows] = timestamp;
        positions[rows] = position;
        rows++;
    }

    int rows() {
        return rows;
    }

    boolean full() {
        return rows == size;
    }

    /** Event time at which the window was opened, ms. */
    long openedAt() {
        return openedAt;
    }

    /** The highest event time so far, ms. */
    long streamTime() {
        return streamTime;
    }

    /** Its examples as they came, which must not have been scaled, or no longer be. */
    List<RefusedBatch.Example> examples() {
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

    void clear() {
        rows = 0;
    }

    /** The stream time outlives the window: it belongs to the learner's state. */
    void saveClock(StateWriter out) {
        out.putLong(streamTime);
    }

    void restoreClock(StateReader in) {
        streamTime = in.getCount();
    }

    void saveRows(StateWriter out) {
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

    void restoreRows(StateReader in) {
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
