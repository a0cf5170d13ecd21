package io.millrace.topology.record;

import java.util.List;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;

/** Parts a stream of events of several kinds. */
public final class Events {
    private Events() {}

    /** The events of one kind; keys, timestamps and headers stay. */
    public static <K, T> KStream<K, T> only(KStream<K, Object> events, Class<T> kind, String name) {
        return events.flatMapValues(
                event -> kind.isInstance(event) ? List.of(kind.cast(event)) : List.of(), Named.as(name));
    }
}
