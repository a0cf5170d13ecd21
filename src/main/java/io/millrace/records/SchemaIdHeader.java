package io.millrace.records;

import org.apache.kafka.common.header.Headers;

/**
 * The header in which newer serializers of Confluent can put the id of a value's schema, instead of in front of the value. It holds a
 * GUID that only newer registries and clients know. Millrace does not read it, and says so where a record cannot be read for that reason.
 */
public final class SchemaIdHeader {
    private static final String NAME = "__value_schema_id";

    private SchemaIdHeader() {}

    /** Sentences for the reason why a value cannot be read, to be added behind a full stop; empty if the record has no such header. */
    public static String advice(Headers headers) {
        return headers.lastHeader(NAME) == null
                ? ""
                : " Its schema id is in the header " + NAME
                        + ", which Millrace does not read. Let the producer write the id"
                        + " in front of the value, as serializers do by default (PrefixSchemaIdSerializer)";
    }
}
