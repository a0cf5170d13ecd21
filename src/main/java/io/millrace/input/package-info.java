/** Kinds of records. Each decodes bytes into examples and requests, and encodes a refused example. */
package io.millrace.input;
