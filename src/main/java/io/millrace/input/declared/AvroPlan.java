package io.millrace.input.declared;

import io.millrace.feature.value.Slot;
import io.millrace.feature.value.TimeScale;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * How to read the records of one schema: a list of operations, which put the values of declared fields into their slots and step over all
 * others. It follows the writer's schema alone; no default of a later schema is put in, so that what a record means never changes.
 */
final class AvroPlan {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int UUID_BYTES = 16;
    private static final int UUID_CHARS = 36;

    private final AvroSkips skips = new AvroSkips();
    private final AvroOperation root;

    /** Compiles the plan for records of a schema. */
    AvroPlan(Schema schema, FieldNode node) {
        root = read(schema, node);
    }

    /** Reads a record. */
    void run(AvroBytes in) {
        root.run(in);
        if (in.remaining() > 0) {
            throw new MalformedException(in.remaining() + " bytes are left over");
        }
    }

    private AvroOperation read(Schema schema, FieldNode node) {
        if (node == null || node.slots().length == 0 && node.children().isEmpty()) {
            return skips.skip(schema);
        }
        return switch (schema.getType()) {
            case RECORD -> record(schema, node);
            case MAP -> map(schema, node);
            case ARRAY -> array(schema, node);
            case UNION -> union(schema, node);
            default -> value(schema, node.slots());
        };
    }

    private AvroOperation record(Schema schema, FieldNode node) {
        List<AvroOperation> fields = new ArrayList<>();
        int fixed = 0; // bytes to step over before the next field
        for (Schema.Field field : schema.getFields()) {
            FieldNode wanted = node.find(field.name());
            int bytes = wanted == null ? skips.fixedBytes(field.schema()) : -1;
            if (bytes >= 0) {
                fixed = Math.addExact(fixed, bytes);
            } else {
                addSkip(fields, fixed);
                fixed = 0;
                fields.add(read(field.schema(), wanted));
            }
        }
        addSkip(fields, fixed);
        AvroOperation[] operations = fields.toArray(AvroOperation[]::new);
        Slot[] slots = node.slots();
        return in -> {
            setRecord(slots);
            for (AvroOperation operation : operations) {
                operation.run(in);
            }
        };
    }

    private static void addSkip(List<AvroOperation> fields, int bytes) {
        if (bytes > 0) {
            fields.add(in -> in.skip(bytes));
        }
    }

    private static void setRecord(Slot[] slots) {
        for (Slot slot : slots) {
            slot.add().record();
        }
    }

