/** What a command says, and how it ends. */
package io.millrace.cli.console;
