package io.millrace.topology.record;

import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;

/** Splits a stream of events by their kind. */
public final class Events {
    private Events() {}

    /** Selects the events of one kind and maps each to its content; keys, timestamps and headers stay. */
    public static <K, E, T extends E, V> KStream<K, V> only(
            KStream<K, E> events, Class<T> kind, Function<T, V> content, String name) {
        return events.flatMapValues(
                event -> kind.isInstance(event) ? List.of(content.apply(kind.cast(event))) : List.of(), Named.as(name));
    }

    /** Writes the dead letters among the events to a topic, with the letters' own keys. */
    public static <K, E> void writeDeadLetters(KStream<K, E> events, String name, String topic) {
        events.flatMapValues(event -> event instanceof DeadLetter letter ? List.of(letter) : List.of(), Named.as(name))
                .map((key, letter) -> KeyValue.pair(letter.key(), letter.value()), Named.as("bad-bytes"))
                .to(topic, Produced.with(Serdes.ByteArray(), Serdes.ByteArray()).withName("dead-letters"));
    }
}
