package io.millrace.records;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks the registry on threads of its own. The registry's client waits for silence, and between its attempts, whatever happens; who asks
 * through this class is let go when all is to stop.
 */
final class RegistryCalls {
    /** A registry that is well answers what is still to be written. */
    private static final long LAST_ANSWER_MS = 1000;

    private final ExecutorService threads = Executors.newCachedThreadPool(asking -> {
        Thread thread = new Thread(asking, "registry");
        thread.setDaemon(true);
        return thread;
    });
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    /**
     * Waits for an answer.
     *
     * @throws IOException as the question does, or when there is no answer and all is to stop
     */
    <T> T ask(Callable<T> question) throws IOException, RestClientException {
        CompletableFuture<T> answer = new CompletableFuture<>();
        threads.execute(() -> {
            try {
                answer.complete(question.call());
            } catch (Throwable fault) { // whatever it is, it is the asker's
                answer.completeExceptionally(fault);
            }
        });
        try {
            CompletableFuture.anyOf(answer, over).get();
            if (!answer.isDone()) {
                throw new InterruptedIOException("stopped before there was an answer");
            }
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted before there was an answer");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException fault) {
                throw fault;
            }
            if (e.getCause() instanceof RestClientException fault) {
                throw fault;
            }
            if (e.getCause() instanceof RuntimeException fault) {
                throw fault;
            }
            throw new IOException(e.getCause());
        }
    }

    /** Ends all waiting, now and from now on. */
    void stop() {
        stopped.complete(null);
        over.completeOnTimeout(null, LAST_ANSWER_MS, TimeUnit.MILLISECONDS);
    }

    /** @return false at once when all is to stop, else true when the time is over */
    boolean pause(Duration time) throws InterruptedException {
        try {
            stopped.get(time.toMillis(), TimeUnit.MILLISECONDS);
            return false;
        } catch (TimeoutException e) {
            return true;
        } catch (ExecutionException e) {
            throw new AssertionError("it does not fail", e);
        }
    }
}
