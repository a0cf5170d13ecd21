/** Kinds of records: each turns bytes into examples and requests, and a refused example back into bytes. */
package io.millrace.input;
