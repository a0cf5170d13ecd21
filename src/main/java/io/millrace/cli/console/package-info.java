/** The output of the commands, and their exits. */
package io.millrace.cli.console;
