/** The commands that use a running cluster. */
package io.millrace.cli.command;
