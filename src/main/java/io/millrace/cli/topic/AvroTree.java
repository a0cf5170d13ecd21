package io.millrace.cli.topic;

import io.millrace.feature.value.TimeScale;
import io.millrace.input.declared.AvroTimes;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;

/** A value of Avro as a JSON parser would give it, except that points in time are {@link Instant}s: maps, lists, texts, numbers. */
final class AvroTree {
    private static final Conversions.DecimalConversion DECIMALS = new Conversions.DecimalConversion();
    private static final long NANOS = 1_000_000_000;

    private AvroTree() {}

    /** @param datum as generic Avro reads it, without conversions of logical types */
    static Object of(Object datum, Schema schema) {
        return switch (schema.getType()) {
            case UNION -> of(datum, schema.getTypes().get(GenericData.get().resolveUnion(schema, datum)));
            case RECORD -> {
                Map<String, Object> fields = new LinkedHashMap<>();
                for (Schema.Field field : schema.getFields()) {
                    fields.put(field.name(), of(((IndexedRecord) datum).get(field.pos()), field.schema()));
                }
                yield fields;
            }
            case MAP -> {
                Map<String, Object> entries = new LinkedHashMap<>();
                ((Map<?, ?>) datum)
                        .forEach((key, value) -> entries.put(key.toString(), of(value, schema.getValueType())));
                yield entries;
            }
            case ARRAY -> {
                List<Object> items = new ArrayList<>();
                ((Iterable<?>) datum).forEach(item -> items.add(of(item, schema.getElementType())));
                yield items;
            }
            case STRING, ENUM -> datum.toString();
            case INT, LONG -> whole(((Number) datum).longValue(), AvroTimes.of(schema));
            case BYTES, FIXED -> bytes(datum, schema);
            default -> datum;
        };
    }

    private static Object bytes(Object datum, Schema schema) {
        if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
            return datum instanceof GenericFixed fixed
                    ? DECIMALS.fromFixed(fixed, schema, decimal)
                    : DECIMALS.fromBytes((ByteBuffer) datum, schema, decimal);
        }
        return datum;
    }

    private static Object whole(long number, TimeScale scale) {
        return switch (scale) {
            case BY_MAGNITUDE -> number;
            case DATE -> LocalDate.ofEpochDay(number).toString();
            case MILLIS, LOCAL_MILLIS, MILLIS_OF_DAY -> instant(number, NANOS / 1000);
            case MICROS, LOCAL_MICROS, MICROS_OF_DAY -> instant(number, 1000);
            case NANOS, LOCAL_NANOS -> instant(number, 1);
        };
    }

    private static Instant instant(long number, long nanos) {
        long perSecond = NANOS / nanos;
        return Instant.ofEpochSecond(Math.floorDiv(number, perSecond), Math.floorMod(number, perSecond) * nanos);
    }
}
