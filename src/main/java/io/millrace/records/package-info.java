/**
 * Avro records on the wire of Kafka: serdes for the contracts in {@code schemas/}, in the format of the Confluent Schema
 * Registry (a zero byte, the schema id in four bytes, Avro binary).
 *
 * <p>{@link io.millrace.records.AvroSerdes} is the door. Float arrays travel in bulk: one block of an Avro {@code array<float>}
 * <em>is</em> little-endian float memory, so it is copied, not decoded element by element, into a
 * {@link io.millrace.records.FloatVector}. What is on the wire stays plain Avro.
 */
package io.millrace.records;
