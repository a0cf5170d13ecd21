package io.millrace.cli.topic;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.feature.value.BadValueException;
import io.millrace.feature.value.Moment;
import io.millrace.feature.value.TimeScale;
import io.millrace.feature.value.Value;
import io.millrace.feature.value.Zone;
import io.millrace.input.declared.AvroTimes;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/**
 * Plain JSON as a value of an Avro schema, without Avro's own names of branches. A field that is absent takes its default, or null. A
 * decimal is a number or the text of one, a date or time is a number or a text of ISO 8601, bytes are a text of Latin-1. Members that the
 * schema does not have are left out.
 */
final class AvroFromJson {
    private static final int MOST_SHOWN = 40;
    private static final Conversions.DecimalConversion DECIMALS = new Conversions.DecimalConversion();

    private AvroFromJson() {}

    /**
     * A record.
     *
     * @param schema of the record
     * @throws IllegalArgumentException with a sentence without full stop that names the field and its value
     */
    static GenericRecord record(JsonNode object, Schema schema) {
        return (GenericRecord) value(object, schema, "");
    }

    private static Object value(JsonNode node, Schema schema, String path) {
        return switch (schema.getType()) {
            case UNION -> branch(node, schema, path);
            case RECORD -> ofObject(node, schema, path);
            case MAP -> {
                require(node.isObject(), node, schema, path);
                Map<String, Object> map = new HashMap<>();
                node.properties()
                        .forEach(entry -> map.put(
                                entry.getKey(),
                                value(entry.getValue(), schema.getValueType(), inner(path, entry.getKey()))));
                yield map;
            }
            case ARRAY -> {
                require(node.isArray(), node, schema, path);
                List<Object> items = new ArrayList<>();
                node.forEach(item -> items.add(value(item, schema.getElementType(), path + "[]")));
                yield items;
            }
            case NULL -> {
                require(node.isNull(), node, schema, path);
                yield null;
            }
            default -> scalar(node, schema, path);
        };
    }

    private static GenericRecord ofObject(JsonNode node, Schema schema, String path) {
        require(node.isObject(), node, schema, path);
        GenericRecord record = new GenericData.Record(schema);
        for (Schema.Field field : schema.getFields()) {
            JsonNode member = node.get(field.name());
            String name = inner(path, field.name());
            if (member != null) {
                record.put(field.pos(), value(member, field.schema(), name));
            } else if (field.hasDefaultValue()) {
                record.put(field.pos(), GenericData.get().getDefaultValue(field));
            } else if (!field.schema().isNullable()) {
                throw new IllegalArgumentException(name + " is missing, and " + schema.getName() + " requires it");
            }
        }
        return record;
    }

    private static String inner(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** The first branch that takes the value; if none does, what the only branch besides null says. */
    private static Object branch(JsonNode node, Schema union, String path) {
        IllegalArgumentException refusal = null;
        for (Schema branch : union.getTypes()) {
            if (node.isNull() == (branch.getType() == Schema.Type.NULL)) {
                try {
                    return value(node, branch, path);
                } catch (IllegalArgumentException e) {
                    refusal = refusal == null ? e : none(node, union, path);
                }
            }
        }
        throw refusal == null ? none(node, union, path) : refusal;
    }

    private static IllegalArgumentException none(JsonNode node, Schema union, String path) {
        return refusal(
                node, path, union.getTypes().stream().map(AvroFromJson::name).collect(Collectors.joining(", ")));
    }

    private static Object scalar(JsonNode node, Schema schema, String path) {
        if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
            return decimal(node, schema, decimal, path);
        }
        switch (schema.getType()) {
            case INT -> {
                long whole = whole(node, schema, path);
                require(whole == (int) whole, node, schema, path);
                return (int) whole;
            }
            case LONG -> {
                return whole(node, schema, path);
            }
            case FLOAT -> {
                return (float) number(node, schema, path);
            }
            case DOUBLE -> {
                return number(node, schema, path);
            }
            case BOOLEAN -> {
                require(node.isBoolean(), node, schema, path);
                return node.booleanValue();
            }
            case ENUM -> {
                if (!node.isTextual() || !schema.hasEnumSymbol(node.textValue())) {
                    throw refusal(node, path, String.join(", ", schema.getEnumSymbols()));
                }
                return new GenericData.EnumSymbol(schema, node.textValue());
            }
            default -> {
                require(node.isTextual(), node, schema, path);
                return ofText(node, schema, path);
            }
        }
    }

