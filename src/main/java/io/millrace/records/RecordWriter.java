package io.millrace.records;

import java.io.IOException;
import org.apache.avro.AvroTypeException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.Encoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;

/**
 * Avro's own writer with two differences: a {@link FloatVector} is written as one block of memory, and a record may be
 * written with a schema whose field order differs from its class. Fields are then found by name.
 */
final class RecordWriter<T extends SpecificRecord> extends SpecificDatumWriter<T> {
    private final RecordBuffer buffer = new RecordBuffer();
    // Direct: it buffers nothing, so the floats can be written to the same buffer without it.
    private final BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(buffer, null);
    private final int id;

    RecordWriter(int id, Schema schema) {
        super(schema, new SpecificData());
        this.id = id;
    }

    /** The record in the registry's wire format, in a new array. */
    byte[] toBytes(T record) throws IOException {
        buffer.clear();
        buffer.write(0);
        buffer.writeInt(id);
        write(record, encoder);
        encoder.flush();
        return buffer.toByteArray();
    }

    @Override
    protected void writeArray(Schema schema, Object datum, Encoder out) throws IOException {
        if (datum instanceof FloatVector vector && schema.getElementType().getType() == Schema.Type.FLOAT) {
            float[] array = vector.array();
            out.writeArrayStart();
            out.setItemCount(array.length);
            buffer.writeFloats(array);
            out.writeArrayEnd();
        } else {
            super.writeArray(schema, datum, out);
        }
    }

    @Override
    protected void writeField(Object datum, Schema.Field field, Encoder out, Object state) throws IOException {
        Schema own = ((SpecificRecord) datum).getSchema();
        if (own.getFields().size() > field.pos()
                && own.getFields().get(field.pos()).name().equals(field.name())) {
            super.writeField(datum, field, out, state);
            return;
        }
        // The registry's schema has the field at another position, or has a field that this class does not know.
        Schema.Field ownField = own.getField(field.name());
        if (ownField == null && !field.hasDefaultValue()) {
            throw new AvroTypeException("schema id " + id + " requires the field \"" + field.name() + "\", which "
                    + own.getFullName() + " does not have and for which there is no default");
        }
        Object value =
                ownField == null ? getData().getDefaultValue(field) : ((SpecificRecord) datum).get(ownField.pos());
        write(field.schema(), value, out);
    }
}
