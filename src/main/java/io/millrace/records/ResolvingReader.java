package io.millrace.records;

import java.io.IOException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.AvroTypeException;
import org.apache.avro.Resolver;
import org.apache.avro.Schema;
import org.apache.avro.io.ResolvingDecoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;

/**
 * Avro's own reader with schema resolution and three differences: every {@code array<float>} becomes a
 * {@link FloatVector}, doubles of a {@link Widening} become floats, and an error message names the field.
 *
 * <p>If the writer has floats, too, they are copied in blocks. If it has ints, longs or unions, they are promoted one
 * by one with {@link ResolvingDecoder#readFloat}; Avro 1.12.2's own promotion of array elements fails with
 * EOFException.
 */
final class ResolvingReader<T> extends SpecificDatumReader<T> implements RecordReader<T> {
    private final Schema writer;
    private final boolean inBlocks;
    private final boolean narrows;
    private RecordInput input;

    /** @param narrows whether the reader's schema is a {@link Widening}, so that its doubles are rounded to floats */
    ResolvingReader(Schema writer, Schema reader, boolean narrows) {
        super(writer, reader, classicData());
        this.writer = writer;
        this.narrows = narrows;
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
        try {
            return read(null, in.decoder());
        } catch (AvroTypeException e) {
            throw new AvroTypeException(e.getMessage() + otherNames(e.getMessage()), e);
        }
    }

    /** The writer's fields that differ from ours only in case, which is the usual reason for a missing field. */
    private String otherNames(String problem) {
        if (!problem.contains("missing required field") || writer.getType() != Schema.Type.RECORD) {
            return "";
        }
        String names = writer.getFields().stream()
                .map(Schema.Field::name)
                .filter(name -> getExpected().getFields().stream()
                        .map(Schema.Field::name)
                        .anyMatch(ours -> ours.equalsIgnoreCase(name) && !ours.equals(name)))
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "" : "; names are case-sensitive, and the writer's schema has " + names;
    }

    @Override
    protected void readField(Object record, Schema.Field field, Object old, ResolvingDecoder in, Object state)
            throws IOException {
        try {
            super.readField(record, field, old, in, state);
        } catch (AvroTypeException e) {
            throw new AvroTypeException("field " + field.name() + ": " + e.getMessage(), e);
        }
    }

    @Override
    protected Object readWithoutConversion(Object old, Schema expected, ResolvingDecoder in) throws IOException {
        return narrows && expected.getType() == Schema.Type.DOUBLE
                ? (Object) Widening.narrowed(in.readDouble())
                : super.readWithoutConversion(old, expected, in);
    }

    @Override
    protected Object readArray(Object old, Schema expected, ResolvingDecoder in) throws IOException {
        if (narrows && expected.getElementType().getType() == Schema.Type.DOUBLE) {
            return new FloatVector(RecordInput.readElements(in, () -> Widening.narrowed(in.readDouble())));
        }
        if (expected.getElementType().getType() != Schema.Type.FLOAT) {
            return super.readArray(old, expected, in);
        }
        return new FloatVector(inBlocks ? input.readFloats(in) : RecordInput.readElements(in, in::readFloat));
    }

    /** Whether the writer has a float array for each float array of the reader. */
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
