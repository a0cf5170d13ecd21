/**
 * Serdes for Avro records on Kafka with the schemas in {@code schemas/}, in the format of the Confluent Schema Registry
 * (a zero byte, the schema id in four bytes, Avro binary).
 *
 * <p>{@link io.millrace.records.AvroSerdes} is the entry point. Float arrays are copied in bulk: a block of an Avro
 * {@code array<float>} <em>is</em> little-endian float memory, so it is copied into a
 * {@link io.millrace.records.FloatVector} and not decoded element by element. The data on the wire is plain Avro.
 */
package io.millrace.records;
