package io.millrace.input.declared;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/** Operations that step over values which nothing declared wants. Neighbours of fixed length become one step. */
final class AvroSkips {
    /** Records in one another, as in a list of records that link to the next. A stack is limited. */
    private static final int DEEPEST = 1000;

    private static final AvroOperation NOTHING = in -> {};

    private final Map<Schema, RecordSkip> records = new IdentityHashMap<>();
    private final Map<Schema, Integer> lengths = new IdentityHashMap<>();

    /** Steps over a value of this schema. */
    AvroOperation skip(Schema schema) {
        int bytes = fixedBytes(schema);
        if (bytes >= 0) {
            return bytes == 0 ? NOTHING : in -> in.skip(bytes);
        }
        return switch (schema.getType()) {
            case INT, LONG, ENUM -> AvroBytes::readLong;
            case STRING, BYTES -> AvroBytes::readBytes;
            case ARRAY -> items(skip(schema.getElementType()), fixedBytes(schema.getElementType()));
            case MAP -> entries(skip(schema.getValueType()));
            case UNION -> union(schema);
            case RECORD -> record(schema);
            default -> throw new IllegalStateException("of fixed length: " + schema.getType());
        };
    }

    private static AvroOperation items(AvroOperation item, int bytes) {
        return in -> {
            for (int count = in.skipBlock(bytes); count != AvroBytes.END; count = in.skipBlock(bytes)) {
                for (int i = 0; i < count; i++) {
                    item.run(in);
                }
            }
        };
    }

    private static AvroOperation entries(AvroOperation value) {
        return items(
                in -> {
                    in.readBytes();
                    value.run(in);
                },
                -1);
    }

    private AvroOperation union(Schema schema) {
        AvroOperation[] branches = schema.getTypes().stream().map(this::skip).toArray(AvroOperation[]::new);
        return in -> branches[in.readIndex(branches.length)].run(in);
    }

    private AvroOperation record(Schema schema) {
        RecordSkip known = records.get(schema);
        if (known == null) {
            known = new RecordSkip();
            records.put(schema, known); // before its fields: it may contain itself
            List<AvroOperation> fields = new ArrayList<>();
            schema.getFields().forEach(field -> fields.add(skip(field.schema())));
            known.fields = fields.toArray(AvroOperation[]::new);
        }
        return known;
    }

    private static final class RecordSkip implements AvroOperation {
        private AvroOperation[] fields;

        @Override
        public void run(AvroBytes in) {
            if (in.enter() > DEEPEST) {
                throw new MalformedException("more than " + DEEPEST + " records are in one another");
            }
            for (AvroOperation field : fields) {
                field.run(in);
            }
            in.leave();
        }
    }

    /** Length of each value of a schema; -1 if it is not fixed. */
    int fixedBytes(Schema schema) {
        return switch (schema.getType()) {
            case NULL -> 0;
            case BOOLEAN -> 1;
            case FLOAT -> Float.BYTES;
            case DOUBLE -> Double.BYTES;
            case FIXED -> schema.getFixedSize();
            case RECORD -> fixedBytesOfRecord(schema);
            default -> -1;
        };
    }

    private int fixedBytesOfRecord(Schema schema) {
        Integer known = lengths.get(schema);
        if (known != null) {
            return known;
        }
        lengths.put(schema, -1); // inside of itself
        long sum = 0;
        for (Schema.Field field : schema.getFields()) {
            int bytes = fixedBytes(field.schema());
            sum = sum < 0 || bytes < 0 || sum + bytes > Integer.MAX_VALUE ? -1 : sum + bytes;
        }
        lengths.put(schema, (int) sum);
        return (int) sum;
    }
}
