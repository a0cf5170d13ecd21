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
 * What a learner has read, as an ordered list of stretches of offsets. Each stretch is of one topic, and the learner skipped nothing in it
 * on purpose. It also holds the next offset, the offsets that were deleted before they were read, and the records that were left out for a
 * reason outside the record.
 */
public final class InputHistory {
    /** Cause of a stretch: a learner began. */
    public static final String START = "start";

    /** Cause of a stretch: another topic is read than before. */
    static final String TOPIC = "topic";

    /** Cause of a stretch: the group's offset was moved, and learn.from=committed follows it. */
    public static final String MOVED = "moved";

    /** The id of a topic that does not exist any more, and that was read by a Millrace that did not record ids. */
    static final String UNKNOWN_ID = "unknown";

    /** About 100 kB in chunk 0 of a snapshot, which must fit into a record. */
    private static final int MOST_OMITTED = 10_000;

    private static final int MOST_MISSING = 1_000;

    private final List<InputStretch> stretches = new ArrayList<>(); // the end of the last one is the next offset
    private final OffsetRanges omitted = new OffsetRanges(MOST_OMITTED);
    private final OffsetRanges missing = new OffsetRanges(MOST_MISSING);
    private long omittedSince = -1; // position; -1 when no record was read since omitted records are noted
    private boolean omittedForgotten;
    private long next = -1;
    private long unreported;
    private ResumePoint knownBy; // null, unless an older Millrace wrote the last entry

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
     * @param topicId Kafka's id of the topic; empty if unknown
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

    /** Whether only the beginning is known, because nothing was read yet. */
    private boolean isUnread() {
        return stretches.size() == 1 && last().getFromOffset() == next && omittedSince < 0;
    }

    /** Makes a new learner begin where a former one stopped, which may be long before its first record arrives. */
    public void goOnFrom(InputHistory former) {
        if (!former.isEmpty()) {
            begin(former.last().getTopic(), former.last().getTopicId(), former.next, START);
        }
    }

    /** Sets the id of the topic that is being read. */
    void knows(String topicId) {
        replaceLast(topicId, next);
        knownBy = null;
    }

    /** Notes that an older Millrace read up to here and did not record the topic's id. */
    void knownBy(ResumePoint last) {
        knownBy = last;
    }

    /** Identifies the topic that was read if its id is not known; null when nothing does. */
    ResumePoint knownBy() {
        return knownBy;
    }

    private void replaceLast(String topicId, long to) {
        InputStretch last = last();
        stretches.set(stretch(), new InputStretch(last.getTopic(), topicId, last.getFromOffset(), to, last.getCause()));
    }

    /** Notes that a record was read, whether it is an example or not. */
    public void read(long offset) {
        next = offset + 1;
    }

    /** From the next record on, omitted records are noted. */
    void noteOmitted() {
        if (omittedSince < 0) {
            omittedSince = InputPosition.of(stretch(), next);
        }
    }

    /** Notes that the record at this offset is left out for a reason outside the record. */
    public void omit(long offset) {
        OffsetRange dropped = omitted.add(stretch(), offset, offset + 1);
        if (dropped != null) {
            omittedSince = InputPosition.of(dropped.getStretch(), dropped.getToOffset());
            omittedForgotten = true;
        }
    }

    /** Notes that the offsets from the next one to {@code to}, exclusive, were deleted before they were read. */
    void missing(long to) {
        missing.add(stretch(), next, to);
        unreported += to - next;
        next = to;
    }

    /** Notes that so many offsets of a source of the learning log were deleted before they were copied. The log itself has no gap. */
    public void missingInSource(long count) {
        unreported += count;
    }

    /** Returns the number of deleted offsets that are in no report yet, and resets it. */
    public long takeUnreported() {
        long count = unreported;
        unreported = 0;
        return count;
    }

    /** The offset at which reading of a topic stopped; empty when the topic has not been read. */
    public OptionalLong leftOff(String topic, String topicId) {
        for (int i = stretch(); i >= 0; i--) {
            InputStretch stretch = stretches.get(i);
            if (stretch.getTopic().equals(topic) && sameId(stretch.getTopicId(), topicId)) {
                return OptionalLong.of(i == stretch() ? next : stretch.getToOffset());
            }
        }
        return OptionalLong.empty();
    }

    /** Whether two ids may belong to the same topic: an unknown id matches every id. */
    public static boolean sameId(String one, String other) {
        return one.isEmpty() || other.isEmpty() || one.equals(other);
    }

    /** All stretches, in the form that a version contains. */
    private List<InputStretch> stretches() {
        if (!stretches.isEmpty()) {
            replaceLast(last().getTopicId(), next);
        }
        return List.copyOf(stretches);
    }

    /**
     * Adds what was read to chunk 0 of a version.
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
