package io.millrace.watch;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The events that one page receives. {@code status} comes once a second; {@code whole} is the whole picture, {@code changes} what was added
 * since the event before. The id of these two is the position in the topics: a page that returns with it receives exactly what it has not
 * seen, or the whole picture if that is no longer kept.
 */
final class EventStream {
    private static final long PAUSE_MS = 200;
    private static final long STATUS_MS = 1000;

    /** Where events go. */
    interface Sink {
        /** @param id null to keep that of the event before */
        void send(String event, Object data, String id);
    }

    private final Picture picture;
    private final Supplier<Status> status;
    private final Sink sink;
    private Positions sent; // null: the whole picture comes next
    private Status told; // null before the first one
    private long toldAt;

    /** @param after position of the last event that the page has seen; empty if it has seen none */
    EventStream(Picture picture, Supplier<Status> status, Optional<Positions> after, Sink sink) {
        this.picture = picture;
        this.status = status;
        this.sink = sink;
        sent = after.orElse(null);
    }

    /** Sends events while the page is open. */
    void run(BooleanSupplier open) throws InterruptedException {
        while (open.getAsBoolean()) {
            step(System.nanoTime() / 1_000_000);
            Thread.sleep(PAUSE_MS);
        }
    }

    /**
     * Sends what is new. The picture waits until the history is read: it would change faster than a page can draw it.
     *
     * @param nowMs a clock
     */
    void step(long nowMs) {
        boolean due = told == null || nowMs - toldAt >= STATUS_MS;
        if (due || isReading()) {
            told = status.get();
        }
        if (due) {
            toldAt = nowMs;
            sink.send("status", told, null);
        }
        if (isReading()) {
            return;
        }
        Optional<Picture.Increment> news = sent == null ? Optional.empty() : picture.since(sent);
        if (news.isEmpty()) {
            Picture.Whole whole = picture.whole();
            sent = whole.position();
            sink.send("whole", whole, sent.toString());
        } else if (!news.get().changes().isEmpty()) {
            sent = news.get().position();
            // an array: of a list JSON would not know the types
            sink.send("changes", news.get().changes().toArray(Change[]::new), sent.toString());
        }
    }

    private boolean isReading() {
        return told.code().equals(Status.READING);
    }
}
