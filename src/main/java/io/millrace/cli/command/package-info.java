/** The commands on a running cluster. */
package io.millrace.cli.command;
