package io.millrace.feature.value;

/** What a whole number means when it is read as a time. */
public enum TimeScale {
    /** Seconds, milliseconds, microseconds or nanoseconds since 1970; the size of the number tells which. */
    BY_MAGNITUDE,
    /** Milliseconds since 1970, UTC. */
    MILLIS,
    /** Microseconds since 1970, UTC. */
    MICROS,
    /** Nanoseconds since 1970, UTC. */
    NANOS,
    /** Milliseconds since 1970 on the clock of a place that is not named. */
    LOCAL_MILLIS,
    /** Microseconds since 1970 on such a clock. */
    LOCAL_MICROS,
    /** Nanoseconds since 1970 on such a clock. */
    LOCAL_NANOS,
    /** Days since 1970-01-01; the time is midnight on such a clock. */
    DATE,
    /** Milliseconds since midnight, without a date. */
    MILLIS_OF_DAY,
    /** Microseconds since midnight, without a date. */
    MICROS_OF_DAY
}
