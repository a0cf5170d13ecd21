package io.millrace.cli.command;

import io.millrace.cli.console.FailedException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Counts the records that the brokers have taken, and keeps the first fault. */
final class Delivery implements Callback {
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicReference<Exception> failure = new AtomicReference<>();

    @Override
    public void onCompletion(RecordMetadata metadata, Exception fault) {
        if (fault == null) {
            delivered.incrementAndGet();
        } else {
            fail(fault);
        }
    }

    void fail(Exception fault) {
        failure.compareAndSet(null, fault);
    }

    boolean failed() {
        return failure.get() != null;
    }

    /**
     * Call it when the producer is closed.
     *
     * @throws FailedException with the number of records that were delivered before the fault
     */
    void require(long sent, String what) {
        if (failed()) {
            throw new FailedException(
                    delivered + " of " + sent + " " + what + " were delivered, then: "
                            + failure.get().getMessage(),
                    failure.get());
        }
    }
}
