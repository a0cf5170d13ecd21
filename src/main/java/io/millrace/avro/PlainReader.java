package io.millrace.avro;

import java.io.IOException;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.function.Supplier;
import org.apache.avro.AvroTypeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.Decoder;
import org.apache.avro.specific.SpecificRecord;

/**
 * Reads records that were written with the schema of their own class, straight into it: with nothing to resolve, it takes a third
 * of the time of {@link ResolvingReader}. Only for flat records of numbers, booleans, strings, float arrays and unions of those,
 * which is what the input topics hold.
 */
final class PlainReader<T extends SpecificRecord> implements DatumReader<T> {
    /** Reads the value of one field. */
    private interface FieldReader {
        Object read(BinaryDecoder in) throws IOException;
    }

    private final Supplier<T> newRecord;
    private final FieldReader[] fields;
    private final FloatBlocks floats = new FloatBlocks();

    /** @param type a generated class whose schema is {@link #reads read} */
    PlainReader(Class<T> type, Schema schema) {
        newRecord = constructor(type);
        fields =
                schema.getFields().stream().map(field -> reader(field.schema())).toArray(FieldReader[]::new);
    }

    /** Whether what was written with the one schema can be read so into the class of the other. */
    static boolean reads(Schema writer, Schema own) {
        return own.getType() == Schema.Type.RECORD
                && own.getFields().stream().allMatch(field -> reads(field.schema()))
                && SchemaNormalization.toParsingForm(writer).equals(SchemaNormalization.toParsingForm(own));
    }

    private static boolean reads(Schema schema) {
        return switch (schema.getType()) {
            case INT, LONG, FLOAT, DOUBLE, BOOLEAN, NULL -> schema.getLogicalType() == null;
            case STRING -> "String".equals(schema.getProp("avro.java.string"));
            case ARRAY -> schema.getElementType().getType() == Schema.Type.FLOAT;
            case UNION -> schema.getTypes().stream().allMatch(PlainReader::reads);
            default -> false;
        };
    }

    @Override
    public T read(T reuse, Decoder in) throws IOException {
        BinaryDecoder bytes = (BinaryDecoder) in;
        T read = newRecord.get();
        for (int i = 0; i < fields.length; i++) {
            read.put(i, fields[i].read(bytes));
        }
        return read;
    }

    private FieldReader reader(Schema schema) {
        return switch (schema.getType()) {
            case INT -> BinaryDecoder::readInt;
            case LONG -> BinaryDecoder::readLong;
            case FLOAT -> BinaryDecoder::readFloat;
            case DOUBLE -> BinaryDecoder::readDouble;
            case BOOLEAN -> BinaryDecoder::readBoolean;
            case STRING -> BinaryDecoder::readString;
            case ARRAY -> in -> new FloatVector(floats.read(in, in));
            case UNION -> union(schema.getTypes());
            default -> in -> null;
        };
    }

    private FieldReader union(List<Schema> types) {
        FieldReader[] branches = types.stream().map(this::reader).toArray(FieldReader[]::new);
        return in -> {
            int branch = in.readIndex();
            if (branch < 0 || branch >= branches.length) {
                throw new AvroTypeException("a union of " + branches.length + " types has no branch " + branch);
            }
            return branches[branch].read(in);
        };
    }

    /** The constructor as the compiler would call it: Avro's own way, by reflection, costs as much as reading the fields. */
    @SuppressWarnings("unchecked")
    private static <T> Supplier<T> constructor(Class<T> type) {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            MethodHandle constructor = lookup.findConstructor(type, MethodType.methodType(void.class));
            return (Supplier<T>) LambdaMetafactory.metafactory(
                            lookup,
                            "get",
                            MethodType.methodType(Supplier.class),
                            MethodType.methodType(Object.class),
                            constructor,
                            constructor.type())
                    .getTarget()
                    .invoke();
        } catch (Throwable e) { // as declared by MethodHandle.invoke
            throw new IllegalStateException("generated class " + type + " has no usable constructor", e);
        }
    }

    @Override
    public void setSchema(Schema schema) {
        throw new UnsupportedOperationException("the schema is that of the class");
    }
}
