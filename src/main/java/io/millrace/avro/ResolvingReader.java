package io.millrace.avro;

import java.io.IOException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.apache.avro.Resolver;
import org.apache.avro.Schema;
import org.apache.avro.io.ResolvingDecoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;

/**
 * Avro's own reader with schema resolution, except that every {@code array<float>} becomes a {@link FloatVector}.
 *
 * <p>Where the writer has floats too they are copied in blocks. Where it has ints, longs or unions they are promoted one by
 * one with {@link ResolvingDecoder#readFloat}; Avro 1.12.2's own promotion of array elements fails with EOFException.
 */
final class ResolvingReader<T> extends SpecificDatumReader<T> implements RecordReader<T> {
    private final boolean inBlocks;
    private RecordInput input;

    ResolvingReader(Schema writer, Schema reader) {
        super(writer, reader, classicData());
        inBlocks = copiesFloats(
                Resolver.resolve(writer, reader, getData()), Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    private static SpecificData classicData() {
        SpecificData data = new SpecificData();
        data.setFastReaderEnabled(false); // the fast reader does not call readArray
        return data;
    }

    @Override
    public T read(RecordInput in) throws IOException {
        input = in;
        return read(null, in.decoder());
    }

    @Override
    protected Object readArray(Object old, Schema expected, ResolvingDecoder in) throws IOException {
        if (expected.getElementType().getType() != Schema.Type.FLOAT) {
            return super.readArray(old, expected, in);
        }
        return new FloatVector(inBlocks ? input.readFloats(in) : RecordInput.readPromoted(in));
    }

    /** Whether each float array of the reader is fed by a float array of the writer. */
    private static boolean copiesFloats(Resolver.Action action, Set<Resolver.Action> seen) {
        if (!seen.add(action)) {
            return true;
        }
        if (action instanceof Resolver.Container container) {
            boolean floats = container.reader.getType() == Schema.Type.ARRAY
                    && container.reader.getElementType().getType() == Schema.Type.FLOAT;
            return floats
                    ? container.elementAction instanceof Resolver.DoNothing
                    : copiesFloats(container.elementAction, seen);
        }
        if (action instanceof Resolver.RecordAdjust record) {
            return allCopyFloats(record.fieldActions, seen);
        }
        if (action instanceof Resolver.WriterUnion union) {
            return allCopyFloats(union.actions, seen);
        }
        if (action instanceof Resolver.ReaderUnion union) {
            return copiesFloats(union.actualAction, seen);
        }
        return true;
    }

    private static boolean allCopyFloats(Resolver.Action[] actions, Set<Resolver.Action> seen) {
        for (Resolver.Action action : actions) {
            if (!copiesFloats(action, seen)) {
                return false;
            }
        }
        return true;
    }
}
