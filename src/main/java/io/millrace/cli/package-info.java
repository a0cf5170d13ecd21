/** The commands of {@code bin/millrace}, one class each. */
package io.millrace.cli;
