package io.millrace.topology.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A number that one thread writes and any thread reads. Writing costs as much as a field, unlike {@code record} of Kafka's sensors, which
 * takes a lock. Whole numbers are exact up to 2^53.
 */
public final class Tally {
    private static final VarHandle VALUE;

    static {
        try {
            VALUE = MethodHandles.lookup().findVarHandle(Tally.class, "value", double.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private double value;

    /** Adds an amount. */
    public void add(double amount) {
        VALUE.setRelease(this, value + amount);
    }

    /** Replaces the number. */
    public void set(double now) {
        VALUE.setRelease(this, now);
    }

    /** The number. */
    public double get() {
        return (double) VALUE.getAcquire(this);
    }
}
