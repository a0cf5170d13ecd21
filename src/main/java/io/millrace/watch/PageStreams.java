package io.millrace.watch;

import io.javalin.http.Context;
import jakarta.servlet.AsyncContext;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Sends events to the pages that are open. Each has a thread, so that a page that does not read holds up no other. Javalin's own
 * server-sent events are not used: if the server or the connection is closed while such a stream is open, Javalin handles the same fault again
 * and again, with a thread that never ends.
 */
final class PageStreams implements AutoCloseable {
    private static final int MOST = 32; // each has a thread
    private static final long PATIENCE_MS = 1000;

    private final Picture picture;
    private final Supplier<Status> status;
    private final Function<Object, String> json;
    private final Semaphore free = new Semaphore(MOST);
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** @param json writes data on one line */
    PageStreams(Picture picture, Supplier<Status> status, Function<Object, String> json) {
        this.picture = picture;
        this.status = status;
        this.json = json;
    }

    /** Answers with events until the page leaves. */
    void answer(Context http) {
        http.contentType("text/event-stream")
                .header("Cache-Control", "no-cache")
                .header("Connection", "close")
                .header("X-Accel-Buffering", "no"); // nginx would hold events back
        if (!free.tryAcquire()) {
            http.result(event("full", MOST, null));
            return;
        }
        Optional<Positions> after = after(http);
        http.future(
                () -> { // Javalin has begun the asynchronous answer now; the thread ends it, so Javalin has nothing
                    // left to do
                    Thread thread = new Thread(() -> send(http.req().getAsyncContext(), after), "watch-page");
                    thread.setDaemon(true);
                    threads.add(thread);
                    thread.start();
                    return new CompletableFuture<>();
                });
    }

    /** A browser names the last event when it connects again by itself; the page does so in the address when it opens a new stream. */
    private static Optional<Positions> after(Context http) {
        Optional<Positions> header = Positions.parse(http.header("Last-Event-ID"));
        return header.isPresent() ? header : Positions.parse(http.queryParam("after"));
    }

    private void send(AsyncContext answer, Optional<Positions> after) {
        Connection page = new Connection(answer);
        try {
            new EventStream(picture, status, after, (event, data, id) -> page.write(event(event, data, id)))
                    .run(() -> page.open && !closed);
        } catch (InterruptedException e) {
            // closed
        } finally {
            page.close();
            threads.remove(Thread.currentThread());
            free.release();
        }
    }

    private String event(String name, Object data, String id) {
        return (id == null ? "" : "id: " + id + "\n") + "event: " + name + "\ndata: " + json.apply(data) + "\n\n";
    }

    /** The way to one page. Jetty tells in several ways that it has ended. */
    private static final class Connection {
        private final AsyncContext answer;
        private boolean open = true;

        private Connection(AsyncContext answer) {
            this.answer = answer;
        }

        private void write(String text) {
            try {
                OutputStream out = answer.getResponse().getOutputStream();
                out.write(text.getBytes(StandardCharsets.UTF_8));
                out.flush();
            } catch (IOException | RuntimeException e) {
                open = false;
            }
        }

        private void close() {
            try {
                answer.complete();
            } catch (RuntimeException e) {
                // it has ended
            }
        }
    }

    /** Ends all streams, and waits for that a little: their pages may be slow. */
    @Override
    public void close() {
        closed = true;
        threads.forEach(Thread::interrupt);
        long end = System.nanoTime() / 1_000_000 + PATIENCE_MS;
        try {
            for (Thread thread : threads) {
                thread.join(Math.max(1, end - System.nanoTime() / 1_000_000));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
