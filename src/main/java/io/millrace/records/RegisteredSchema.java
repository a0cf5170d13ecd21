package io.millrace.records;

import org.apache.avro.Schema;

/**
 * A schema in the registry.
 *
 * @param id its id
 * @param type its type as the registry names it: {@code AVRO}, {@code JSON}, {@code PROTOBUF}
 * @param avro the schema; null if it has another type
 * @param text the schema as it was registered
 */
public record RegisteredSchema(int id, String type, Schema avro, String text) {}
