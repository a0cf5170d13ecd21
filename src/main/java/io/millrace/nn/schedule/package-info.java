/** Learning rates as functions of the steps made: one schedule a file. */
package io.millrace.nn.schedule;
