package io.millrace.avro;

import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/** Reads records that were written with one certain schema. */
interface RecordReader<T> {
    /** The next record. Fails with IOException or any RuntimeException on bytes that are none. */
    T read(RecordInput in) throws IOException;

    /**
     * The fastest reader for this pair of schemas.
     *
     * @param doubles whether doubles are taken where ours has floats
     */
    @SuppressWarnings("unchecked") // T is Example when the type is
    static <T> RecordReader<T> of(Class<T> type, Schema writer, Schema reader, boolean doubles) {
        boolean asExample = type == Example.class
                && ExampleReader.LAYOUT.equals(SchemaNormalization.toParsingForm(writer))
                && ExampleReader.LAYOUT.equals(SchemaNormalization.toParsingForm(reader));
        if (asExample) {
            return (RecordReader<T>) new ExampleReader();
        }
        Schema wide = doubles ? Widening.of(writer, reader) : reader;
        return new ResolvingReader<>(writer, wide, wide != reader);
    }
}
