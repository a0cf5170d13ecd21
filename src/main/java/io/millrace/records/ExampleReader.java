package io.millrace.records;

import io.millrace.avro.Example;
import java.io.IOException;
import org.apache.avro.AvroTypeException;
import org.apache.avro.io.BinaryDecoder;

/**
 * Reads an {@link Example} that was written with exactly this schema layout, as nearly all examples are, without
 * walking the schemas: with few features, that walk takes longer than reading the data.
 */
final class ExampleReader implements RecordReader<Example> {
    /** The layout in Avro's parsing canonical form, which contains exactly what determines how the bytes are read. */
    static final String LAYOUT = "{\"name\":\"io.millrace.avro.Example\",\"type\":\"record\",\"fields\":["
            + "{\"name\":\"features\",\"type\":{\"type\":\"array\",\"items\":\"float\"}},"
            + "{\"name\":\"label\",\"type\":[\"int\",\"string\",\"float\",{\"type\":\"array\",\"items\":\"float\"}]},"
            + "{\"name\":\"weight\",\"type\":\"float\"}]}";

    @Override
    public Example read(RecordInput in) throws IOException {
        BinaryDecoder decoder = in.decoder();
        FloatVector features = new FloatVector(in.readFloats(decoder));
        Object label = readLabel(in, decoder);
        return new Example(features, label, decoder.readFloat());
    }

    private static Object readLabel(RecordInput in, BinaryDecoder decoder) throws IOException {
        int branch = decoder.readIndex();
        return switch (branch) {
            case 0 -> decoder.readInt();
            case 1 -> decoder.readString();
            case 2 -> decoder.readFloat();
            case 3 -> new FloatVector(in.readFloats(decoder));
            default -> throw new AvroTypeException("branch " + branch + " of the label, which has four");
        };
    }
}
