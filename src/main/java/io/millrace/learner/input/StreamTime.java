package io.millrace.learner.input;

import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;

/**
 * The time of a stream, as the event times of its examples tell it: the highest so far, as far as one clock alone is believed.
 *
 * <p>An example alone moves stream time on by one step at most. What two in a row have reached is believed, however far ahead, so
 * that a stream which has paused goes on where it is; and {@value #BEHIND_IN_A_ROW} in a row that lie more than a step behind take it
 * back to the latest of them, so that no wrong clock pins it for ever, not even that of the first example. Late examples by themselves
 * change nothing. A function of the event times alone; without a limit to the step it is the highest event time.
 */
public final class StreamTime {
    static final int BEHIND_IN_A_ROW = 10;

    private final long stepMs;
    private long now; // 0: not known yet; no example is from before 1970
    private long previous; // event time of the example before
    private int behind; // in a row
    private long latestBehind; // highest event time of those
    private long odd;

    /** @param stepMs how far one example alone can move it on, ms; {@code Long.MAX_VALUE} for any distance */
    StreamTime(long stepMs) {
        this.stepMs = stepMs;
    }

    /**
     * Takes in the event time of the next example, ms.
     *
     * @return what it has in common with the example before: stream time without the step that it takes alone
     */
    long advance(long timestamp) {
        if (now == 0) {
            now = timestamp;
            previous = timestamp;
            return 0;
        }
        long agreed = Math.max(now, Math.min(timestamp, previous));
        if (previous > reach(agreed)) {
            odd++; // the one before was ahead, and this one does not bear it out
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
            odd++; // whatever had moved it there
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

    /** How often it did not follow an example, or had followed one and came back; not part of the state. */
    public long odd() {
        return odd;
    }

    public void save(StateWriter out) {
        out.putLong(now);
    }

    public void restore(StateReader in) {
        now = in.getCount();
    }

    /** What the next step depends on besides; nothing where steps have no limit. */
    public void saveDoubts(StateWriter out) {
        out.putLong(previous);
        out.putInt(behind);
        out.putLong(latestBehind);
    }

    public void restoreDoubts(StateReader in) {
        previous = in.getCount();
        behind = in.getInt();
        if (behind < 0 || behind >= BEHIND_IN_A_ROW) {
            throw new IllegalStateException("the saved state counts " + behind + " examples behind stream time");
        }
        latestBehind = in.getCount();
    }
}
