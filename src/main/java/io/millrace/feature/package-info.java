/** Declared features: which fields of a record enter the model, and how. Knows no format of records. */
package io.millrace.feature;
