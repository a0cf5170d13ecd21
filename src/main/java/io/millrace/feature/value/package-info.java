/** Values of a record's fields, whatever the format of the record: as a number, as text, as a time. Allocates nothing for usual values. */
package io.millrace.feature.value;
