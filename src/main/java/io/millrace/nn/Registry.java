package io.millrace.nn;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Algorithms of one kind by name. */
final class Registry<T> {
    private final String kind;
    private final Map<String, Function<Options, ? extends T>> makers = new LinkedHashMap<>();

    Registry(String kind) {
        this.kind = kind;
    }

    Registry<T> add(String name, Function<Options, ? extends T> maker) {
        makers.put(name, maker);
        return this;
    }

    T create(String name, Map<String, String> given) {
        Function<Options, ? extends T> maker = makers.get(name);
        if (maker == null) {
            throw new IllegalArgumentException(
                    "unknown " + kind + " '" + name + "'; known are " + String.join(", ", makers.keySet()));
        }
        Options options = new Options(kind + " " + name, given);
        T made = maker.apply(options);
        options.rejectUnknown();
        return made;
    }
}
