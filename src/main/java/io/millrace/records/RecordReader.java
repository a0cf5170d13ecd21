package io.millrace.records;

import io.millrace.avro.Example;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.kafka.common.errors.SerializationException;

/** Reads records that were written with one given schema. */
interface RecordReader<T> {
    /** The next record. Throws IOException or any RuntimeException on invalid bytes. */
    T read(RecordInput in) throws IOException;

    /**
     * The fastest reader for this pair of schemas.
     *
     * @param doubles whether doubles are accepted where our schema has floats, and {@link ZeroByteItems} are not
     * @throws SerializationException if records of the writer's schema must not be read
     */
    @SuppressWarnings("unchecked") // T is Example when the type is
    static <T> RecordReader<T> of(Class<T> type, Schema writer, Schema reader, boolean doubles) {
        boolean asExample = type == Example.class
                && ExampleReader.LAYOUT.equals(SchemaNormalization.toParsingForm(writer))
                && ExampleReader.LAYOUT.equals(SchemaNormalization.toParsingForm(reader));
        if (asExample) {
            return (RecordReader<T>) new ExampleReader();
        }
        if (doubles && ZeroByteItems.in(writer)) {
            throw new SerializationException(
                    "the writer's schema has an array of items that take no bytes, as null does, and may"
                            + " have any number of them");
        }
        Schema wide = doubles ? Widening.of(writer, reader) : reader;
        return new ResolvingReader<>(writer, wide, wide != reader);
    }
}