    private AvroOperation map(Schema schema, FieldNode node) {
        List<FieldNode> nodes = new ArrayList<>(node.children().values());
        byte[][] keys = node.children().keySet().stream()
                .map(key -> key.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        AvroOperation[] values =
                nodes.stream().map(child -> read(schema.getValueType(), child)).toArray(AvroOperation[]::new);
        AvroOperation other = skips.skip(schema.getValueType());
        Slot[] slots = node.slots();
        return in -> {
            setRecord(slots);
            node.begin();
            for (int count = in.readBlock(); count > 0; count = in.readBlock()) {
                for (int i = 0; i < count; i++) {
                    int key = indexOf(keys, in.data(), in.readBytes(), in.at());
                    if (key < 0) {
                        other.run(in);
                    } else {
                        nodes.get(key).again();
                        values[key].run(in);
                    }
                }
            }
        };
    }

    private static int indexOf(byte[][] keys, byte[] data, int from, int to) {
        for (int i = 0; i < keys.length; i++) {
            if (Arrays.equals(keys[i], 0, keys[i].length, data, from, to)) {
                return i;
            }
        }
        return -1;
    }

    private AvroOperation array(Schema schema, FieldNode node) {
        if (skips.fixedBytes(schema.getElementType()) == 0) { // any number of items that have no value
            return skips.skip(schema);
        }
        AvroOperation item = read(schema.getElementType(), node);
        return in -> {
            for (int count = in.readBlock(); count > 0; count = in.readBlock()) {
                for (int i = 0; i < count; i++) {
                    item.run(in);
                }
            }
        };
    }

    private AvroOperation union(Schema schema, FieldNode node) {
        AvroOperation[] branches =
                schema.getTypes().stream().map(branch -> read(branch, node)).toArray(AvroOperation[]::new);
        return in -> branches[in.readIndex(branches.length)].run(in);
    }

    private AvroOperation value(Schema schema, Slot[] slots) {
        TimeScale asTime = AvroTimes.of(schema);
        return switch (schema.getType()) {
            case NULL ->
                in -> {
                    for (Slot slot : slots) {
                        slot.add().missing();
                    }
                };
            case BOOLEAN ->
                in -> {
                    boolean value = in.readBoolean();
                    for (Slot slot : slots) {
                        slot.add().bool(value);
                    }
                };
            case INT -> in -> whole(in.readInt(), asTime, slots);
            case LONG -> in -> whole(in.readLong(), asTime, slots);
            case FLOAT -> in -> real(in.readFloat(), slots);
            case DOUBLE -> in -> real(in.readDouble(), slots);
            case ENUM -> symbol(schema, slots);
            case STRING ->
                in -> {
                    int from = in.readBytes();
                    text(in.data(), from, in.at(), slots);
                };
            case BYTES, FIXED -> bytes(schema, slots);
            default -> throw new IllegalStateException("no single value: " + schema.getType());
        };
    }

    private static void whole(long value, TimeScale asTime, Slot[] slots) {
        for (Slot slot : slots) {
            slot.add().whole(value, asTime);
        }
    }

    private static void real(double value, Slot[] slots) {
        for (Slot slot : slots) {
            slot.add().real(value);
        }
    }

    private static void text(byte[] bytes, int from, int to, Slot[] slots) {
        for (Slot slot : slots) {
            slot.add().text(bytes, from, to);
        }
    }

    private static AvroOperation symbol(Schema schema, Slot[] slots) {
        byte[][] symbols = schema.getEnumSymbols().stream()
                .map(symbol -> symbol.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        return in -> {
            byte[] symbol = symbols[in.readIndex(symbols.length)];
            text(symbol, 0, symbol.length, slots);
        };
    }

    private static AvroOperation bytes(Schema schema, Slot[] slots) {
        boolean fixed = schema.getType() == Schema.Type.FIXED;
        int size = fixed ? schema.getFixedSize() : -1;
        if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
            int scale = decimal.getScale();
            return in -> {
                int from = fixed ? in.skip(size) : in.readBytes();
                for (Slot slot : slots) {
                    slot.add().decimal(in.data(), from, in.at(), scale);
                }
            };
        }
        if (size == UUID_BYTES
                && schema.getLogicalType() != null
                && schema.getLogicalType().getName().equals("uuid")) {
            return in -> {
                TextBuffer texts = in.texts();
                texts.reserve(UUID_CHARS);
                int from = texts.size();
                texts.end(writeUuid(in.data(), in.skip(UUID_BYTES), texts.bytes(), from));
                text(texts.bytes(), from, texts.size(), slots);
            };
        }
        return in -> {
            int from = fixed ? in.skip(size) : in.readBytes();
            for (Slot slot : slots) {
                slot.add().bytes(in.data(), from, in.at());
            }
        };
    }

    /** In the usual form, so that it is the same category as the text. */
    private static int writeUuid(byte[] data, int from, byte[] text, int start) {
        int to = start;
        for (int i = 0; i < UUID_BYTES; i++) {
            if (i == 4 || i == 6 || i == 8 || i == 10) {
                text[to++] = '-';
            }
            text[to++] = HEX[data[from + i] >> 4 & 0xf];
            text[to++] = HEX[data[from + i] & 0xf];
        }
        return to;
    }
}
