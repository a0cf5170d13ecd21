/** Learning rates as functions of the number of steps: one schedule a file. */
package io.millrace.nn.schedule;