    private static Object ofText(JsonNode node, Schema schema, String path) {
        if (schema.getType() == Schema.Type.STRING) {
            return node.textValue();
        }
        byte[] bytes = node.textValue().getBytes(StandardCharsets.ISO_8859_1);
        if (schema.getType() == Schema.Type.BYTES) {
            return ByteBuffer.wrap(bytes);
        }
        require(bytes.length == schema.getFixedSize(), node, schema, path);
        return new GenericData.Fixed(schema, bytes);
    }

    private static double number(JsonNode node, Schema schema, String path) {
        boolean named = node.isTextual() && node.textValue().matches("NaN|-?Infinity");
        require(node.isNumber() || named, node, schema, path);
        return named ? Double.parseDouble(node.textValue()) : node.doubleValue();
    }

    private static long whole(JsonNode node, Schema schema, String path) {
        TimeScale scale = AvroTimes.of(schema);
        if (node.isTextual() && scale != TimeScale.BY_MAGNITUDE) {
            return time(node, scale, path);
        }
        require(node.isNumber() && node.canConvertToExactIntegral() && node.canConvertToLong(), node, schema, path);
        return node.longValue();
    }

    /** Read as a feature of the type {@code time} reads it; without an offset as UTC. */
    private static long time(JsonNode node, TimeScale scale, String path) {
        byte[] text = node.textValue().getBytes(StandardCharsets.UTF_8);
        Value value = new Value();
        value.text(text, 0, text.length);
        Moment moment = new Moment();
        try {
            moment.read(value, path);
        } catch (BadValueException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        long second = moment.epochSecond(Zone.UTC);
        return switch (scale) {
            case DATE -> Math.floorDiv(second, 86_400L);
            case MILLIS_OF_DAY -> Math.floorMod(second, 86_400L) * 1000 + moment.nano() / 1_000_000;
            case MICROS_OF_DAY -> Math.floorMod(second, 86_400L) * 1_000_000 + moment.nano() / 1000;
            case MICROS, LOCAL_MICROS -> second * 1_000_000 + moment.nano() / 1000;
            case NANOS, LOCAL_NANOS -> second * 1_000_000_000 + moment.nano();
            default -> second * 1000 + moment.nano() / 1_000_000;
        };
    }

    private static Object decimal(JsonNode node, Schema schema, LogicalTypes.Decimal type, String path) {
        try {
            BigDecimal number = node.isTextual() ? new BigDecimal(node.textValue()) : node.decimalValue();
            require(node.isTextual() || node.isNumber(), node, schema, path);
            BigDecimal scaled = number.setScale(type.getScale());
            return schema.getType() == Schema.Type.BYTES
                    ? DECIMALS.toBytes(scaled, schema, type)
                    : DECIMALS.toFixed(scaled, schema, type);
        } catch (ArithmeticException | NumberFormatException | org.apache.avro.AvroTypeException e) {
            throw refusal(node, path, name(schema));
        }
    }

    private static void require(boolean fits, JsonNode node, Schema schema, String path) {
        if (!fits) {
            throw refusal(node, path, name(schema));
        }
    }

    private static IllegalArgumentException refusal(JsonNode node, String path, String expected) {
        String text = node.toString();
        String shown = text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "...";
        return new IllegalArgumentException(
                (path.isEmpty() ? "the record" : path) + " is " + shown + " where the schema has " + expected);
    }

    private static String name(Schema schema) {
        if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
            return "decimal(" + decimal.getPrecision() + "," + decimal.getScale() + ")";
        }
        return schema.getLogicalType() == null
                ? schema.getType().getName()
                : schema.getLogicalType().getName();
    }
}
