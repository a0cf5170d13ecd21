package io.millrace.input.declared;

/** Reads or skips a part of a record. */
interface AvroOperation {
    void run(AvroBytes in);
}
