package io.millrace.input;

import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;

/** Chooses the kind of records. There is one so far. */
public final class Inputs {
    private Inputs() {}

    /**
     * The input of training and serving, by {@code registry.unavailable}.
     *
     * @param serdes on the schema registry that knows the records' schemas
     */
    public static Input of(MillraceConfig config, AvroSerdes serdes) {
        return new ExampleInput(serdes, config.deadLettersWithoutRegistry());
    }

    /** The input of a replay, which must decode all that training decoded: it gives no record up while the registry is away. */
    public static Input ofReplay(AvroSerdes serdes) {
        return new ExampleInput(serdes, false);
    }
}
