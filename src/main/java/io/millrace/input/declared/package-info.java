/**
 * From the bytes of Avro and JSON records to the inputs, label, weight and event time that are declared. Both formats fill the same slots,
 * one for each declared path, and the rest is the same for both.
 */
package io.millrace.input.declared;
