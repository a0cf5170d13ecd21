package io.millrace.learner.input;

import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;

/**
 * The time of a stream: the highest event time of its examples so far, with a limit on what a single example can change.
 *
 * <p>A single example moves stream time forward by at most one step. If two examples in a row reach a time, stream time moves there, however
 * far ahead it is, so that a stream can continue after a pause. {@value #BEHIND_IN_A_ROW} examples in a row that are more than a step behind
 * move stream time back to the latest of them, so that a wrong clock cannot hold it forever, not even that of the first example. Fewer late
 * examples change nothing. Stream time depends only on the event times. Without a limit to the step it is the highest event time.
 */
public final class StreamTime {
    static final int BEHIND_IN_A_ROW = 10;

    private final long stepMs;
    private long now; // 0: not known yet; no example is from before 1970
    private long previous; // event time of the previous example
    private int behind; // in a row
    private long latestBehind; // highest event time of the examples behind
    private long odd;

    /** @param stepMs how far a single example can move stream time forward, ms; {@code Long.MAX_VALUE}: no limit */
    public StreamTime(long stepMs) {
        this.stepMs = stepMs;
    }

    /**
     * Updates stream time with the event time of the next example, ms.
     *
     * @return the time that this example and the previous one both confirm: stream time without the step of this example alone
     */
    public long advance(long timestamp) {
        if (now == 0) {
            now = timestamp;
            previous = timestamp;
            return 0;
        }
        long agreed = Math.max(now, Math.min(timestamp, previous));
        if (previous > reach(agreed)) {
            odd++; // the previous example was ahead, and this one does not confirm it
        }
        now = Math.max(agreed, Math.min(timestamp, reach(agreed)));
        previous = timestamp;
        return Math.min(agreed, comeBack(timestamp));
    }

    private long reach(long from) {
        return from > Long.MAX_VALUE - stepMs ? Long.MAX_VALUE : from + stepMs;
    }

    private long comeBack(long timestamp) {
        if (timestamp >= now - stepMs) {
            behind = 0;
            latestBehind = 0;
            return now;
        }
        behind++;
        latestBehind = Math.max(latestBehind, timestamp);
        if (behind == BEHIND_IN_A_ROW) {
            odd++; // an earlier example had moved stream time too far
            now = latestBehind;
            behind = 0;
            latestBehind = 0;
        }
        return now;
    }

    /** Stream time, ms; 0 before the first example. */
    public long now() {
        return now;
    }

    /** Event time of the newest example, ms: stream time, or what the last example says if that is later. Without meaning before the first. */
    public long newest() {
        return Math.max(now, previous);
    }

    /** How often stream time did not follow an example, or moved back after following one; not part of the state. */
    public long odd() {
        return odd;
    }

    public void save(StateWriter out) {
        out.putLong(now);
    }

    public void restore(StateReader in) {
        now = in.getTime();
    }

    /** Writes the event times that are not confirmed yet, on which the next step depends. Only needed if steps have a limit. */
    public void saveDoubts(StateWriter out) {
        out.putLong(previous);
        out.putInt(behind);
        out.putLong(latestBehind);
    }

    public void restoreDoubts(StateReader in) {
        previous = in.getTime();
        behind = in.getSmallCount();
        if (behind >= BEHIND_IN_A_ROW) {
            throw new IllegalStateException("the saved state counts " + behind + " examples behind stream time");
        }
        latestBehind = in.getTime();
    }
}
