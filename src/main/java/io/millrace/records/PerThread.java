package io.millrace.records;

import java.util.function.Supplier;

/**
 * State of an object that several threads may call: one state for each thread, so no lock is needed.
 *
 * <p>Kafka Streams gives one serde instance to all of its stream threads. The first thread finds its state with one
 * comparison; other threads need a {@link ThreadLocal} look-up.
 */
final class PerThread<S> {
    private record Slot<S>(Thread owner, S state) {}

    private final ThreadLocal<Slot<S>> slots;

    // Written without synchronization: a slot is immutable, so a thread sees none or a complete one, and uses only its
    // own.
    private Slot<S> first;

    PerThread(Supplier<S> newState) {
        slots = ThreadLocal.withInitial(() -> new Slot<>(Thread.currentThread(), newState.get()));
    }

    /** The state of the calling thread, created on its first call. */
    S get() {
        Slot<S> slot = first;
        if (slot != null && slot.owner == Thread.currentThread()) {
            return slot.state;
        }
        Slot<S> own = slots.get();
        if (slot == null) {
            first = own;
        }
        return own.state;
    }
}
