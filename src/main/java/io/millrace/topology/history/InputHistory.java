package io.millrace.topology.history;

import io.millrace.avro.InputStretch;
import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.OffsetRange;
import io.millrace.avro.Omitted;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a learner has read: stretches of offsets, each of one topic and without a break of its own making, in their order. It knows the next
 * offset, which offsets were gone before they could be read, and which records were left out for a reason that is not in them.
 */
public final class InputHistory {
    public static final String START = "start";
    static final String TOPIC = "topic";
    public static final String MOVED = "moved";

    /** The id of a topic that is gone, and was read by a Millrace that noted none. */
    static final String UNKNOWN_ID = "unknown";

    /** Some 100 kB in chunk 0 of a snapshot, which must fit into a record. */
    private static final int MOST_OMITTED = 10_000;

    private static final int MOST_MISSING = 1_000;

    private final List<InputStretch> stretches = new ArrayList<>(); // the end of the last one is next
    private final OffsetRanges omitted = new OffsetRanges(MOST_OMITTED);
    private final OffsetRanges missing = new OffsetRanges(MOST_MISSING);
    private long omittedSince = -1; // position; -1: none was read that would have been noted
    private boolean omittedForgotten;
    private long next = -1;
    private long unreported;
    private ResumePoint knownBy; // null, unless an older Millrace wrote what was read last

    public boolean isEmpty() {
        return stretches.isEmpty();
    }

    /** Index of the stretch that is being read. */
    public int stretch() {
        return stretches.size() - 1;
    }

    public InputStretch get(int stretch) {
        return stretches.get(stretch);
    }

    public InputStretch last() {
        return stretches.get(stretch());
    }

    /** Offset of the next record, in the last stretch. */
    public long next() {
        return next;
    }

    /**
     * Begins a stretch.
     *
     * @param topicId Kafka's id of the topic; empty when it is not known
     * @param from its first offset
     */
    void begin(String topic, String topicId, long from, String cause) {
        if (isUnread()) {
            stretches.clear();
        } else if (!stretches.isEmpty()) {
            replaceLast(last().getTopicId(), next);
        }
        stretches.add(new InputStretch(topic, topicId, from, from, stretches.isEmpty() ? START : cause));
        next = from;
    }

    /** Whether all that is known is where to begin. */
    private boolean isUnread() {
        return stretches.size() == 1 && last().getFromOffset() == next && omittedSince < 0;
    }

    /** A new learner begins where a former one has left off, which may be long before its first record comes. */
    public void goOnFrom(InputHistory former) {
        if (!former.isEmpty()) {
            begin(former.last().getTopic(), former.last().getTopicId(), former.next, START);
        }
    }

    /** The id of the topic that is being read. */
    void knows(String topicId) {
        replaceLast(topicId, next);
        knownBy = null;
    }

    /** An older Millrace read up to here, and noted no id of the topic. */
    void knownBy(ResumePoint last) {
        knownBy = last;
    }

    /** What tells the topic that was read instead of its id; null: nothing does. */
    ResumePoint knownBy() {
        return knownBy;
    }

    private void replaceLast(String topicId, long to) {
        InputStretch last = last();
        stretches.set(stretch(), new InputStretch(last.getTopic(), topicId, last.getFromOffset(), to, last.getCause()));
    }

    /** A record was read, be it an example or not. */
    public void read(long offset) {
        next = offset + 1;
    }

    /** From the next record on, records that are left out are noted. */
    void noteOmitted() {
        if (omittedSince < 0) {
            omittedSince = InputPosition.of(stretch(), next);
        }
    }

    /** The record at this offset is left out for a reason that is not in it. */
    public void omit(long offset) {
        OffsetRange dropped = omitted.add(stretch(), offset, offset + 1);
        if (dropped != null) {
            omittedSince = InputPosition.of(dropped.getStretch(), dropped.getToOffset());
            omittedForgotten = true;
        }
    }

    /** The offsets from the next one up to {@code to}, exclusive, were gone before they could be read. */
    void missing(long to) {
        missing.add(stretch(), next, to);
        unreported += to - next;
        next = to;
    }

    /** Offsets that were gone, and in no report yet. */
    public long takeUnreported() {
        long count = unreported;
        unreported = 0;
        return count;
    }

    /** Where reading a topic was left off; empty when it has not been read. */
    public OptionalLong leftOff(String topic, String topicId) {
        for (int i = stretch(); i >= 0; i--) {
            InputStretch stretch = stretches.get(i);
            if (stretch.getTopic().equals(topic) && sameId(stretch.getTopicId(), topicId)) {
                return OptionalLong.of(i == stretch() ? next : stretch.getToOffset());
            }
        }
        return OptionalLong.empty();
    }

    /** Whether two ids may be those of one topic: an id that is not known contradicts none. */
    public static boolean sameId(String one, String other) {
        return one.isEmpty() || other.isEmpty() || one.equals(other);
    }

    /** All stretches, as a version tells of them. */
    private List<InputStretch> stretches() {
        if (!stretches.isEmpty()) {
            replaceLast(last().getTopicId(), next);
        }
        return List.copyOf(stretches);
    }

    /**
     * Tells chunk 0 of a version what was read.
     *
     * @return the same chunk
     */
    ModelSnapshot.Builder describe(ModelSnapshot.Builder head) {
        Omitted notRead = omittedSince < 0
                ? null
                : new Omitted(
                        omitted.list(),
                        InputPosition.stretch(omittedSince),
                        InputPosition.offset(omittedSince),
                        omittedForgotten);
        return head.setInputs(stretches()).setMissing(missing.list()).setOmitted(notRead);
    }

    static void write(List<InputStretch> stretches, FieldWriter out) throws IOException {
        out.writeInt(stretches.size());
        for (InputStretch stretch : stretches) {
            out.text(stretch.getTopic());
            out.text(stretch.getTopicId());
            out.writeLong(stretch.getFromOffset());
            out.writeLong(stretch.getToOffset());
            out.text(stretch.getCause());
        }
    }

    void write(FieldWriter out) throws IOException {
        write(stretches(), out);
        OffsetRanges.write(omitted.list(), out);
        out.writeLong(omittedSince);
        out.writeBoolean(omittedForgotten);
        OffsetRanges.write(missing.list(), out);
        out.writeLong(unreported);
    }

    public void read(FieldReader in) throws IOException {
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            stretches.add(new InputStretch(in.text(), in.text(), in.readLong(), in.readLong(), in.text()));
        }
        next = count == 0 ? -1 : last().getToOffset();
        omitted.read(in);
        omittedSince = in.readLong();
        omittedForgotten = in.readBoolean();
        missing.read(in);
        unreported = in.readLong();
    }
}
