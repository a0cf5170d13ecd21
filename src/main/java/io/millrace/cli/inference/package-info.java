/** What a field should be declared as, concluded from a sample of its values. Knows no format of records. */
package io.millrace.cli.inference;
