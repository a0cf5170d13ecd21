package io.millrace.nn.algorithm;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Algorithms of one kind by name. */
public final class Registry<T> {
    private final String kind;
    private final Map<String, Function<Options, ? extends T>> makers = new LinkedHashMap<>();

    public Registry(String kind) {
        this.kind = kind;
    }

    public Registry<T> add(String name, Function<Options, ? extends T> maker) {
        makers.put(name, maker);
        return this;
    }

    public T create(String name, Map<String, String> given) {
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
