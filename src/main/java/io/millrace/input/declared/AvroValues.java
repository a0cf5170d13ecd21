package io.millrace.input.declared;

import io.millrace.learner.input.BadInputException;
import io.millrace.records.SchemaIdHeader;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;
import org.apache.avro.Schema;
import org.apache.kafka.common.header.Headers;

/**
 * Decodes Avro in the registry's wire format (a zero byte, the schema id as four bytes, Avro binary), with a plan for each writer's schema.
 * Allocates nothing once it has the plan.
 */
final class AvroValues implements RecordValues {
    private static final int HEADER_BYTES = 5;
    private static final VarHandle IDS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final FieldNode root;
    private final IntFunction<Schema> schemas;
    private final AvroBytes in = new AvroBytes();
    private final Map<Integer, Writer> byId = new HashMap<>();
    // The writer of the last record, which is nearly always that of the next one, too.
    private int lastId;
    private Writer last;

    private record Writer(String name, AvroPlan plan) {}

    /**
     * @param root the closed tree of the declared fields
     * @param schemas gives the schema of an id, and throws what {@link #decode} is to throw if it cannot
     */
    AvroValues(FieldNode root, IntFunction<Schema> schemas) {
        this.root = root;
        this.schemas = schemas;
    }

    @Override
    public void decode(byte[] value, Headers headers) {
        if (value.length < HEADER_BYTES) {
            throw new BadInputException("the record has " + value.length
                    + " bytes, fewer than the 5 bytes of magic and schema id of the registry's wire format");
        }
        if (value[0] != 0) {
            throw foreign(value[0], headers);
        }
        int id = (int) IDS.get(value, 1);
        if (last == null || id != lastId) {
            last = byId.computeIfAbsent(id, this::writer);
            lastId = id;
        }
        in.open(value, HEADER_BYTES, value.length);
        try {
            last.plan.run(in);
        } catch (MalformedException e) {
            throw new BadInputException("not valid as " + last.name + " (schema id " + id + "): " + e.getMessage());
        }
    }

    private static BadInputException foreign(byte first, Headers headers) {
        String advice = SchemaIdHeader.advice(headers);
        String json = first == '{' ? " It looks like JSON, which value.format=json reads" : "";
        return new BadInputException("the record starts with byte " + first
                + " where the registry's wire format has 0."
                + (advice.isEmpty() ? " Was it written without a schema registry serializer?" + json : advice));
    }

    private Writer writer(int id) {
        Schema schema = schemas.apply(id);
        return new Writer(schema.getFullName(), new AvroPlan(schema, root));
    }
}
