package io.millrace.input;

import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;

/** Chooses the kind of record. There is one kind so far. */
public final class Inputs {
    private Inputs() {}

    /**
     * The input of training and serving, which treats an unavailable registry as {@code registry.unavailable} says.
     *
     * @param serdes Avro serdes on the registry that has the records' schemas
     */
    public static Input of(MillraceConfig config, AvroSerdes serdes) {
        return new ExampleInput(serdes, config.deadLettersWithoutRegistry());
    }

    /**
     * The input of a replay. It never gives up a record while the registry is unavailable, because a replay must decode all that training
     * decoded.
     */
    public static Input ofReplay(AvroSerdes serdes) {
        return new ExampleInput(serdes, false);
    }
}
