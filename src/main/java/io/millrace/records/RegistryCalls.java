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
 * Calls the registry on separate threads. The registry's client waits for answers, and between its attempts, without a
 * way to interrupt it. A caller of this class is released when the application stops.
 */
final class RegistryCalls {
    /** Time for the last writes, if the registry is available. */
    private static final long LAST_ANSWER_MS = 1000;

    private final ExecutorService threads = Executors.newCachedThreadPool(asking -> {
        Thread thread = new Thread(asking, "registry");
        thread.setDaemon(true);
        return thread;
    });
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private volatile boolean answered = true;

    /**
     * Waits for an answer.
     *
     * @throws IOException if the call throws it, or if there is no answer and the application stops
     */
    <T> T ask(Callable<T> question) throws IOException, RestClientException {
        try {
            T answer = waitFor(question);
            answered = true;
            return answer;
        } catch (RestClientException e) {
            answered = true;
            throw e;
        } catch (IOException | RuntimeException e) {
            answered = false;
            throw e;
        }
    }

    private <T> T waitFor(Callable<T> question) throws IOException, RestClientException {
        CompletableFuture<T> answer = new CompletableFuture<>();
        threads.execute(() -> {
            try {
                answer.complete(question.call());
            } catch (Throwable fault) { // any error belongs to the caller
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

    /** Whether the last call was answered; true before the first one. */
    boolean answered() {
        return answered;
    }

    /** The last answer was none that a registry gives. */
    void notAnswered() {
        answered = false;
    }

    /** Ends all waiting, now and in the future. */
    void stop() {
        stopped.complete(null);
        over.completeOnTimeout(null, LAST_ANSWER_MS, TimeUnit.MILLISECONDS);
    }

    /** @return false, at once, when the application stops, else true when the time has passed */
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
