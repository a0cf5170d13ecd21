/** Examples from CSV files. */
package io.millrace.cli.csv;
